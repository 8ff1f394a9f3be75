"""The response of tract temperature: its equation by hand, and its fit on metros of known law."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from aespa_core.benchmarks.disparity_response import (
    draw_rest,
    expected_c,
    read_response,
    write_response,
)
from aespa_core.benchmarks.disparity_response_fit import Observed, fit_response, fit_twin
from aespa_core.errors import ConfigError
from aespa_core.schema import METRO_IDS
from aespa_core.twin.chance import stream
from tests.benchmarks.made_ground import made_ground

LAW = read_response()


def observed(metro: str, number: int) -> Observed:
    """Make a metro whose temperatures follow :data:`LAW`."""
    ground = made_ground(metro, number + 1, number)
    canopy = ground.land.canopy * (1.0 - ground.water_share)
    return Observed(
        ground,
        canopy,
        ground.bare_impervious * (1.0 - LAW.hidden_sealing * canopy),
        ground.bare_albedo + LAW.canopy_on_albedo * canopy,
        expected_c(ground, ground.land.canopy, LAW) + draw_rest(ground, LAW, stream(number, "y")),
    )


def test_one_tract_by_hand():
    """30 % of the land under trees where a tenth is water: 27 % in plan view."""
    ground = made_ground("boston", 1, 3)
    one = replace(
        ground,
        bare_impervious=np.full(100, 0.6), bare_albedo=np.full(100, 0.2),
        water_share=np.full(100, 0.1), shore_cooling_k=np.full(100, 1.5),
    )  # fmt: skip
    law = replace(
        LAW, canopy_c=-6.0, canopy_squared_c=3.0, impervious_c=7.0, albedo_c=-20.0, water_c=-9.0,
        shore_c_per_k=-0.4, centre_c_per_km=0.3, hidden_sealing=0.5, canopy_on_albedo=-0.04,
        level_c={"boston": 35.0},
    )  # fmt: skip
    by_hand = 35.0 - 6.0 * 0.27 + 3.0 * 0.0729 + 7.0 * 0.6 * 0.865
    by_hand += -20.0 * (0.2 - 0.0108) - 0.9 - 0.6 + 0.3 * ground.land.centre_km
    np.testing.assert_allclose(expected_c(one, np.full(100, 0.3), law), by_hand, rtol=1e-12)


def test_trees_cool_every_tract_by_about_what_they_do_in_the_twin():
    """The twin's own moves give −6 to −7 °C for canopy from 0 to 1 where there is 20 %."""
    ground = made_ground("boston", 1, 3)
    warmer = expected_c(ground, np.full(100, 0.15), LAW)
    cooler = expected_c(ground, np.full(100, 0.25), LAW)
    per_unit = (cooler - warmer) / (0.1 * (1 - ground.water_share))
    assert (per_unit < 0).all()
    assert per_unit.mean() == pytest.approx(-6.5, abs=1.0)


def test_the_fit_finds_the_law_that_made_the_temperatures():
    metros = [observed(metro, n) for n, metro in enumerate(METRO_IDS[:6])]
    found = fit_response(metros)
    assert found.hidden_sealing == pytest.approx(LAW.hidden_sealing)
    assert found.canopy_on_albedo == pytest.approx(LAW.canopy_on_albedo)
    assert found.impervious_c == pytest.approx(LAW.impervious_c, abs=1.0)
    assert found.albedo_c == pytest.approx(LAW.albedo_c, abs=3.0)
    assert found.field_sd_c == pytest.approx(LAW.field_sd_c, rel=0.25)
    assert found.field_range_m == pytest.approx(LAW.field_range_m, rel=0.5)
    assert found.own_sd_c == pytest.approx(LAW.own_sd_c, abs=0.06)
    # slopes of canopy and its square go together: their sum at 20 % does not hide
    at_20 = found.canopy_c + 0.4 * found.canopy_squared_c
    assert at_20 == pytest.approx(LAW.canopy_c + 0.4 * LAW.canopy_squared_c, abs=1.0)


def test_a_metro_without_level_is_refused():
    law = replace(LAW, level_c={})
    with pytest.raises(ConfigError, match="no level_c of 'boston'"):
        expected_c(made_ground("boston", 1, 3), np.full(100, 0.2), law)


def test_the_file_keeps_the_law_and_refuses_other_keys(tmp_path):
    path = tmp_path / "response.toml"
    write_response(LAW, path)
    assert asdict(read_response(path)) == asdict(LAW)
    path.write_text(path.read_text().replace("albedo_c", "albedo_k"))
    with pytest.raises(ConfigError, match="'albedo_c'"):
        read_response(path)


@pytest.mark.slow
def test_the_frozen_law_is_what_the_twin_gives():
    found, frozen = asdict(fit_twin()), asdict(LAW)
    levels, kept = found.pop("level_c"), frozen.pop("level_c")
    assert levels == pytest.approx(kept, rel=1e-4)
    assert found == pytest.approx(frozen, rel=2e-3)
