"""The five proxies of a tile, on drawn tiles and on measured infrared."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.datasets.proxies.image_features import satellite_features
from aespa_core.datasets.proxies.satellite_proxies import satellite_proxies, shaded
from aespa_core.datasets.proxies.vegetation_index import measured_ndvi, ndvi_of_cover
from aespa_core.schema import PROXIES
from aespa_core.twin.materials import CODE, MATERIALS
from tests.made_street import draw_tile, flat


def as_srgb(reflectance: float) -> int:
    """IEC 61966-2-1."""
    curve = 1.055 * reflectance ** (1 / 2.4) - 0.055 if reflectance > 0.0031308 else 0.0
    return round(255 * curve)


def of_material(name: str) -> np.ndarray:
    surface = MATERIALS[CODE[name]]
    return flat(*(as_srgb(band) for band in (surface.red, surface.green, surface.blue)))


@pytest.mark.parametrize(
    ("trees", "lawn", "roofs"), [(0.3, 0.2, 0.2), (0, 0, 0.4), (0.6, 0.1, 0.1), (0.1, 0.5, 0)]
)
def test_drawn_shares_come_back(trees, lawn, roofs):
    reading = satellite_proxies(draw_tile(trees, lawn, roofs))
    assert reading.canopy == pytest.approx(trees, abs=0.04)
    assert reading.impervious == pytest.approx(1 - trees - lawn, abs=0.04)


def test_more_plants_raise_the_index():
    readings = [satellite_proxies(draw_tile(share, 0, 0.2)).ndvi for share in (0, 0.2, 0.4, 0.8)]
    assert readings == sorted(readings)
    assert readings[-1] - readings[0] > 0.3


@pytest.mark.parametrize(
    "name", ["asphalt", "concrete", "dark_roof", "white_roof", "metal_roof", "tile_roof"]
)
def test_sealed_materials_are_sealed_and_reflect_as_they_do(name):
    reading = satellite_proxies(of_material(name))
    assert reading.impervious == 1.0
    # without infrared, the half of the energy that it holds is a guess
    assert reading.albedo == pytest.approx(MATERIALS[CODE[name]].albedo, abs=0.08)


def test_soil_grass_and_water_are_not_sealed():
    for name in ("bare_soil", "grass", "dry_grass"):
        assert satellite_proxies(of_material(name)).impervious == 0.0
    water = satellite_proxies(of_material("water"))
    assert (water.impervious, water.canopy, water.shadow) == (0, 0, 0)
    assert water.albedo < 0.08


def test_measured_infrared_replaces_the_guess():
    tile = draw_tile(0.5, 0, 0.2)
    nir = np.full(tile.shape[:2], 90, np.uint8)
    expected = measured_ndvi(tile[..., 0], nir).mean()
    assert satellite_proxies(tile, nir).ndvi == pytest.approx(expected)
    assert measured_ndvi(np.array([50], np.uint8), np.array([150], np.uint8))[0] == 0.5
    assert measured_ndvi(np.array([0], np.uint8), np.array([0], np.uint8))[0] == 0.0
    assert ndvi_of_cover(0.5) == pytest.approx(0.4)


def test_shade_is_relative_and_blue():
    light = np.full((20, 20), 0.2)
    blueness = np.zeros((20, 20))
    label = np.full((20, 20), 2, np.uint8)
    assert not shaded(light, blueness, label).any()
    light[:5] = 0.03
    blueness[:5] = 0.05
    assert shaded(light, blueness, label).mean() == 0.25
    assert (shaded(light / 3, blueness, label) == shaded(light, blueness, label)).all()
    blueness[:5] = -0.1
    assert not shaded(light, blueness, label).any()


@settings(max_examples=25)
@given(st.integers(0, 2**31), st.booleans())
def test_every_reading_lies_in_the_range_of_the_schema(seed, infrared):
    chance = np.random.default_rng(seed)
    tile = chance.integers(0, 256, (32, 40, 4), dtype=np.uint8)
    reading = satellite_proxies(tile[..., :3], tile[..., 3] if infrared else None).as_dict()
    for proxy in PROXIES:
        assert np.isnan(reading[proxy.id]) or proxy.low <= reading[proxy.id] <= proxy.high


def test_features_have_the_same_names_for_every_tile():
    one, two = satellite_features(flat(0, 0, 0)), satellite_features(draw_tile(0.2, 0.2, 0.2))
    assert list(one) == list(two)
    assert np.isfinite(list(two.values())).all()
