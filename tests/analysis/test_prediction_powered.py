"""Prediction-powered correction: its two identities, and a model whose error goes with income."""

import numpy as np
import pytest

from aespa_core.analysis.exposure.people import groups_by_income
from aespa_core.analysis.prediction_powered import corrected_exposure, corrected_slopes
from aespa_core.analysis.regression.least_squares import least_squares
from aespa_core.errors import StudyError
from tests.analysis.exposure.made_tracts import made_blocks, made_tracts

TRUE_SLOPE, BIAS = -1.0, 0.6


class World:
    """360 tracts in 30 blocks; a model that is too warm for the rich; labels in some tracts."""

    def __init__(self, seed, labelled=0.4) -> None:
        rng = np.random.default_rng(seed)
        self.blocks = np.repeat(np.arange(30), 12)
        income = rng.normal(size=30)[self.blocks] + rng.normal(size=360)
        self.income = (income - income.mean()) / income.std()
        self.x = np.column_stack([self.income, np.ones(360)])
        self.weights = rng.uniform(500, 5000, 360)
        truth = 34 + TRUE_SLOPE * self.income + rng.normal(0, 0.5, 30)[self.blocks]
        self.truth = truth + rng.normal(0, 0.5, 360)
        self.predicted = self.truth + BIAS * self.income + rng.normal(0, 0.3, 360)
        self.observed = np.where(rng.uniform(size=360) < labelled, self.truth, np.nan)

    def slopes(self, predicted, observed):
        """Correct the slope of income."""
        return corrected_slopes(self.x, self.weights, predicted, observed, self.blocks, ["income"])


def test_labels_everywhere_leave_nothing_of_the_predictions():
    world = World(0)
    found = world.slopes(world.predicted, world.truth)
    slope = least_squares(world.truth, world.x, world.weights).coefficients[0]
    assert found.corrected == found.observed
    assert found.corrected[0].estimate == slope
    assert found.labelled == found.tracts == 360


def test_right_predictions_are_left_alone():
    world = World(0)
    found = world.slopes(world.truth, world.observed)
    assert found.corrected[0].estimate == pytest.approx(found.predicted[0].estimate, abs=1e-12)
    assert found.corrected[0].std_error == pytest.approx(found.predicted[0].std_error, rel=1e-9)
    assert found.labelled < found.tracts == 360
    assert found.blocks == 30


def test_corrected_is_near_the_truth_where_the_model_is_not():
    found = [World(seed) for seed in range(20)]
    found = [world.slopes(world.predicted, world.observed) for world in found]
    corrected, alone, labels = (
        [getattr(one, name)[0] for one in found] for name in ("corrected", "predicted", "observed")
    )
    assert np.mean([e.estimate for e in corrected]) == pytest.approx(TRUE_SLOPE, abs=0.05)
    assert np.mean([e.estimate for e in alone]) == pytest.approx(TRUE_SLOPE + BIAS, abs=0.05)
    assert sum(e.low95 <= TRUE_SLOPE <= e.high95 for e in corrected) >= 17
    assert not any(e.low95 <= TRUE_SLOPE <= e.high95 for e in alone)
    # predictions are worth something: labels alone know less
    assert np.mean([e.std_error for e in corrected]) < np.mean([e.std_error for e in labels])


def test_gaps_are_corrected_as_slopes_are():
    tracts, blocks = made_tracts(), made_blocks()
    truth = tracts["lst_day_c"].to_numpy()
    rank = tracts["median_household_income_usd"].rank(pct=True).to_numpy() - 0.5
    tracts["predicted"] = truth + 3 * rank
    observed = np.where(np.random.default_rng(2).uniform(size=120) < 0.6, truth, np.nan)
    found = corrected_exposure(
        groups_by_income(tracts, "predicted"), tracts["predicted"].to_numpy(), observed, blocks
    )
    true_gap = corrected_exposure(
        groups_by_income(tracts, "lst_day_c"), truth, truth, blocks
    ).observed[-1]
    corrected, alone = found.corrected[-1], found.predicted[-1]
    assert corrected.term == "Poorest minus richest fifth"
    assert corrected.low95 <= true_gap.estimate <= corrected.high95
    assert alone.high95 < true_gap.estimate
    assert abs(corrected.estimate - true_gap.estimate) < 0.3
    assert len(found.corrected) == 6


def test_gap_is_the_difference_of_the_means_and_means_take_the_labels_level():
    tracts, blocks = made_tracts(), made_blocks()
    truth = tracts["lst_day_c"].to_numpy()
    tracts["anomaly_c"] = truth - np.median(truth)
    found = corrected_exposure(
        groups_by_income(tracts, "anomaly_c"), tracts["anomaly_c"].to_numpy(), truth, blocks
    )
    poorest, *_, richest, gap = (e.estimate for e in found.corrected)
    assert gap == pytest.approx(poorest - richest)
    assert poorest == pytest.approx(found.predicted[0].estimate + np.median(truth))


def test_tracts_without_a_prediction_are_counted():
    world = World(1)
    world.predicted[:5] = np.nan
    found = world.slopes(world.predicted, world.observed)
    assert (found.dropped, found.tracts) == (5, 355)


def test_a_group_without_labels_is_missing_and_the_rest_stays():
    tracts, blocks = made_tracts(), made_blocks()
    groups = groups_by_income(tracts, "lst_day_c")
    y = tracts["lst_day_c"].to_numpy()
    observed = np.where(groups.weights[:, 0] > 0, np.nan, y)
    poorest, second, *_, gap = corrected_exposure(groups, y, observed, blocks).corrected
    assert np.isnan([poorest.estimate, gap.estimate]).all()
    assert np.isfinite([second.estimate, second.std_error]).all()


def test_labels_in_few_blocks_know_little():
    world = World(3)
    observed = np.where(world.blocks < 4, world.truth, np.nan)
    found = world.slopes(world.predicted, observed)
    assert found.labelled_blocks == 4
    assert found.corrected[0].freedom == found.observed[0].freedom == 3
    assert found.predicted[0].freedom == 29
    only = world.slopes(world.predicted, np.where(world.blocks < 1, world.truth, np.nan))
    assert np.isnan(only.corrected[0].std_error)
    assert only.notices[0].startswith("Corrected by labels: 'income' has no interval")


def test_a_county_without_labels_is_no_obstacle():
    world = World(4)
    county = np.repeat(np.arange(3), 120)
    x = np.column_stack([world.income, county[:, None] == np.arange(3)]).astype(float)
    observed = np.where(county == 2, np.nan, world.truth)
    found = corrected_slopes(x, world.weights, world.predicted, observed, world.blocks, ["income"])
    near = least_squares(world.truth[:240], x[:240, :3], world.weights[:240]).coefficients[0]
    assert found.observed[0].estimate == pytest.approx(near)
    assert found.notices == ()


def test_no_label_at_all_is_one_sentence():
    world = World(2)
    with pytest.raises(StudyError, match="model-implied"):
        world.slopes(world.predicted, np.full(360, np.nan))
