"""``aespa embed``: end to end on a made study, and bad input."""

import json
import shutil

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aespa_core.studies.manifest import write_manifest
from tests.tiny_study import write_tiny_study

PHOTOS = 3


@pytest.fixture
def study(tmp_path):
    """Write the town with a tile and some photos for two of its tracts."""
    made = write_tiny_study(tmp_path / "town")
    for number, geoid in enumerate(made.read("tracts")["geoid"][:2]):
        folder = made.path / "images" / "street" / geoid
        tile = made.path / "images" / "satellite" / f"{geoid}.png"
        folder.mkdir(parents=True)
        tile.parent.mkdir(exist_ok=True)
        Image.new("RGB", (32, 32), (90 * number, 99, 0)).save(tile)
        for k in range(PHOTOS):
            Image.new("RGB", (32, 16), (90 * number, 40 * k, 90)).save(folder / f"{k}.jpg")
    write_manifest(made.path)
    return made.path


def test_a_second_run_looks_at_nothing(aespa, study, tmp_path):
    words = ("embed", study, "--cache", tmp_path / "cache", "--photos", 2, "--grid", 2, "--json")
    code, printed, _ = aespa(*words)
    first = json.loads(printed)
    assert code == 0
    assert (first["tracts"], first["images"], first["encoded"]) == (144, 6, 6)
    assert (first["satellite"], first["street"]) == ([144, 5, 96], [144, 2, 96])
    assert json.loads(aespa(*words)[1])["encoded"] == 0
    code, printed, _ = aespa(*words[:-1])
    assert code == 0
    assert "6 images of 144 tracts, 0 of them looked at now" in printed
    # the study is as it was: embeddings lie beside it
    assert aespa("study", "validate", study)[0] == 0


def test_a_skipped_hour_is_told_to_people_and_to_machines(aespa, study, tmp_path):
    geoid = pd.read_parquet(study / "tracts.parquet", columns=["geoid"])["geoid"].to_numpy()
    hours = np.array([hour for hour in range(168) if hour != 146])
    rows = {"geoid": np.repeat(geoid, len(hours)), "hour_of_week": np.tile(hours, len(geoid))}
    pd.DataFrame(rows).assign(visits=9.0).to_parquet(study / "mobility.parquet")
    write_manifest(study)
    words = ("embed", study, "--cache", tmp_path / "cache", "--grid", 2, "--json")
    code, printed, error = aespa(*words)
    assert code == 0
    assert "'gridville' have 167 of 168 hours: Sunday 02:00 is missing in every one" in error
    assert [f"Notice: {said}" for said in json.loads(printed)["notices"]] == error.splitlines()


def test_labels_and_areas_are_not_asked_for(aespa, study, tmp_path):
    tracts = gpd.read_parquet(study / "tracts.parquet")
    tracts.drop(columns=["aland_m2", "awater_m2"]).to_parquet(study / "tracts.parquet")
    (study / "temperature.parquet").unlink()
    write_manifest(study)
    words = ("embed", study, "--cache", tmp_path / "cache", "--grid", 2, "--json")
    code, printed, error = aespa(*words)
    assert (code, error) == (0, "")
    assert json.loads(printed)["images"] == 2 * (1 + PHOTOS)
    code, _, error = aespa(*words, "--backend", "auto")
    assert code == 2
    assert "has no table 'temperature'" in error


def test_bad_input_is_one_sentence_and_nothing_is_written(aespa, study, tiny_study, tmp_path):
    cache = tmp_path / "cache"
    photo = next((study / "images" / "street").glob("*/1.jpg"))
    for words, sentence in (
        ((tmp_path / "nowhere",), "There is no folder"),
        ((tiny_study.path,), "has no images: put tiles into images/satellite/<geoid>.png"),
        ((study, "--street-weights", "/gone/clip"), "There is no folder /gone/clip to take a CLIP"),
        ((study, "--satellite-weights", "$NO_SUCH"), "take a ViT from $NO_SUCH, which is not set"),
        ((study, "--backend", "tpu"), "There is no backend 'tpu'"),
        ((study, "--grid", 9), "grid = 9 does not fit 8 × 8 patches"),
        ((study, "--cache", photo), "give --cache a folder of its own"),
    ):
        code, _, error = aespa("embed", *words, *(() if "--cache" in words else ("--cache", cache)))
        assert code == 2, error
        assert sentence in error
        assert error.count("\n") == 1
    assert not cache.exists()


def test_a_broken_photo_is_named(aespa, study, tmp_path):
    photo = next((study / "images" / "street").glob("*/1.jpg"))
    photo.write_bytes(photo.read_bytes()[:200])
    write_manifest(study)
    code, _, error = aespa("embed", study, "--cache", tmp_path / "cache")
    assert code == 2
    assert f"{photo} is not a whole image" in error
    assert error.count("\n") == 1
    shutil.rmtree(photo.parent)
    photo.parent.mkdir()
    code, _, error = aespa("embed", study, "--cache", tmp_path / "cache")
    assert code == 2
