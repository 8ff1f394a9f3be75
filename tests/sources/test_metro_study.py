"""A whole ingest on the small mirror: what is missing stays missing, a failure leaves nothing."""

import shutil

import numpy as np
import pytest

from aespa_core.errors import FileError, MirrorError, StudyError, UnknownMetroError
from aespa_core.sources.metro_study import STEPS, ingest_metro, metros_chosen
from aespa_core.studies.validation import validate_study
from tests.sources.tiny_mirror import IDS
from tests.tiny_study import write_tiny_study


@pytest.fixture(autouse=True)
def small(tiny_mirror, monkeypatch):
    """Point the program at the small mirror."""
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(tiny_mirror.folder))


def test_an_ingested_study_is_valid_and_keeps_its_gaps(tmp_path):
    steps = []
    study = ingest_metro("minneapolis", tmp_path / "twin_cities", steps.append)
    assert validate_study(study.path) == []
    assert study.info.kind == "observed"
    assert study.tables == ("tracts", "temperature", "proxies", "mobility", "flows")
    assert len(steps) in (STEPS, STEPS + 1)
    tracts = study.read("tracts").set_index("geoid")
    heat = study.read("temperature").set_index("geoid")
    proxies = study.read("proxies").set_index("geoid")
    assert tracts.index.tolist() == IDS
    assert heat["lst_day_c"].isna().sum() == 2
    assert heat["lst_night_c"].isna().all()
    assert heat.loc[IDS[0], "source"].startswith("summer mean LST")
    assert heat.loc[IDS[11], "source"] == "not measured"
    assert proxies[["albedo", "shadow", "impervious"]].isna().all(axis=None)
    assert proxies.loc[IDS[0], "ndvi"] == 0.15
    assert np.isnan(tracts.loc[IDS[3], "white_population"])
    # people live in the south-west of each square, and nobody says where in the last
    assert tracts.loc[IDS[1], ["people_lon", "people_lat"]].tolist() == [-92.987, 45.002]
    assert tracts.loc[IDS[11], ["people_lon", "people_lat"]].isna().all()
    # what the table counts stands in the notes too
    assert any(
        note.startswith("temperature: 12 rows") and "lst_day_c 2" in note
        for note in study.info.notes
    )


def test_a_failed_ingest_leaves_no_half_made_study(tiny_mirror, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    shutil.copytree(tiny_mirror.folder, folder)
    (folder / "mobility" / "commute_od_minneapolis.csv.gz").write_bytes(b"\x1f\x8b")
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(folder))
    out = tmp_path / "out"
    with pytest.raises(MirrorError, match="commute_od_minneapolis"):
        ingest_metro("minneapolis", out / "minneapolis")
    assert not out.exists()


def test_an_ingest_that_fails_while_writing_keeps_the_old_study(tmp_path, monkeypatch):
    study = ingest_metro("minneapolis", tmp_path / "twin_cities")
    before = study.read("temperature")

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("aespa_core.studies.folder.write_manifest", full_disk)
    with pytest.raises(FileError, match="no space"):
        ingest_metro("minneapolis", tmp_path / "twin_cities")
    assert [path.name for path in tmp_path.iterdir()] == ["twin_cities"]
    assert study.read("temperature").equals(before)


def test_a_second_ingest_keeps_estimates(tmp_path):
    study = ingest_metro("minneapolis", tmp_path / "twin_cities")
    (study.path / "images").mkdir()
    (study.path / "images" / "photo.txt").write_text("a photo")
    again = ingest_metro("minneapolis", tmp_path / "twin_cities")
    assert (again.path / "images" / "photo.txt").read_text() == "a photo"
    assert validate_study(again.path) == []


def test_another_study_is_not_overwritten(tmp_path):
    write_tiny_study(tmp_path / "town")
    with pytest.raises(StudyError, match="kind 'simulated'"):
        ingest_metro("minneapolis", tmp_path / "town")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "thesis.txt").write_text("work")
    with pytest.raises(FileError, match=r"holds thesis\.txt, and is not a study"):
        ingest_metro("minneapolis", tmp_path / "papers")
    assert (tmp_path / "papers" / "thesis.txt").read_text() == "work"


def test_an_unknown_metro_names_the_known_ones(tmp_path):
    with pytest.raises(UnknownMetroError, match="'paris': choose one of boston, dallas"):
        ingest_metro("paris", tmp_path / "paris")
    assert len(metros_chosen("all")) == 8
