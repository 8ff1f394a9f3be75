"""The benchmark of scenarios finds what is wrong, and nothing where nothing is."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.analysis.budget_objective import LABELS
from aespa_core.benchmarks import budget_cases
from aespa_core.benchmarks.table import read_rows
from aespa_core.benchmarks.whatif import bench_whatif, enlarged
from aespa_core.benchmarks.whatif_checks import (
    SPLITS,
    Count,
    beyond,
    chance_scenario,
    checked,
    place_of,
    played,
)
from aespa_core.errors import StudyError
from tests.analysis.scenarios.made_metro import made_baseline, write_made_atlas, write_made_study

PLACE = place_of(made_baseline())


def counted(place, split="many_tracts", scenarios=40):
    """Play chance scenarios on a place."""
    rng, total = np.random.default_rng(0), Count()
    for _ in range(scenarios):
        total = total.plus(checked(place, chance_scenario(place, split, rng), rng))
    return total


@pytest.mark.parametrize("split", SPLITS)
def test_nothing_is_wrong_with_curves_of_the_expected_signs(split):
    count = counted(PLACE, split)
    assert (count.scenarios, count.warmings, count.beyond_limit, count.not_restored) == (
        40,
        0,
        0,
        0,
    )


def test_a_curve_that_warms_is_found():
    responses = PLACE.baseline.responses
    turned = replace(responses, line=-responses.line, weight=-responses.weight)
    count = counted(replace(PLACE, baseline=replace(PLACE.baseline, responses=turned)))
    assert count.warmings == 40
    assert count.worst_warming_c > 0.1


def test_a_limit_that_is_passed_is_found():
    """Scale nothing back together: some proxy leaves what was learned on."""
    wide = replace(PLACE.limits, highest=PLACE.limits.highest * 3, lowest=PLACE.limits.lowest * 3)
    loose = replace(PLACE, limits=replace(wide, share=np.minimum(3 * PLACE.limits.share, 1.0)))
    rng = np.random.default_rng(0)
    found = [
        beyond(PLACE, played(loose, chance_scenario(loose, "many_tracts", rng))) for _ in range(20)
    ]
    assert sum(found) > 10


def test_a_large_metro_is_the_small_one_repeated():
    large = enlarged(PLACE.baseline, 1_300)
    assert len(large.frame) == len(large.responses.geoid) == 1_440
    assert large.frame.index.is_unique
    np.testing.assert_array_equal(large.responses.line[:, 144:288], PLACE.baseline.responses.line)


def test_the_command_counts_spends_and_times(aespa, tmp_path, monkeypatch):
    monkeypatch.setattr(budget_cases, "RUNS", tmp_path / "runs")
    studies = write_made_study(tmp_path / "town").path, write_made_atlas(tmp_path / "atlas").path
    code, said, _ = aespa("bench", "whatif", *studies, "--quick", "--out", tmp_path)
    assert code == 0
    assert "whatif.csv" in said
    assert "below the bound (%)" in said
    assert "No budget was spent in atlas, gridville: " in said
    rows = read_rows("whatif", tmp_path)
    assert set(rows["study"]) == {"town", "atlas"}
    wrong = rows[rows["metric"].isin(["warmings", "beyond_limit", "not_restored"])]
    assert (wrong["value"] == 0).all()
    assert len(wrong) == 2 * 2 * 3
    assert rows.loc[rows["metric"] == "scenarios", "value"].tolist() == [20.0] * 4
    assert (rows.loc[rows["metric"].str.startswith("seconds"), "value"] > 0).all()
    spent = rows[rows["split"] == "0.01_of_everything"]
    assert set(spent["study"]) == {"town"}  # the atlas has no land areas, so no prices
    assert set(spent["target"]) == {f"budget_{name}" for name in LABELS}
    cooling = spent[spent["metric"] == "cooling"].pivot(
        index="target", columns="method", values="value"
    )
    assert (cooling["best"] >= cooling[["greedy", "uniform"]].max(axis=1)).all()
    assert spent.loc[(spent["method"] == "best") & (spent["metric"] == "gap"), "value"].max() < 0.01
    assert len(list((tmp_path / "runs").glob("town_gridville_*.json"))) == len(LABELS)


def test_without_a_study_that_answers_it_says_so(aespa, nothing_shipped):
    code, _, said = aespa("bench", "whatif", "--quick")
    assert (code, "No study of the list has responses" in said) == (2, True)


def test_a_study_that_can_answer_no_measure_says_so(tmp_path):
    path = write_made_study(tmp_path / "town", ("ndvi",)).path
    with pytest.raises(StudyError, match="can answer no measure"):
        bench_whatif([path], 2, 0)


def test_rows_of_the_same_seed_are_the_same(tmp_path):
    path = write_made_study(tmp_path / "town").path
    first, again = (bench_whatif([path], 6, 3, repeats=1)[:10] for _ in range(2))
    assert first == again
