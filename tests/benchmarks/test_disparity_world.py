"""Worlds of the disparity benchmark: drawn from one seed, plausible, and true to their law."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.benchmarks.disparity_response import SLOPES, expected_c, read_response
from aespa_core.benchmarks.disparity_world import DisparityWorlds
from aespa_core.studies.tables import TRACTS
from aespa_core.twin.disparity_truth import on_law_scales, stated_slopes
from aespa_core.twin.people_law import PeopleLaw
from tests.benchmarks.made_ground import made_grounds

LAW = read_response()
WORLDS = DisparityWorlds(made_grounds(), PeopleLaw(), LAW)
DRAWS = 150
REDRAWN = ("population", "white_share", "median_household_income_usd", "poverty_share", "lst_day_c")


@pytest.fixture(scope="module")
def drawn():
    return [WORLDS.draw(seed) for seed in range(DRAWS)]


def test_the_same_seed_gives_the_same_world_and_another_seed_another(drawn):
    again, other = WORLDS.draw(5), drawn[6]
    pd.testing.assert_frame_equal(again.tracts, drawn[5].tracts)
    for name in ("y", "xy_m", "metro", "county", "canopy"):
        np.testing.assert_array_equal(getattr(again, name), getattr(drawn[5], name))
    for name in REDRAWN:
        assert (again.tracts[name] != other.tracts[name]).mean() > 0.9
    assert (again.canopy != other.canopy).mean() > 0.9


def test_what_stays_stays(drawn):
    fixed = ["geoid", "metro", "aland_m2", "awater_m2"]
    pd.testing.assert_frame_equal(drawn[0].tracts[fixed], drawn[1].tracts[fixed])
    np.testing.assert_array_equal(drawn[0].xy_m, drawn[1].xy_m)


def test_a_world_has_the_columns_of_a_studys_tracts(drawn):
    TRACTS.validate(drawn[0].tracts)
    assert {*drawn[0].tracts.columns} <= {*TRACTS.columns, "lst_day_c"}
    assert drawn[0].tracts.notna().all(axis=None)


def test_rows_and_arrays_are_of_the_same_tracts(drawn):
    world = drawn[0]
    assert world.metro.tolist() == world.tracts["metro"].tolist()
    assert world.county.tolist() == world.tracts["geoid"].str[:5].tolist()
    np.testing.assert_array_equal(world.y, world.tracts["lst_day_c"])
    for name, values in (("xy_m", world.xy_m), ("canopy", world.canopy)):
        assert len(values) == len(world.tracts), name


def test_metros_are_far_from_each_other_and_tracts_of_one_are_not(drawn):
    place, metro = drawn[0].xy_m, drawn[0].metro
    apart = np.hypot(*(place[:, None] - place).transpose(2, 0, 1))
    same = metro[:, None] == metro
    assert apart[~same].min() > 900e3
    assert apart[same].max() < 20e3


def test_temperatures_and_incomes_are_plausible(drawn):
    mean_c = np.mean([world.y for world in drawn], axis=0)
    for metro, typical_c in (("boston", 33.0), ("dallas", 41.0)):
        inside = drawn[0].metro == metro
        assert mean_c[inside].mean() == pytest.approx(typical_c, abs=1.5)
        assert 0.5 < np.mean([world.y[inside].std() for world in drawn]) < 2.0
    income = np.concatenate([w.tracts["median_household_income_usd"] for w in drawn])
    low, middle, high = np.quantile(income, [0.01, 0.5, 0.99])
    assert 20_000 < low < 45_000 < middle < 90_000 < high < 250_000


def test_poorer_tracts_are_hotter_on_average(drawn):
    def slope(world) -> float:
        inside = world.metro == "boston"
        income = np.log(world.tracts["median_household_income_usd"][inside])
        return np.polyfit(income, world.y[inside], 1)[0]

    slopes = np.array([slope(world) for world in drawn])
    assert slopes.mean() < -5 * slopes.std() / np.sqrt(DRAWS)


def test_the_rest_of_the_temperature_has_its_range_and_its_spread():
    """At the range a smooth field is correlated by 1/e; neighbours' own parts are not."""
    none = dict.fromkeys(SLOPES, 0.0)
    law = replace(LAW, **none, level_c=dict.fromkeys(LAW.level_c, 0.0))
    worlds = replace(WORLDS, temperature=law)
    rest = np.array([worlds.draw(seed).y for seed in range(300)])  # (R, N)
    place = WORLDS.draw(0).xy_m
    apart = np.hypot(*(place[:, None] - place).transpose(2, 0, 1))
    found = rest.T @ rest / len(rest)  # the mean is known: 0
    at_range = (apart > 0.9 * LAW.field_range_m) & (apart < 1.1 * LAW.field_range_m)
    smooth = found[at_range].mean() / LAW.field_sd_c**2
    assert smooth == pytest.approx(np.exp(-1), abs=0.04)
    own = found.diagonal().mean() - LAW.field_sd_c**2
    assert own == pytest.approx(LAW.own_sd_c**2, abs=0.1 * LAW.field_sd_c**2)
    # metros know nothing of each other
    assert abs(found[apart > 900e3].mean()) < 0.02 * LAW.field_sd_c**2


def test_incomes_follow_the_drawn_trees_with_the_stated_slope(drawn):
    """As in the twin, without bias: two slopes within 2.5 Monte Carlo errors in each metro."""
    stated = {slope.covariate: slope.value for slope in stated_slopes(PeopleLaw())[:2]}
    for ground in WORLDS.grounds:
        found = []
        for world in drawn:
            inside = world.metro == ground.land.metro
            land = replace(ground.land, canopy=world.canopy[inside])
            scales = on_law_scales(land, world.tracts[inside].reset_index(drop=True))
            design = np.column_stack([np.ones(len(scales)), scales["canopy"], scales["centre_km"]])
            found.append(np.linalg.lstsq(design, scales["log_income"], rcond=None)[0][1:])
        error = np.std(found, axis=0, ddof=1) / np.sqrt(DRAWS)
        truth = [stated["canopy"], stated["centre_km"]]
        assert (np.abs(np.mean(found, axis=0) - truth) < 2.5 * error).all()


def test_temperature_follows_the_same_trees(drawn):
    """Averaged over worlds, the rest goes: what remains is the response to that world's canopy."""
    ground = WORLDS.grounds[0]
    inside = drawn[0].metro == ground.land.metro
    rest = [w.y[inside] - expected_c(ground, w.canopy[inside], LAW) for w in drawn]
    sd_c = np.hypot(LAW.field_sd_c, LAW.own_sd_c)
    assert np.abs(np.mean(rest, axis=0)).max() < 4.5 * sd_c / np.sqrt(DRAWS)
    assert np.std(rest) == pytest.approx(sd_c, rel=0.1)
