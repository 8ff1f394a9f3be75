"""Visits: 168 hours, every visit counted once on each side, curves of their purposes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.studies.tables import MOBILITY
from aespa_core.twin.movement import draw_week, expected_week, mobility_table
from aespa_core.twin.movement_law import MOVEMENT
from aespa_core.twin.week_curve import Bump, day_shape
from tests.twin.made_land import made_land

LAND = made_land(64)
PEOPLE = np.round(np.random.default_rng(6).uniform(300, 2500, LAND.tracts))


@pytest.mark.parametrize(
    "week", [expected_week(LAND, PEOPLE), draw_week(LAND, PEOPLE, 0)], ids=["expected", "drawn"]
)
def test_over_the_metro_visits_are_outbound_plus_stay_in_every_hour(week):
    made = week.outbound.sum(axis=0) + week.stay.sum(axis=0)
    np.testing.assert_allclose(week.visits.sum(axis=0), made, rtol=1e-12)
    assert (week.stay <= week.visits).all()


def test_the_table_has_168_hours_a_tract_and_fits():
    table = MOBILITY.validate(mobility_table(LAND, draw_week(LAND, PEOPLE, 0)))
    assert (table.groupby("geoid").size() == 168).all()
    assert table["geoid"].nunique() == LAND.tracts


def test_drawn_visits_scatter_around_the_expected_ones_as_counts_do():
    expected = expected_week(LAND, PEOPLE).visits
    score = (draw_week(LAND, PEOPLE, 3).visits - expected) / np.sqrt(expected)
    assert abs(score.mean()) < 4 / np.sqrt(score.size)
    assert score.std() == pytest.approx(1.0, abs=0.05)


def test_residents_make_the_stated_number_of_visits():
    week = expected_week(LAND, PEOPLE)
    a_week = sum(
        5 * p.curve.monday_to_friday + p.curve.saturday + p.curve.sunday for p in MOVEMENT.purposes
    )
    made = (week.outbound + week.stay).sum(axis=1)
    np.testing.assert_allclose(made, MOVEMENT.panel_share * PEOPLE * a_week)


def test_offices_fill_on_weekday_mornings_and_parks_at_weekends():
    none = np.zeros(LAND.tracts)
    offices = expected_week(replace(LAND, shop_m2=none, park_km2=none), PEOPLE).visits.sum(axis=0)
    parks = expected_week(replace(LAND, shop_m2=none, work_m2=none), PEOPLE).visits.sum(axis=0)
    assert offices[:24].argmax() in (7, 8)
    assert offices[:120].sum() / 5 > 2 * offices[120:].sum() / 2
    assert parks[120:].sum() / 2 > parks[:120].sum() / 5
    assert parks[:24].argmax() in range(17, 21)


def test_nothing_attracts_nothing_moves():
    none = np.zeros(LAND.tracts)
    week = draw_week(replace(LAND, shop_m2=none, work_m2=none, park_km2=none), PEOPLE, 0)
    assert week.visits.sum() == week.outbound.sum() == week.stay.sum() == 0


def test_same_seed_same_visits_other_seed_others():
    one, again, other = (mobility_table(LAND, draw_week(LAND, PEOPLE, s)) for s in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert (one["visits"] != other["visits"]).any()


def test_a_day_sums_to_one_and_reaches_around_midnight():
    shape = day_shape((Bump(23.5, 1.0, 1.0),))
    assert shape.sum() == pytest.approx(1.0)
    assert shape[22] == pytest.approx(shape[0])
    assert shape.argmax() == 23
