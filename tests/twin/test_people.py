"""The people follow their stated law: slopes, ranges, and the same bytes for the same seed."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.studies.tables import TRACTS
from aespa_core.twin.disparity_truth import on_law_scales, stated_slopes
from aespa_core.twin.gaussian_field import draw_field
from aespa_core.twin.people import draw_canopy, draw_people
from aespa_core.twin.people_law import PeopleLaw, ShareLaw
from tests.twin.made_land import made_land

DRAWS = 200
LAW = PeopleLaw()
LAND = made_land(100)


def fitted(scales: pd.DataFrame) -> np.ndarray:
    """Each stated slope by least squares, written apart from the law."""
    slopes = []
    for stated in stated_slopes(LAW):
        names = [stated.covariate, *stated.beside]
        design = np.column_stack([np.ones(len(scales)), scales[names].to_numpy()])
        slopes.append(np.linalg.lstsq(design, scales[stated.outcome], rcond=None)[0][1])
    return np.array(slopes)


def bias_in_errors(found: np.ndarray) -> np.ndarray:
    """Mean bias over draws in Monte Carlo standard errors; ``found`` is (draws, slopes)."""
    true = np.array([stated.value for stated in stated_slopes(LAW)])
    return (found.mean(axis=0) - true) / (found.std(axis=0, ddof=1) / np.sqrt(len(found)))


@pytest.fixture(scope="module")
def drawn():
    return [draw_people(LAND, LAW, seed) for seed in range(DRAWS)]


def test_every_stated_slope_is_found_without_bias(drawn):
    """Ten slopes within two errors; the seeds are fixed, as chance alone fails one set in three."""
    found = np.array([fitted(on_law_scales(LAND, people)) for people in drawn])
    assert np.abs(bias_in_errors(found)).max() < 2


def test_income_whose_unexplained_part_goes_with_trees_would_be_noticed(monkeypatch):
    """The test above can fail: it does when the smooth field is not independent of canopy."""
    green = (LAND.canopy - LAND.canopy.mean()) / LAND.canopy.std()

    def confounded(x_m, y_m, sd, range_m, rng) -> np.ndarray:
        return draw_field(x_m, y_m, sd, range_m, rng) + 0.05 * green

    monkeypatch.setattr("aespa_core.twin.people.draw_field", confounded)
    found = [fitted(on_law_scales(LAND, draw_people(LAND, LAW, seed))) for seed in range(DRAWS)]
    assert np.abs(bias_in_errors(np.array(found))).max() > 2


def test_canopy_redrawn_with_the_people_leaves_the_slope_unbiased():
    found = []
    for seed in range(DRAWS):
        land = replace(LAND, canopy=draw_canopy(LAND, LAW, seed))
        found.append(fitted(on_law_scales(land, draw_people(land, LAW, seed))))
    assert np.abs(bias_in_errors(np.array(found))).max() < 2


def test_unexplained_income_is_smooth_in_space():
    """Variogram of the residual: half the squared difference is nugget + sill (1 − exp(−d/r))."""
    scales = [on_law_scales(LAND, draw_people(LAND, LAW, seed)) for seed in range(DRAWS)]
    rest = np.array([s["log_income"] for s in scales]) - LAW.income_on_canopy * LAND.canopy
    rest -= LAW.income_on_centre_km * LAND.centre_km
    apart = 1000 * LAND.distance_km
    for low, high in ((300, 500), (900, 1100), (2500, 3500)):
        i, j = np.nonzero((apart > low) & (apart < high) & ~np.eye(100, dtype=bool))
        half = 0.5 * ((rest[:, i] - rest[:, j]) ** 2).mean()
        smooth = 1 - np.exp(-apart[i, j] / LAW.income_range_m)
        stated = LAW.income_spread**2 + LAW.income_field_sd**2 * smooth.mean()
        assert half == pytest.approx(stated, rel=0.08)


def test_people_fit_the_table_and_look_like_a_metro(drawn):
    people = TRACTS.validate(drawn[0])
    assert (people["white_population"] <= people["population"]).all()
    np.testing.assert_allclose(
        people["white_population"], people["white_share"] * people["population"], atol=0.6
    )
    income = people["median_household_income_usd"]
    assert 40_000 < income.median() < 110_000
    assert 0.3 < np.log(income).std() < 0.6
    assert 0.02 < people["poverty_share"].median() < 0.25
    ratio = people["population"] / people["housing_units"]
    assert ratio.mean() == pytest.approx(LAW.occupied_share * LAW.household_size, rel=0.02)


def test_same_seed_same_people_other_seed_others():
    one, again, other = (draw_people(LAND, LAW, seed) for seed in (7, 7, 8))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert (one["poverty_share"] != other["poverty_share"]).mean() > 0.9
    assert (draw_canopy(LAND, LAW, 7) == draw_canopy(LAND, LAW, 7)).all()
    assert (draw_canopy(LAND, LAW, 7) != draw_canopy(LAND, LAW, 8)).any()


def test_nobody_lives_where_there_are_no_homes_and_nothing_is_said_of_them():
    homes = LAND.homes_m2.copy()
    homes[3] = 0.0
    land = replace(LAND, homes_m2=homes)
    people = TRACTS.validate(draw_people(land, LAW, 0))
    assert people.loc[3, "population"] == 0
    assert people.loc[3, ["poverty_share", "median_household_income_usd"]].isna().all()
    assert people.drop(index=3).notna().all(axis=None)
    assert len(on_law_scales(land, people)) == 99


def test_history_makes_canopy_smooth_and_its_slope_is_stated():
    still = replace(LAW, canopy_spread=0.0, canopy_on_centre_km=0.0)
    score = np.array(
        [
            np.log(c / (1 - c))
            for c in (draw_canopy(LAND, still, seed) for seed in range(DRAWS))
        ]
    )  # fmt: skip
    assert score.std() == pytest.approx(still.canopy_on_history, rel=0.05)
    near = np.corrcoef(score[:, 0], score[:, 1])[0, 1]
    far = np.corrcoef(score[:, 0], score[:, 99])[0, 1]
    assert near > 0.4 > 0.3 > far


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**31),
    slope=st.floats(-20, 20),
    spread=st.floats(0, 3),
    range_m=st.floats(0, 1e5),
    homes=st.floats(0, 1e6),
)
def test_whatever_the_law_people_stay_in_range(seed, slope, spread, range_m, homes):
    share = ShareLaw(0.1, slope, spread, range_m)
    law = replace(
        LAW, income_on_canopy=slope, poverty=share, over_64=share, income_range_m=range_m
    )  # fmt: skip
    land = replace(made_land(9, seed), homes_m2=np.linspace(0, homes, 9))
    TRACTS.validate(draw_people(land, law, seed))
