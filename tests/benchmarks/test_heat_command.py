"""The heat benchmark as a command: quick, resumable, in the page's form, and on the real data."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.benchmark_studies import study_named
from aespa_core.analysis.benchmark_tables import read_places, read_predictions, read_results
from aespa_core.analysis.leaderboard import leaderboard, splits_in
from aespa_core.analysis.residuals import methods_tested, tract_errors
from aespa_core.benchmarks import heat_benches, heat_methods, heat_world, table
from aespa_core.benchmarks.heat import bench_rows, run_bench
from aespa_core.benchmarks.heat_benches import QUICK, REAL_METROS, quick_world, real_bench
from aespa_core.benchmarks.heat_methods import IMAGELESS, TEACHER
from aespa_core.benchmarks.heat_plan import ALL, SplitTask
from aespa_core.benchmarks.heat_scores import DAY
from aespa_core.datasets.heat.samples import read_samples
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT
from aespa_core.sources.metro_study import ingest_metro
from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import validate_study


@pytest.fixture
def apart(monkeypatch, tmp_path):
    """Keep runs and tables out of the project's own folders."""
    monkeypatch.setattr(heat_benches, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(heat_world, "NUMBERS", tmp_path / "numbers")
    for module in (heat_benches, table):
        monkeypatch.setattr(module, "FOLDER", tmp_path / "assets")
    return tmp_path


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_quick_run_scores_every_method_and_goes_on_where_it_was(aespa, apart):
    answers, tables, spoken = [], [], []
    for words in (("--out", apart / "out"), ("--out", apart / "again"), ()):
        code, said, error = aespa("bench", "heat", "--quick", "--cores", 1, "--json", *words)
        assert code == 0, error
        spoken.append(json.loads(said))
        files = sorted((apart / "runs").rglob("*.parquet"))
        answers.append([(path.name, path.stat().st_mtime_ns) for path in files])
        if words:
            tables.append(read_results(words[1] / "heat.csv"))
    # nothing is fitted again, and without a folder nothing is written
    assert answers[0] == answers[1] == answers[2] != []
    assert tables[0].equals(tables[1])
    assert spoken[2]["rows"] == spoken[0]["rows"]
    assert spoken[2]["table"] is None
    assert not (apart / "assets").exists()

    # the page's own readers
    study = study_named(QUICK)
    predictions = read_predictions(apart / "out" / "heat_predictions.parquet")
    places = read_places(apart / "out" / "heat_places.parquet")
    assert study.simulated
    assert set(splits_in(tables[0], study)) == {BLOCKS, METRO_OUT}
    for split in (BLOCKS, METRO_OUT):
        board = leaderboard(tables[0], study, split, ALL, DAY)
        known = tables[0][(tables[0]["split"] == split) & (tables[0]["metro"] == ALL)]
        assert set(known.loc[known["metric"] == "mae", "method"]) == set(IMAGELESS)
        # one metro does not tell how hot another is, but it tells where in it
        metric = "mae" if split == BLOCKS else "mae_within"
        assert board.row("metro_mean")[metric] > 1.3 * board.row(TEACHER)[metric]
        assert (board.row(TEACHER).violations, board.row("aespa_student").violations) == (0, 0)
        assert board.row(TEACHER).moves > 0
        assert set(methods_tested(predictions, study, split, ALL)) == set(IMAGELESS)
        ours = tract_errors(predictions, study, split, ALL, TEACHER).rows
        assert ours["residual_c"].abs().mean() == pytest.approx(
            board.row(TEACHER).error_c, abs=1e-3
        )
        assert set(ours["geoid"]) <= set(places["geoid"])
        if split == METRO_OUT:
            assert set(ours["metro"]) == {quick_world().metros[-1]}


def test_real_data_without_a_mirror_is_a_sentence(aespa, apart, monkeypatch):
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    code, _, error = aespa("bench", "heat", "--study", "seattle_minneapolis", "--cores", 1)
    assert code == 2
    assert "AESPA_DATA_MIRROR" in error
    assert not [path for path in apart.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--study", "atlantis"), "choose twin or seattle_minneapolis"),
        (("--quick", "--study", "seattle_minneapolis"), "leave out --study seattle_minneapolis"),
    ],
)
def test_an_unknown_study_is_a_sentence(aespa, apart, words, told):
    code, _, error = aespa("bench", "heat", *words)
    assert code == 2
    assert told in error


@pytest.fixture
def real(mirror, apart, monkeypatch):
    """Plan the real benchmark, and ingest its study."""
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(mirror))
    bench = real_bench(1)
    shares = []
    bench.build_if_missing(shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    return bench


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_real_metros_are_one_study_and_ours_beats_their_means(real, apart, monkeypatch):
    assert validate_study(real.path) == []
    samples = read_samples(open_study(real.path))
    moving = np.isfinite(samples.mobility).all((1, 2))
    counted = {
        str(metro): (int((samples.metro == metro).sum()), int((moving & own).sum()))
        for metro in REAL_METROS
        for own in [(samples.metro == metro) & np.isfinite(samples.lst_day_c)]
    }
    # tracts, and those with both a temperature and a whole week
    assert counted == {"seattle": (719, 631), "minneapolis": (785, 628)}
    # as each metro alone
    alone = read_samples(ingest_metro("minneapolis", apart / "alone"))
    rows = samples.rows(samples.metro == "minneapolis")
    assert rows.geoid.tolist() == alone.geoid.tolist()
    np.testing.assert_array_equal(rows.lst_day_c, alone.lst_day_c)
    np.testing.assert_array_equal(rows.mobility, alone.mobility)

    one = dataclasses.replace(heat_methods.experiment("tables_only"), members=1)
    monkeypatch.setattr(heat_methods, "experiment", lambda name: one)
    small = dataclasses.replace(
        real, tasks=(SplitTask(BLOCKS, ALL, 0, ("metro_mean", "proxy_ridge", TEACHER)),)
    )
    world, answers = run_bench(small)
    scores = pd.DataFrame(map(vars, bench_rows(small.study, world, answers)))
    board = scores[scores["metro"] == ALL].pivot_table("value", "method", "metric")
    assert board.loc[TEACHER, "mae"] < 0.75 * board.loc["metro_mean", "mae"]
    assert board.loc[TEACHER, "violations"] == 0
    # only vegetation and canopy were measured, so only they can be moved
    assert board.loc[TEACHER, "moves"] == 2 * len(answers[answers["method"] == TEACHER])


def test_labels_of_real_tracts_do_not_ship(apart):
    assert real_bench(1).singles.is_relative_to(apart / "runs")
