"""Land refuses what no metro can have, and knows distances and streets."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.twin.land_use import MEAN_DISTANCE_IN_SQUARE
from tests.twin.made_land import made_land


def test_distance_within_a_tract_is_that_of_two_random_points():
    land = made_land(9)
    rng = np.random.default_rng(0)
    one, other = rng.uniform(0, 1, (2, 200_000, 2))
    mean = np.hypot(*(one - other).T).mean()
    assert pytest.approx(mean, abs=0.002) == MEAN_DISTANCE_IN_SQUARE
    inside = np.diag(land.distance_km)
    np.testing.assert_allclose(inside, MEAN_DISTANCE_IN_SQUARE * np.sqrt(land.land_km2))


def test_streets_are_surface_over_length_and_none_where_there_is_no_road():
    land = made_land(4)
    none = replace(land, road_km=np.zeros(4), road_m2=np.zeros(4))
    np.testing.assert_allclose(land.street_width_m * land.road_km * 1000, land.road_m2)
    assert (none.street_width_m == 0).all()
    assert (none.street_height_m == 0).all()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"canopy": np.full(4, 1.2)}, "canopy"),
        ({"land_km2": np.zeros(4)}, "land_km2"),
        ({"work_m2": np.full(4, np.nan)}, "work_m2"),
        ({"park_km2": np.full(4, -1.0)}, "park_km2"),
        ({"road_km": np.ones(3)}, "shape"),
    ],
)
def test_impossible_land_is_refused(changes, word):
    with pytest.raises(ValueError, match=word):
        replace(made_land(4), **changes)
