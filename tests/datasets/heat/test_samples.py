"""A study as samples: missing stays missing, splits never meet, weeks keep their volume."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.datasets.heat.context import (
    CONTEXT,
    heat_context,
    metro_weather,
    reference_c,
    water_around,
)
from aespa_core.datasets.heat.mobility_profiles import week_shape, week_volume
from aespa_core.datasets.heat.samples import photos_of, read_samples
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT, RANDOM, block_of, heat_split
from aespa_core.errors import ConfigError, StudyError
from aespa_core.studies.folder import open_study
from tests.made_heat import METROS, made_heat

MADE = made_heat()


def test_a_study_without_images_or_weather_is_read_with_gaps(tiny_study):
    samples = read_samples(tiny_study)
    assert len(samples) == 144
    assert np.isnan(samples.lst_day_c).sum() == 1
    assert samples.tiles == (None,) * 144
    assert all(photos == () for photos in samples.photos)
    assert samples.context["air_max_c"].isna().all()
    assert (samples.reference_c == 0).all()
    # twelve squares of a hundredth of a degree side by side
    north = samples.place_km[:, 1]
    assert np.ptp(north) == pytest.approx(11 * 1.1132, rel=1e-3)


def test_the_atlas_has_no_tracts_to_learn_from():
    from aespa_core.studies.catalogue import ATLAS

    with pytest.raises(StudyError, match="no table 'tracts'"):
        read_samples(open_study(ATLAS))


def test_an_empty_photo_folder_is_a_broken_download(tmp_path):
    assert photos_of(tmp_path / "none") == ()
    (tmp_path / "0").mkdir()
    with pytest.raises(StudyError, match=r"holds no photo: put photos there .*or remove"):
        photos_of(tmp_path / "0")


def test_photos_come_in_the_order_of_their_numbers(tmp_path):
    for number in (10, 2, 0):
        (tmp_path / f"{number}.jpg").touch()
    assert [path.stem for path in photos_of(tmp_path)] == ["0", "2", "10"]


@pytest.mark.parametrize("kind", [BLOCKS, RANDOM, METRO_OUT])
@given(seed=st.integers(0, 1000))
def test_splits_never_meet_and_leave_no_labelled_tract_out(kind, seed):
    split = heat_split(MADE.samples, kind, seed, "cedar" if kind == METRO_OUT else "all")
    sides = np.stack([split.train, split.validation, split.test]).sum(0)
    assert (sides == np.isfinite(MADE.samples.lst_day_c)).all()
    share = split.train.sum() / sides.sum()
    assert 0.5 < share < 0.7
    if kind == METRO_OUT:
        assert set(MADE.samples.metro[split.test]) == {"cedar"}
        assert "cedar" not in MADE.samples.metro[split.train | split.validation]


def test_blocks_go_whole_to_one_side_and_single_tracts_do_not():
    def mixed(kind: str) -> int:
        """Count the blocks whose labelled tracts lie on several sides."""
        split = heat_split(MADE.samples, kind, 0)
        side = split.train + 2 * split.validation + 3 * split.test
        count = 0
        for metro in METROS:
            rows = np.flatnonzero((MADE.samples.metro == metro) & (side > 0))
            block = block_of(MADE.samples.place_km[rows])
            assert len(np.unique(block)) >= 20
            count += sum(len(np.unique(side[rows][block == b])) > 1 for b in np.unique(block))
        return count

    assert mixed(BLOCKS) == 0
    assert mixed(RANDOM) > 20


def test_an_unknown_split_or_metro_is_named():
    with pytest.raises(ConfigError, match="no split 'years'"):
        heat_split(MADE.samples, "years", 0)
    with pytest.raises(ConfigError, match=r"'atlantis' has no labelled tract here: .*ashton"):
        heat_split(MADE.samples, METRO_OUT, 0, "atlantis")


def test_a_week_keeps_its_shape_and_its_volume_apart():
    weeks = MADE.samples.mobility
    there = np.isfinite(weeks).all((1, 2))
    assert week_shape(weeks)[there] == pytest.approx(week_shape(50 * weeks)[there])
    assert (week_volume(50 * weeks)[there] > week_volume(weeks)[there] + 3.5).all()
    assert week_shape(weeks)[there].mean(1) == pytest.approx(np.ones((there.sum(), 3)))


def test_weather_is_averaged_by_day():
    hours = np.arange(48)
    weather = pd.DataFrame(
        {
            "metro": "here", "hour": hours, "wind_m_s": 3.0, "humidity_percent": 50.0,
            "temperature_c": 20.0 + 5 * np.sin(2 * np.pi * hours / 24) + (hours >= 24),
        }
    )  # fmt: skip
    found = metro_weather(weather).loc["here"]
    assert found["air_max_c"] == pytest.approx(25.5)
    assert found["air_min_c"] == pytest.approx(15.5)
    # half of the saturation pressure, which bends upwards: a little above that of the mean, 23.4
    assert 11.9 < found["vapour_hpa"] < 13.0


def test_nothing_social_is_an_input(tiny_study):
    tracts = tiny_study.read("tracts")
    before = heat_context(tracts, None)
    social = [name for name in tracts.columns if name not in
              ("geoid", "metro", "geometry", "aland_m2", "awater_m2", "population")]  # fmt: skip
    changed = tracts.assign(**dict.fromkeys(social, 0.5))
    pd.testing.assert_frame_equal(before, heat_context(changed, None))
    assert list(before.columns) == list(CONTEXT)


def test_water_around_is_what_kernels_average():
    place = np.array([[0.0, 0.0], [1.0, 0.0], [5.0, 0.0], [0.5, 0.0]])
    metro = np.array(["here", "here", "here", "elsewhere"])
    land, water = np.array([1.0, 1.0, 2.0, 0.0]), np.array([0.0, 1.0, np.nan, 9.0])
    found = water_around(place, metro, land, water, scale_km=2.0)
    near, far = np.exp([-0.5, -2.5]), np.exp(-2.0)
    # the third tract does not say what water it has: it counts for nothing, and is told by others
    assert found[0] == pytest.approx(near[0] * 1 / (1 + near[0] * 2))
    assert found[2] == pytest.approx(far / (near[1] + 2 * far))
    assert found[3] == 1.0
    alone = water_around(place[2:3], metro[2:3], land[2:3], water[2:3], 2.0)
    assert np.isnan(alone).all()


def test_one_metro_without_weather_leaves_all_without_reference():
    context = MADE.samples.context
    assert (reference_c(context) == context["air_max_c"]).all()
    gap = context.assign(air_max_c=context["air_max_c"].where(MADE.samples.metro != "elm"))
    assert (reference_c(gap) == 0).all()


def test_hidden_labels_are_gone():
    hidden = MADE.samples.hiding_labels(MADE.split.test)
    assert np.isnan(hidden.lst_day_c[MADE.split.test]).all()
    assert np.isnan(hidden.lst_night_c[MADE.split.test]).all()
    kept = ~MADE.split.test
    assert hidden.lst_day_c[kept] == pytest.approx(MADE.samples.lst_day_c[kept], nan_ok=True)
    rows = replace(hidden).rows(MADE.split.train)
    assert len(rows) == MADE.split.train.sum() == len(rows.photos) == len(rows.context)
