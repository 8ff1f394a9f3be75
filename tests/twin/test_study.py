"""A simulated world is a valid study, and the same seed gives the same files."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from aespa_core.errors import StudyError, UnknownMetroError
from aespa_core.studies.info import write_info
from aespa_core.studies.manifest import read_manifest
from aespa_core.studies.validation import validate_study
from aespa_core.twin.people_law import PeopleLaw
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.study import build_world, is_built
from tests.tiny_study import write_tiny_study

SMALL = TwinSettings(metros=("miami",), size_px=384, tracts=(5, 6), photos=2)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return build_world(SMALL, tmp_path_factory.mktemp("world") / "twin")


def test_the_study_is_valid_and_says_that_it_is_simulated(study):
    assert validate_study(study.path) == []
    assert study.info.kind == "simulated"
    assert "simulated" in study.info.name
    assert {"tracts", "temperature", "proxies", "truth/effects"} <= set(study.tables)
    assert study.read("tracts")["geoid"].str.startswith("99").all()


def test_the_same_seed_twice_gives_the_same_manifest(study, tmp_path):
    again = build_world(SMALL, tmp_path / "twin")
    assert read_manifest(again.path) == read_manifest(study.path)
    other = build_world(replace(SMALL, seed=3), tmp_path / "twin")
    assert read_manifest(other.path) != read_manifest(study.path)


def test_satellite_tiles_show_their_tract(study):
    proxies = study.read("proxies").set_index("geoid")
    greens = []
    for geoid in proxies.index:
        rgb = np.asarray(Image.open(study.path / "images" / "satellite" / f"{geoid}.png"))
        nir = np.asarray(Image.open(study.path / "images" / "satellite_nir" / f"{geoid}.png"))
        assert rgb.shape == (256, 256, 3)
        assert nir.shape == (256, 256)
        red = (rgb[..., 0] / 255.0) ** 2.2
        infrared = (nir / 255.0) ** 2.2
        greens.append(((infrared - red) / (infrared + red + 1e-6)).mean())
    assert np.corrcoef(greens, proxies["ndvi"])[0, 1] > 0.8


def test_each_tile_lies_over_its_tract(study):
    bounds = study.read("tracts").set_index("geoid").geometry.bounds
    tiles = study.read("tiles").set_index("geoid").loc[bounds.index]
    hair = 1e-9
    assert (tiles["west"] <= bounds["minx"] + hair).all()
    assert (tiles["east"] >= bounds["maxx"] - hair).all()
    assert (tiles["south"] <= bounds["miny"] + hair).all()
    assert (tiles["north"] >= bounds["maxy"] - hair).all()


def test_bands_are_written_on_request(study, tmp_path):
    assert not (study.path / "images" / "sentinel2").exists()
    asked = build_world(replace(SMALL, bands=True), tmp_path / "twin")
    for geoid in asked.read("tracts")["geoid"]:
        bands = np.load(asked.path / "images" / "sentinel2" / f"{geoid}.npy")
        column = np.load(asked.path / "images" / "no2_column" / f"{geoid}.npy")
        assert bands.shape == (12, *column.shape)
        assert column.min() > 0


def test_the_truth_of_people_and_air_is_there(study):
    slopes = study.read("truth/slopes").set_index(["outcome", "covariate"])["value"]
    assert slopes["log_income", "canopy"] == PeopleLaw().income_on_canopy
    stations, air = study.read("stations"), study.read("air")
    assert set(stations["geoid"]) <= set(study.read("tracts")["geoid"])
    assert set(air["station"]) == set(stations["station"])
    assert len(study.read("weather")) == air["hour"].nunique() == 4 * 168
    assert (study.read("flows").groupby("origin")["commuters"].sum() > 0).all()


def test_a_built_world_is_known_by_its_metros_seed_and_bands(study):
    assert is_built(SMALL, study.path)
    assert not is_built(replace(SMALL, seed=3), study.path)
    assert not is_built(replace(SMALL, metros=("miami", "seattle")), study.path)
    assert not is_built(replace(SMALL, bands=True), study.path)
    assert not is_built(SMALL, study.path / "nowhere")


def test_it_does_not_write_over_other_studies(tmp_path):
    town = write_tiny_study(tmp_path / "town")
    write_info(town.path, replace(town.info, kind="observed"))
    with pytest.raises(StudyError, match="choose another folder"):
        build_world(SMALL, tmp_path / "town")
    with pytest.raises(UnknownMetroError):
        build_world(replace(SMALL, metros=("atlantis",)), tmp_path / "x")
