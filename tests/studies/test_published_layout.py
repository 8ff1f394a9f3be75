"""The published layout goes out and comes back, and says what it cannot hold."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from aespa_core.commands.every_command import app
from aespa_core.errors import StudyError
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.published_layout import random_split, read_published, write_published
from aespa_core.studies.validation import examine
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.study import build_world

SMALL = TwinSettings(metros=("miami",), size_px=384, tracts=(6, 8), photos=2)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return build_world(SMALL, tmp_path_factory.mktemp("world") / "twin")


@pytest.fixture
def split(study):
    names = ("train", "train", "val", "test")
    return {g: names[i % 4] for i, g in enumerate(study.read("tracts")["geoid"])}


def test_what_is_written_is_read_again(study, split, tmp_path):
    assert write_published(study, split, tmp_path / "data") == 0
    back = read_published(tmp_path / "data")
    assert back.split.to_dict() == split
    heat = study.read("temperature").set_index("geoid")
    found = back.temperature.set_index("geoid").loc[heat.index]
    assert np.allclose(found["lst_day_c"], heat["lst_day_c"])
    assert np.allclose(found["lst_night_c"], heat["lst_night_c"])
    proxies = study.read("proxies").set_index("geoid")
    assert np.allclose(back.proxies.set_index("geoid").loc[proxies.index], proxies[list(PROXY_IDS)])
    keys = ["geoid", "hour_of_week"]
    week = study.read("mobility").set_index(keys)
    assert np.allclose(back.mobility.set_index(keys).loc[week.index, week.columns], week)


def test_files_are_where_the_published_code_looks(study, split, tmp_path):
    write_published(study, split, tmp_path / "data")
    geoid = next(g for g, name in split.items() if name == "val")
    assert np.load(tmp_path / "data" / "lst" / "val" / f"{geoid}.npy").shape == (2,)
    assert np.load(tmp_path / "data" / "mobility" / "val" / f"{geoid}.npy").shape == (168, 3)
    concept = tmp_path / "data" / "concepts" / "val" / f"{geoid}_tree_canopy_proxy.npy"
    assert np.load(concept).shape == ()
    assert (tmp_path / "data" / "satellite" / "val" / f"{geoid}.png").is_file()
    assert len(list((tmp_path / "data" / "street" / "val" / geoid).glob("*.jpg"))) == 2
    scale = json.loads((tmp_path / "data" / "normalization.json").read_text())
    train = [g for g, name in split.items() if name == "train"]
    day = study.read("temperature").set_index("geoid").loc[train, "lst_day_c"]
    assert scale["mean"] == pytest.approx(day.mean())


def test_a_tract_without_temperature_is_left_out_and_counted(study, split, tmp_path):
    gap = build_world(SMALL, tmp_path / "twin")
    table = gap.read("temperature")
    table.loc[0, "lst_day_c"] = np.nan
    write_parquet(gap.path / "temperature.parquet", table)
    write_manifest(gap.path)
    assert write_published(open_study(gap.path), split, tmp_path / "data") == 1
    assert table["geoid"][0] not in read_published(tmp_path / "data").split


def test_the_command_deals_and_writes(study, tmp_path):
    out = tmp_path / "data"
    done = CliRunner().invoke(
        app, ["study", "export-published", str(study.path), "--out", str(out), "--seed", "4"]
    )
    assert done.exit_code == 0, done.output
    assert "0 tracts" in done.output
    counts = read_published(out).split.value_counts()
    assert counts["train"] > counts["val"] >= 1
    assert random_split(study, 4) == read_published(out).split.to_dict()


def test_bad_input_is_named(study, split, tmp_path):
    geoid = next(iter(split))
    with pytest.raises(StudyError, match=f"Tract {geoid} has the split 'later'"):
        write_published(study, split | {geoid: "later"}, tmp_path / "data")
    with pytest.raises(StudyError, match="No tract of the split 'train'"):
        write_published(study, dict.fromkeys(split, "test"), tmp_path / "data")
    with pytest.raises(StudyError, match="give the data root"):
        read_published(tmp_path)
    write_published(study, split, tmp_path / "data")
    path = tmp_path / "data" / "lst" / split[geoid] / f"{geoid}.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(StudyError, match=r"has shape \(3,\)"):
        read_published(tmp_path / "data")
    path.write_bytes(b"nothing")
    with pytest.raises(StudyError, match="is not a NumPy array"):
        read_published(tmp_path / "data")


def test_pictures_of_every_ending_go_out_and_nothing_beside_them(study, split, tmp_path):
    """The layout knows PNG tiles and JPEG photos; the study may have others, and litter."""
    town = Path(shutil.copytree(study.path, tmp_path / "town"))
    first, second, third = list(split)[:3]
    satellite, street = town / "images" / "satellite", town / "images" / "street"
    with Image.open(satellite / f"{first}.png") as tile:
        tile.convert("RGB").save(satellite / f"{first}.JPG", "JPEG")
        tile.convert("RGB").save(street / second / "7.PNG", "PNG")
        size = tile.size
    (satellite / f"{first}.png").unlink()
    (street / third / "0.jpg").rename(street / third / "0.jpeg")
    (street / third / "Thumbs.db").write_bytes(b"litter")
    (street / third / "._1.jpg").write_bytes(b"litter")
    write_manifest(town)
    out = tmp_path / "data"
    write_published(open_study(town), split, out)
    with Image.open(out / "satellite" / split[first] / f"{first}.png") as tile:
        assert (tile.format, tile.size) == ("PNG", size)
    names = {path.name for path in (out / "street" / split[second] / second).iterdir()}
    assert names == {"0.jpg", "1.jpg", "7.jpg"}
    names = {path.name for path in (out / "street" / split[third] / third).iterdir()}
    assert names == {"0.jpg", "1.jpg"}
    with Image.open(out / "street" / split[second] / second / "7.jpg") as photo:
        assert photo.format == "JPEG"


def test_pictures_of_no_tract_are_counted(study, tmp_path):
    town = Path(shutil.copytree(study.path, tmp_path / "town"))
    assert examine(town).notices == study.notices == ()
    geoid = str(study.read("tracts")["geoid"][0])
    satellite, street = town / "images" / "satellite", town / "images" / "street"
    (satellite / f"{geoid}.png").rename(satellite / f"{geoid[1:]}.png")
    shutil.copyfile(satellite / f"{geoid[1:]}.png", satellite / "notes.png")
    (satellite / "._x.png").write_bytes(b"litter")
    (street / geoid).rename(street / f"{geoid}.0")
    write_manifest(town)
    tiles, photos = map(str, examine(town).notices)
    assert "images/satellite: 2 of 7 pictures have the name of no tract" in tiles
    assert geoid[1:] in tiles
    assert f"1 of 6 entries have the name of no tract (the first is {geoid}.0)" in photos
