"""Files and folders that nobody reads are named with what may be meant by them."""

import shutil
from pathlib import Path

import pytest

from aespa_core.studies.catalogue import list_studies
from aespa_core.studies.folder import open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine


def told(folder) -> list[str]:
    """Sign a study again and give its notices; it stays valid."""
    write_manifest(folder)
    found = examine(folder)
    assert found.faults == ()
    return [str(notice) for notice in found.notices]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("Temperature.parquet", "temperature.parquet"),
        ("proxies.PARQUET", "proxies.parquet"),
        ("mobilty.pq", "mobility.parquet"),
        ("proxies_2020.geoparquet", "proxies.parquet"),
    ],
)
def test_a_file_nobody_reads(folder, name, meant):
    shutil.copy(folder / "flows.parquet", folder / name)
    assert told(folder) == [f"{name}: nobody reads this file: rename it to '{meant}' if it is that"]


@pytest.mark.parametrize("name", ["Estimates", "estimate", "Estimates "])
def test_a_folder_nobody_reads(folder, name):
    (folder / "estimates").rename(folder / name)
    assert told(folder) == [
        f"{name}: nobody reads this folder: rename it to 'estimates' if it is that"
    ]
    assert open_study(folder).runs == ()


def test_a_folder_without_tables_is_nobodys_concern(folder):
    (folder / "images").mkdir()
    (folder / "images" / "a.txt").write_text("x")
    assert told(folder) == []


def test_a_table_of_a_run_that_has_no_estimates(folder):
    (folder / "attention").mkdir()
    table = open_study(folder).read("tracts")[["geoid"]].assign(photo="a", attention=1.0)
    table.to_parquet(folder / "attention" / "tract_modl.parquet")
    assert told(folder) == [
        "attention/tract_modl.parquet: nobody shows this: there is no estimates/tract_modl.parquet"
        ": rename it to 'tract_model.parquet' if it is of that run"
    ]


def in_a_folder(path: Path) -> None:
    """Write a table as some programs do: a folder of its name, with its parts."""
    part = path.rename(path.with_name("part"))
    path.mkdir()
    part.rename(path / "part-0.parquet")


def test_a_folder_in_place_of_a_table_is_refused(folder):
    in_a_folder(folder / "proxies.parquet")
    write_manifest(folder)
    (fault,) = examine(folder).faults
    assert (fault.file, fault.problem) == ("proxies.parquet", "this is a folder")
    assert fault.remedy == "write the table as one Parquet file of that name"
    assert fault.unusable


def test_a_folder_in_place_of_a_run_is_told(folder):
    in_a_folder(folder / "estimates" / "tract_model.parquet")
    assert told(folder) == [
        "estimates/tract_model.parquet: nobody reads this folder: write the table as one Parquet "
        "file of that name"
    ]


@pytest.mark.parametrize(
    ("name", "meant"), [("proxies.csv", "proxies"), ("Temperature 2020.xlsx", "temperature")]
)
def test_a_table_as_other_programs_write_it(folder, name, meant):
    (folder / name).write_text("geoid\n")
    (folder / "licence.txt").write_text("x")
    assert told(folder) == [
        f"{name}: nobody reads this file: write it as '{meant}.parquet' if it is that"
    ]


def test_a_study_without_its_first_file_is_listed_with_the_cure(folder, monkeypatch):
    monkeypatch.setenv("AESPA_STUDIES", str(folder.parent))
    (folder / "study.toml").rename(folder / "study.toml.txt")
    (folder.parent / "notes").mkdir()
    (mine,) = [study for study in list_studies() if study.path.parent == folder.parent]
    assert mine.info is None
    assert mine.problem == f"{folder} has no study.toml: rename 'study.toml.txt' to that."
    (folder / "study.toml.txt").unlink()
    (mine,) = [study for study in list_studies() if study.path.parent == folder.parent]
    assert mine.problem == f"{folder} has no study.toml: a study folder starts with one."


@pytest.mark.parametrize(("slip", "key"), [("licenses", "licences"), ("knid", "kind")])
def test_a_key_with_a_slip_is_renamed_and_keeps_its_value(folder, slip, key):
    toml = folder / "study.toml"
    toml.write_text(toml.read_text().replace(f"{key} =", f"{slip} ="))
    write_manifest(folder)
    (fault,) = examine(folder).faults
    assert (fault.problem, fault.remedy) == (f"unknown key '{slip}'", f"rename it to '{key}'")
