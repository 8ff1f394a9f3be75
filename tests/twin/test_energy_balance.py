"""The energy balance closes, and answers as physics says it must."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from aespa_core.twin.climate import CLIMATES
from aespa_core.twin.energy_balance import CLOSED_W_M2, Surface, solve
from aespa_core.twin.materials import CODE, MATERIALS
from aespa_core.twin.weather import NIGHT_HOUR, OVERPASS_HOUR, weather_at

SHARES = st.floats(0.02, 1.0)
PLACES = st.sampled_from(sorted(CLIMATES))
HOURS = st.sampled_from([OVERPASS_HOUR, NIGHT_HOUR])
DRY_GROUNDS = ("asphalt", "concrete", "dark_roof", "metal_roof", "tile_roof")


def celsius(material, place, *, albedo=None, lit=1.0, sky=1.0, moisture=0.5, hour=OVERPASS_HOUR,
            plant_resistance=1.0):  # fmt: skip
    """Temperature of one surface element, °C."""
    albedo = MATERIALS[CODE[material]].albedo if albedo is None else albedo
    values = (np.array([v], np.float32) for v in (albedo, lit, sky, moisture, 0.0))
    surface = Surface(np.array([CODE[material]], np.uint8), *values)
    found = solve(surface, weather_at(CLIMATES[place], hour), plant_resistance)
    return float(found.temperature_k[0]) - 273.15


@settings(max_examples=40)
@given(PLACES, HOURS, st.integers(0, 2**32 - 1))
def test_energy_closes_for_any_surface(place, hour, seed):
    rng = np.random.default_rng(seed)
    values = rng.random((4, 200), dtype=np.float32)
    surface = Surface(rng.integers(0, len(MATERIALS), 200).astype(np.uint8), *values, 4 * values[0])
    found = solve(surface, weather_at(CLIMATES[place], hour))
    left = found.net - found.sensible - found.latent - found.storage
    assert np.abs(left).max() < CLOSED_W_M2
    assert 260 < found.temperature_k.min() < found.temperature_k.max() < 360


@pytest.mark.parametrize("material", [m.id for m in MATERIALS if m.id != "water"])
@pytest.mark.parametrize("hour", [OVERPASS_HOUR, NIGHT_HOUR])
def test_the_equation_written_once_more_has_the_same_root(material, hour):
    kind, air = MATERIALS[CODE[material]], weather_at(CLIMATES["st_louis"], hour)
    lit, sky, moisture, sigma = 0.7, 0.6, 0.4, 5.670374e-8
    a1, a2, a3 = kind.storage
    resistance = (
        math.log(10 / kind.roughness_m) * math.log(100 / kind.roughness_m)
        / (0.41**2 * air.wind_m_s)
    )  # fmt: skip
    left = 0.5 + 0.5 * moisture if material == "tree" else moisture

    def balance(t) -> float:
        sun = (1 - kind.albedo) * (lit * air.sun.direct_w_m2 + sky * air.sun.diffuse_w_m2)
        rise = (1 - kind.albedo) * (lit * air.direct_rise + sky * air.diffuse_rise)
        falling = sky * air.longwave_w_m2 + (1 - sky) * sigma * air.air_k**4
        net = sun + kind.emissivity * (falling - sigma * t**4)
        warmer = t - air.air_k
        heat = (1200 / resistance + 1.52 * abs(warmer) ** (1 / 3)) * warmer
        saturated = 6.1078 * math.exp(17.27 * (t - 273.15) / (t - 35.85))
        vapour = 1200 / 0.66 * (saturated - air.vapour_hpa)
        vapour = vapour / (resistance + kind.resistance_s_m / left)
        return net - heat - vapour - (a1 * net + a2 * rise + a3)

    root = brentq(balance, 250, 370) - 273.15
    found = celsius(material, "st_louis", lit=lit, sky=sky, moisture=moisture, hour=hour)
    assert found == pytest.approx(root, abs=0.01)


@settings(max_examples=60)
@given(PLACES, st.sampled_from([m.id for m in MATERIALS]), SHARES, SHARES, SHARES,
       st.floats(0.05, 0.8), st.floats(0.02, 0.15))  # fmt: skip
def test_a_brighter_surface_is_cooler(place, material, lit, sky, moisture, albedo, more):
    state = {"lit": lit, "sky": sky, "moisture": moisture}
    dark = celsius(material, place, albedo=albedo, **state)
    assert celsius(material, place, albedo=albedo + more, **state) < dark


@settings(max_examples=60)
@given(PLACES, st.sampled_from([m.id for m in MATERIALS]), SHARES, SHARES)
def test_shade_cools_the_shaded(place, material, sky, moisture):
    state = {"sky": sky, "moisture": moisture}
    assert celsius(material, place, lit=0.0, **state) < celsius(material, place, **state)


@settings(max_examples=60)
@given(PLACES, st.sampled_from([*DRY_GROUNDS, "bare_soil"]), st.floats(0.02, 0.3))
def test_canopy_over_dry_sealed_or_bare_ground_cools_by_day(place, ground, moisture):
    assert celsius("tree", place, moisture=moisture) < celsius(ground, place, moisture=moisture)


@settings(max_examples=60)
@given(PLACES, st.sampled_from(DRY_GROUNDS), st.floats(0.5, 1.0))
def test_sealing_moist_vegetated_soil_warms(place, sealed, moisture):
    assert celsius(sealed, place) > celsius("grass", place, moisture=moisture)


def test_where_signs_truly_flip():
    # dry bare soil is hotter than pale concrete: sealing it cools
    assert celsius("bare_soil", "dallas", moisture=0.02) > celsius("concrete", "dallas")
    # trees in place of water, and of a clean white roof, warm
    assert celsius("tree", "miami") > celsius("water", "miami")
    assert celsius("tree", "dallas", moisture=0.02) > celsius("white_roof", "dallas", albedo=0.9)


@pytest.mark.parametrize("place", sorted(CLIMATES))
def test_at_night_a_narrow_street_stays_warmer_than_a_field(place):
    street = celsius("asphalt", place, lit=0.0, sky=0.3, hour=NIGHT_HOUR)
    assert street > celsius("grass", place, lit=0.0, sky=1.0, hour=NIGHT_HOUR)


def test_plants_that_do_not_transpire_are_warmer():
    assert celsius("grass", "boston", plant_resistance=12.0) > celsius("grass", "boston") + 1
