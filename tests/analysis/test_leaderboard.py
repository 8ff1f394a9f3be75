"""Leaderboards say what the estimates say, name what is missing, and own up where we lose."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.benchmark_studies import studies_in, study_named
from aespa_core.analysis.benchmark_tables import (
    PREDICTIONS,
    read_places,
    read_predictions,
    read_results,
)
from aespa_core.analysis.comparison import BETTER, REFERENCE, UNCLEAR, UNTESTED, WORSE
from aespa_core.analysis.leaderboard import (
    ablations,
    by_metro,
    leaderboard,
    metros_in,
    splits_in,
    targets_in,
)
from aespa_core.analysis.leaderboard_words import ablation_words, facts, headline, metro_words
from aespa_core.analysis.residuals import (
    against_metro,
    residual_places,
    residual_words,
    tract_errors,
)
from aespa_core.analysis.transfer import transfer, transfer_words
from aespa_core.errors import ArtifactError
from aespa_core.studies.catalogue import ROOT
from tests.made_leaderboard import ABLATED_C, BLOCKS, METRO_OUT

TWIN, REAL = study_named("twin"), study_named("seattle_minneapolis")
DAY = "lst_day_c"


@pytest.fixture(scope="module")
def results(made_benchmark):
    return read_results(made_benchmark / "heat.csv")


@pytest.fixture(scope="module")
def predictions(made_benchmark):
    return read_predictions(made_benchmark / PREDICTIONS)


def errors_table(**errors: dict[int, float]) -> pd.DataFrame:
    """Write a table of MAE by method and seed."""
    rows = [
        ("twin", method, "all", BLOCKS, DAY, seed, "mae", value, "°C")
        for method, by_seed in errors.items()
        for seed, value in by_seed.items()
    ]
    return table_of(rows)


def table_of(rows: list[tuple]) -> pd.DataFrame:
    names = ["study", "method", "metro", "split", "target", "seed", "metric", "value", "unit"]
    return pd.DataFrame(rows, columns=names)


def with_interval(table: pd.DataFrame, method: str, seed: int, low: float, high: float):
    head = ("twin", method, "all", BLOCKS, DAY, seed)
    values = {"": (low + high) / 2, "_low": low, "_high": high}
    rows = [(*head, f"mae_difference{name}", value, "°C") for name, value in values.items()]
    return pd.concat([table, table_of(rows)], ignore_index=True)


@pytest.mark.parametrize("metro", ["all", "miami"])
def test_errors_are_those_of_the_single_estimates(results, predictions, metro):
    board = leaderboard(results, TWIN, BLOCKS, metro, DAY)
    chosen = predictions[predictions["split"] == BLOCKS]
    if metro != "all":
        chosen = chosen[chosen["metro"] == metro]
    for row in board.rows.itertuples():
        runs = chosen[chosen["method"] == row.method].groupby("seed")
        maes = [np.mean(np.abs(run["estimate_c"] - run["lst_day_c"])) for _, run in runs]
        assert row.error_c == pytest.approx(np.mean(maes))
        assert row.seeds == len(maes)
    assert board.rows["error_c"].is_monotonic_increasing
    assert not set(ABLATED_C) & set(board.rows["method"])


def test_what_is_missing_stays_missing_and_is_named(results):
    board = leaderboard(results, TWIN, METRO_OUT, "all", DAY)
    assert board.absent == ("Tile2Vec",)
    assert np.isnan(board.row("resnet")["coverage_90"])
    assert np.isnan(board.row("resnet")["moves"])
    assert np.isnan(board.row("metro_mean")["pearson_within"])
    assert board.rows["spread_c"].isna().all()  # one seed has no spread
    assert board.row("tile2vec") is None


def test_counts_add_up_over_seeds_and_shares_are_averaged(results):
    board = leaderboard(results, TWIN, BLOCKS, "all", DAY)
    soft = board.row("aespa_soft")
    assert (soft["moves"], soft["violations"]) == (10_000, 1_200)
    assert board.row("aespa")["share_through_curves"] == pytest.approx(0.71)


def test_without_a_paired_difference_only_common_seeds_count():
    table = errors_table(aespa={0: 1.0, 1: 3.0}, resnet={0: 1.5})
    row = leaderboard(table, TWIN, BLOCKS, "all", DAY).row("resnet")
    assert row["difference_c"] == pytest.approx(0.5)
    assert row["verdict"] == UNTESTED


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.1, 0.2, WORSE), (-0.2, -0.1, BETTER), (-0.1, 0.2, UNCLEAR), (0.0, 0.2, UNCLEAR)],
)
def test_a_verdict_is_clear_when_the_interval_leaves_zero_out(low, high, verdict):
    table = with_interval(errors_table(aespa={0: 1.0}, resnet={0: 1.1}), "resnet", 0, low, high)
    board = leaderboard(table, TWIN, BLOCKS, "all", DAY)
    assert board.row("resnet")["verdict"] == verdict
    assert board.row("aespa")["verdict"] == REFERENCE


def test_one_seed_that_holds_zero_takes_the_clearness_away():
    table = errors_table(aespa={0: 1.0, 1: 1.0}, resnet={0: 1.2, 1: 1.1})
    table = with_interval(table, "resnet", 0, 0.1, 0.3)
    assert leaderboard(table, TWIN, BLOCKS, "all", DAY).row("resnet")["verdict"] == WORSE
    table = with_interval(table, "resnet", 1, -0.1, 0.3)
    row = leaderboard(table, TWIN, BLOCKS, "all", DAY).row("resnet")
    assert (row["low_c"], row["high_c"], row["verdict"]) == (-0.1, 0.3, UNCLEAR)


def test_the_headline_owns_up_when_we_are_beaten(results):
    said = headline(leaderboard(results, REAL, BLOCKS, "all", DAY))
    assert said == (
        "In Seattle and Minneapolis AESPA’s mean absolute error is 0.85 °C, 5 % above the best of "
        "2 other methods (Proxy ridge, 0.81 °C), a clear difference."
    )


def test_the_headline_without_rivals_or_without_us():
    alone = leaderboard(errors_table(aespa={0: 1.0}), TWIN, BLOCKS, "all", DAY)
    assert "no other method was run" in headline(alone)
    others = leaderboard(errors_table(resnet={0: 1.0}), TWIN, BLOCKS, "all", DAY)
    assert "AESPA itself was not run" in headline(others)
    assert facts(others) == []
    same = errors_table(aespa={0: 1.0}, resnet={0: 1.001})
    assert "about the same as" in headline(leaderboard(same, TWIN, BLOCKS, "all", DAY))


def test_facts_tell_simple_methods_students_intervals_and_physics(results):
    said = " ".join(facts(leaderboard(results, TWIN, BLOCKS, "all", DAY)))
    for words in (
        "Against something simple",
        "Without movement data",
        "How sure",
        "none the wrong",
    ):
        assert words in said
    assert "1,200 (12.0 %) of 10,000" in said


def test_a_simulated_metro_is_called_simulated(results):
    assert leaderboard(results, TWIN, BLOCKS, "miami", DAY).place == "simulated Miami"
    assert study_named("something_new").simulated


def test_choices_come_in_the_order_that_matters(results):
    assert [study.id for study in studies_in(results)] == ["twin", "seattle_minneapolis"]
    assert splits_in(results, TWIN) == [BLOCKS, METRO_OUT, "random"]
    assert targets_in(results, TWIN, BLOCKS) == [DAY]
    assert metros_in(results, TWIN, BLOCKS, DAY) == ["all", "boston", "miami", "seattle"]


def test_a_choice_without_numbers_is_an_error(results):
    with pytest.raises(ArtifactError, match="choose another split or metro"):
        leaderboard(results, TWIN, BLOCKS, "atlantis", DAY)


def test_ablations_compare_the_student_with_the_student(results):
    rows = ablations(results, TWIN, BLOCKS, "all", DAY).rows.set_index("method")
    assert set(rows.index) == set(ABLATED_C)
    one_seed = results[
        (results["study"] == "twin")
        & (results["split"] == BLOCKS)
        & (results["metro"] == "all")
        & (results["seed"] == 0)
        & (results["metric"] == "mae")
    ].set_index("method")["value"]
    student = rows.loc["aespa_student_no_distillation"]
    assert student["reference"] == "AESPA (student)"
    for method, reference in (
        ("aespa_student_no_distillation", "aespa_student"),
        ("aespa_no_street", "aespa"),
    ):
        assert rows.loc[method, "reference_c"] == pytest.approx(one_seed[reference])
        gap = one_seed[method] - one_seed[reference]
        assert rows.loc[method, "difference_c"] == pytest.approx(gap)
    assert rows["difference_c"].is_monotonic_decreasing


def test_ablations_say_so_when_a_part_is_not_missed():
    table = errors_table(aespa={0: 1.0}, aespa_no_street={0: 0.9})
    said = ablation_words(ablations(table, TWIN, BLOCKS, "all", DAY))
    assert said.startswith("No part is missed")
    nothing = ablations(errors_table(aespa={0: 1.0}), TWIN, BLOCKS, "all", DAY)
    assert ablation_words(nothing) == "No model with a part left out was run here."


def test_metros_where_we_err_most_come_first(results):
    board = leaderboard(results, TWIN, BLOCKS, "all", DAY)
    found = by_metro(results, board)
    ours = found.matrix.loc["AESPA (teacher)"]
    assert ours.is_monotonic_decreasing
    miami = leaderboard(results, TWIN, BLOCKS, "miami", DAY).row("resnet")["error_c"]
    assert found.matrix.loc["ResNet", "miami"] == pytest.approx(miami)
    assert "of 3 places" in metro_words(found)


def test_transfer_has_the_metro_learned_in_as_row(results):
    matrix = transfer(results, TWIN, "mae_within", DAY).matrix
    assert list(matrix.index) == list(matrix.columns) == ["boston", "miami", "seattle"]
    assert np.isnan(np.diag(matrix)).all()
    assert matrix.loc["boston", "seattle"] == pytest.approx(0.4)
    assert transfer_words(transfer(results, TWIN, "mae_within", DAY)).startswith(
        "The model learned in Miami travels best (0.35 °C"
    )
    assert "Miami travels best (0.85" in transfer_words(
        transfer(results, TWIN, "pearson_within", DAY)
    )
    assert transfer(results, REAL, "mae_within", DAY).matrix.empty


def test_a_residual_is_positive_where_the_estimate_is_too_cool(predictions):
    found = tract_errors(predictions, TWIN, BLOCKS, "seattle", "aespa")
    rows = found.rows
    np.testing.assert_allclose(rows["estimate_c"] + rows["residual_c"], rows["observed_c"])
    assert set(rows["metro"]) == {"seattle"}
    # a constant estimate is too cool where it is hottest
    assert (
        "too cool"
        in residual_words(
            tract_errors(predictions, TWIN, METRO_OUT, "all", "metro_mean"), "Metro mean"
        ).split("hottest")[1]
    )


def test_against_the_metro_changes_no_residual(predictions):
    found = tract_errors(predictions, TWIN, BLOCKS, "all", "aespa")
    rows = against_metro(found).rows
    np.testing.assert_allclose(rows["observed_c"] - rows["estimate_c"], found.rows["residual_c"])
    means = rows.groupby(["metro", "seed"])["observed_c"].mean()
    np.testing.assert_allclose(means, 0, atol=1e-9)


def test_each_tested_tract_is_placed_once(predictions, made_benchmark):
    places = read_places(made_benchmark / "heat_places.parquet")
    found = tract_errors(predictions, TWIN, METRO_OUT, "all", "aespa")
    table = residual_places(found, places, TWIN)
    assert table["geoid"].is_unique
    assert list(table.loc[table["x_km"].isna(), "geoid"]) == ["10001000000"]
    assert table["residual_c"].abs().is_monotonic_decreasing


def test_an_unknown_method_or_metro_is_an_error(predictions):
    with pytest.raises(ArtifactError, match="choose another method or split"):
        tract_errors(predictions, TWIN, BLOCKS, "all", "nobody")


def test_the_shipped_tract_benchmark_reads_as_a_leaderboard():
    path = ROOT / "assets" / "benchmarks" / "tracts.csv"
    study = study_named("tnc_urban_areas")
    board = leaderboard(read_results(path), study, "leave_one_area_out", "all", "lst_day")
    raw = pd.read_csv(path, low_memory=False)
    raw = raw[(raw["metro"] == "all") & (raw["target"] == "lst_day")]
    raw = raw[raw["split"] == "leave_one_area_out"].set_index(["method", "metric"])["value"]
    for row in board.rows.itertuples():
        assert row.error_c == raw[row.method, "rmse"]
        if row.method != "aespa":
            assert row.low_c == raw[row.method, "rmse_minus_aespa_low95"]
    assert board.row("aespa")["width_90"] == raw["aespa", "interval_width"]


def write(folder, table: pd.DataFrame):
    table.to_csv(folder / "heat.csv", index=False)
    return folder / "heat.csv"


@pytest.fixture
def sound(made_benchmark) -> pd.DataFrame:
    return pd.read_csv(made_benchmark / "heat.csv")


def test_a_missing_table_names_the_command(tmp_path):
    for name, read in (
        ("heat.csv", read_results),
        ("heat_predictions.parquet", read_predictions),
        ("heat_places.parquet", read_places),
    ):
        with pytest.raises(ArtifactError, match="aespa bench heat --study twin"):
            read(tmp_path / name)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda t: t.drop(columns=["unit", "seed"]), "lacks the columns seed, unit"),
        (lambda t: pd.concat([t, t.head(2)]), "2 numbers twice, first twin, aespa"),
        (lambda t: t.assign(unit="K"), "in 'K' instead of °C"),
        (lambda t: t.assign(value="high"), "text in the column value"),
    ],
)
def test_a_garbled_table_is_a_sentence(tmp_path, sound, spoil, words):
    with pytest.raises(ArtifactError, match=words):
        read_results(write(tmp_path, spoil(sound)))


def test_an_unreadable_file_is_a_sentence(tmp_path):
    (tmp_path / "heat_places.parquet").write_bytes(b"no parquet")
    with pytest.raises(ArtifactError, match="cannot be read"):
        read_places(tmp_path / "heat_places.parquet")
    (tmp_path / "heat.csv").write_bytes(b"")
    with pytest.raises(ArtifactError, match="cannot be read"):
        read_results(tmp_path / "heat.csv")
