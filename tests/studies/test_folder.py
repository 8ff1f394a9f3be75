"""What is written is what is read; files and folders appear whole or not at all."""

import os
import string
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from aespa_core.errors import FileError, ManifestError, StudyError
from aespa_core.studies import catalogue
from aespa_core.studies.atomic import replacing_folder, write_parquet, write_text
from aespa_core.studies.catalogue import list_studies, study_paths
from aespa_core.studies.folder import open_study, read_table
from aespa_core.studies.info import StudyInfo, info_as_toml, read_info
from aespa_core.studies.inventory import count_table
from tests.tiny_study import tiny_tables, write_tiny_study

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
LINE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=60)


def test_a_study_comes_back_as_it_was_written(tiny_study):
    tables, estimates = tiny_tables()
    assert tiny_study.tables == ("tracts", "temperature", "proxies")
    assert tiny_study.runs == ("tract_model",)
    tracts = tiny_study.read("tracts")
    assert isinstance(tracts, gpd.GeoDataFrame)
    assert_geodataframe_equal(tracts, tables["tracts"], check_dtype=False)
    assert_frame_equal(tiny_study.read("temperature"), tables["temperature"], check_dtype=False)
    assert_frame_equal(tiny_study.read_run("tract_model"), estimates, check_dtype=False)


@settings(max_examples=25)
@given(
    values=st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=30),
    words=st.text(string.printable, max_size=20),
)
def test_any_number_and_text_survive_the_disk(tmp_path_factory, values, words):
    path = tmp_path_factory.mktemp("disk") / "table.parquet"
    table = pd.DataFrame({"geoid": "01001020100", "value": values, "words": words})
    write_parquet(path, table)
    again = read_table(path)
    np.testing.assert_array_equal(again["value"], table["value"])
    assert (again["words"] == words).all()
    assert (again["geoid"] == "01001020100").all()


@settings(max_examples=50)
@given(name=LINE, notes=st.lists(TEXT, max_size=4))
def test_any_text_survives_study_toml(tmp_path_factory, name, notes):
    folder = tmp_path_factory.mktemp("toml")
    info = StudyInfo(name, "simulated", "2010", ("MIT",), (), tuple(notes))
    write_text(folder / "study.toml", info_as_toml(info))
    assert read_info(folder) == info


def test_a_list_given_as_text_is_refused(tmp_path):
    (tmp_path / "study.toml").write_text(
        'name = "x"\nkind = "observed"\nvintage = "2010"\nlicences = "MIT"\nsources = []\n'
    )
    with pytest.raises(StudyError, match="'licences' is not a list of texts"):
        read_info(tmp_path)


def test_an_edited_file_keeps_a_study_from_opening(tmp_path):
    study = write_tiny_study(tmp_path / "town")
    rows = study.read_run("tract_model")
    write_parquet(study.path / "estimates" / "tract_model.parquet", rows.iloc[::-1])
    with pytest.raises(
        ManifestError, match=r"estimates/tract_model\.parquet: the file is not the one"
    ):
        open_study(study.path)


def test_a_failed_write_leaves_the_old_folder(tmp_path):
    target = tmp_path / "town"
    target.mkdir()
    (target / "old").write_text("kept")

    def fail() -> None:
        with replacing_folder(target) as new:
            (new / "half").write_text("")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [path.name for path in tmp_path.iterdir()] == ["town"]
    assert (target / "old").read_text() == "kept"
    with replacing_folder(target) as new:
        (new / "whole").write_text("")
    assert [path.name for path in tmp_path.rglob("*")] == ["town", "whole"]


def test_a_swap_that_fails_puts_the_old_folder_back(tmp_path, monkeypatch):
    target = tmp_path / "town"
    target.mkdir()
    (target / "old").write_text("kept")
    rename = Path.rename

    def fail_for_new(path: Path, goal: Path) -> Path:
        if path.name == "new":
            raise OSError("no")
        return rename(path, goal)

    monkeypatch.setattr(Path, "rename", fail_for_new)
    with pytest.raises(FileError, match="no"), replacing_folder(target) as new:
        (new / "whole").write_text("")
    assert (target / "old").read_text() == "kept"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(FileError, match="cannot be made"),
        replacing_folder(tmp_path / "file" / "town"),
    ):
        pass


def test_the_catalogue_lists_whole_studies_and_names_broken_ones(tmp_path, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", os.fspath(tmp_path))
    write_tiny_study(tmp_path / "town")
    write_tiny_study(tmp_path / ".town-half")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "study.toml").write_text("name =")
    mine = {study.id: study for study in list_studies() if study.path.parent == tmp_path}
    assert set(mine) == {"broken", "town"}
    assert mine["town"].info.name == "Gridville"
    assert "is not TOML" in mine["broken"].problem
    assert study_paths(tmp_path / "town") == [tmp_path / "town"]


def test_the_catalogue_lists_what_ships_first_if_it_is_there(
    tiny_study, tmp_path, monkeypatch, nothing_shipped
):
    monkeypatch.setenv("AESPA_STUDIES", os.fspath(tmp_path))
    assert list_studies() == []
    write_tiny_study(tmp_path / "a town")
    monkeypatch.setattr(catalogue, "DEMO", tiny_study.path)
    assert [study.id for study in list_studies()] == ["gridville", "a town"]
    monkeypatch.setattr(catalogue, "ATLAS", write_tiny_study(tmp_path / "ships" / "atlas").path)
    assert [study.id for study in list_studies()] == ["atlas", "gridville", "a town"]


def test_missing_values_are_counted(tiny_study):
    count = count_table("temperature", tiny_study.read("temperature"))
    assert (count.rows, count.missing) == (144, {"lst_day_c": 1})
