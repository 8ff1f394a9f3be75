"""Shorelines: the binary format on a made ring, known distances on the real one."""

import numpy as np
import pytest

from aespa_core.sources.shorelines import (
    FARTHEST_KM,
    LAKE,
    SEA,
    distance_to_shore_km,
    rings,
    water_share,
)


@pytest.fixture
def square_island(tmp_path):
    """Write one island of 1° around (40° N, 75° W) with a lake, in the published format."""
    island = np.array([[284.5, 39.5], [285.5, 39.5], [285.5, 40.5], [284.5, 40.5], [284.5, 39.5]])
    lake = 285 + np.array([[-0.1, -245.1], [0.1, -245.1], [0.1, -244.9], [-0.1, -245.1]])
    points = np.concatenate([island, lake]).astype("<f4")
    (tmp_path / "gshhs_i.dat").write_bytes(points.tobytes())
    (tmp_path / "gshhsmeta_i.dat").write_text(
        "1 9000.0 5 39.5 40.5 0 40 0-E\n2 100.0 4 39.9 40.1 40 32 1-E\n"
    )
    return tmp_path


def test_rings_are_read_by_level(square_island):
    (sea,) = rings(SEA, square_island)
    (lake,) = rings(LAKE, square_island)
    np.testing.assert_allclose(sea.lon, [-75.5, -74.5, -74.5, -75.5, -75.5])
    assert len(lake.lat) == 4


def test_distance_to_the_middle_of_a_side(square_island):
    distance = distance_to_shore_km(SEA, np.array([40.0]), np.array([-75.4]), square_island)
    expected = 0.1 * np.pi / 180 * 6371 * np.cos(np.radians(40))
    np.testing.assert_allclose(distance, expected, rtol=0.02)


def test_known_places_on_the_real_shorelines():
    """Miami Beach lies on the sea, Denver 1,000 km from it; Minneapolis has lakes, no sea."""
    lat, lon = np.array([25.79, 39.74, 44.98]), np.array([-80.13, -104.99, -93.27])
    sea = np.array([distance_to_shore_km(SEA, lat[[i]], lon[[i]])[0] for i in range(3)])
    assert sea[0] < 3
    assert sea[1] == sea[2] == FARTHEST_KM
    assert distance_to_shore_km(LAKE, lat[[2]], lon[[2]])[0] < 30


def test_water_around_known_places():
    """Downtown Seattle between sound and lake, Manhattan Beach half sea, Wichita dry."""
    lat, lon = np.array([47.61, 33.885, 37.69]), np.array([-122.34, -118.41, -97.34])
    seattle, beach, wichita = water_share(lat, lon, 15.0)
    assert 0.2 < seattle < 0.6
    assert 0.35 < beach < 0.65
    assert wichita < 0.02
