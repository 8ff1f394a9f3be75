"""The sun's place against the almanac."""

import pytest

from aespa_core.twin.sun import declination_rad, diffuse_share, sun_at


@pytest.mark.parametrize(("day", "degrees"), [(172, 23.44), (355, -23.44), (80, 0.0)])
def test_declination_at_solstices_and_equinox(day, degrees):
    assert declination_rad(day) * 57.29578 == pytest.approx(degrees, abs=0.6)


def test_noon_stands_south_at_ninety_less_latitude_plus_declination():
    sun = sun_at(40.0, hour=12.0)
    assert sun.azimuth_deg == pytest.approx(180.0)
    assert sun.elevation_deg == pytest.approx(90 - 40.0 + declination_rad(196) * 57.29578)


def test_morning_stands_in_the_east_and_mirrors_the_afternoon():
    morning, afternoon = sun_at(40.0, hour=9.0), sun_at(40.0, hour=15.0)
    assert 60 < morning.azimuth_deg < 130
    assert morning.elevation_deg == pytest.approx(afternoon.elevation_deg)
    assert morning.azimuth_deg == pytest.approx(360 - afternoon.azimuth_deg)


def test_clear_sky_is_bounded_by_what_arrives_above_the_air():
    noon = sun_at(25.0, hour=12.0)
    assert 950 < noon.direct_w_m2 + noon.diffuse_w_m2 < 1361
    assert sun_at(40.0, hour=0.0).direct_w_m2 == 0.0


def test_clear_sky_at_sixty_degrees_is_haurwitz():
    # 1098 × 0.866 × exp(−0.059 / 0.866) = 888 W/m²
    hour = next(h / 100 for h in range(700, 1200) if sun_at(40.0, h / 100).elevation_deg >= 60)
    sun = sun_at(40.0, hour)
    assert sun.direct_w_m2 + sun.diffuse_w_m2 == pytest.approx(888, abs=2)


def test_diffuse_share_is_continuous():
    assert diffuse_share(0.2199) == pytest.approx(diffuse_share(0.2201), abs=2e-3)
    assert diffuse_share(0.7999) == pytest.approx(diffuse_share(0.8001), abs=2e-3)
