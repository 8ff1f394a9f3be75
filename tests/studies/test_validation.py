"""A study as a whole: every fault is listed, and every file that cannot be used."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.errors import StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.faults import exit_code
from aespa_core.studies.manifest import MANIFEST, write_manifest
from aespa_core.studies.validation import validate_study
from tests.studies.planting import plant, put
from tests.tiny_study import tiny_tables


def test_every_fault_is_listed_not_the_first(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for row, value in ((1, 298.4), (4, -9999.0), (9, np.inf)):
            frame.loc[row, "lst_day_c"] = value
        frame.loc[5, "geoid"] = "1001020105"
        return frame

    plant(folder, "proxies", put("canopy", 0, 55.0))
    faults = plant(folder, "temperature", change)
    assert [(f.file, f.row) for f in faults] == [
        ("proxies.parquet", 0),
        *(("temperature.parquet", row) for row in (1, 4, 5, 9)),
    ]


def test_changed_missing_and_unlisted_files(folder):
    (folder / "notes.txt").write_text("new")
    (folder / "flows.parquet").unlink()
    write_parquet(folder / "proxies.parquet", tiny_tables(seed=9)[0]["proxies"])
    faults = validate_study(folder)
    assert {(f.file, f.value) for f in faults} == {
        ("flows.parquet", "missing"),
        ("notes.txt", "unlisted"),
        ("proxies.parquet", "changed"),
    }
    assert exit_code(faults) == 2


def test_a_garbled_manifest(folder):
    (folder / MANIFEST).write_text("{")
    (fault,) = validate_study(folder)
    assert fault.file == MANIFEST
    assert "is not a manifest" in fault.problem


@pytest.mark.parametrize("table", ["tracts", "temperature", "estimates/tract_model"])
@pytest.mark.parametrize("content", [b"", b"not parquet", None])
def test_a_corrupt_table(folder, table, content):
    path = folder / f"{table}.parquet"
    path.write_bytes(path.read_bytes()[:-40] if content is None else content)
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert fault.file == f"{table}.parquet"
    assert "is not readable" in fault.problem
    assert fault.unusable


def test_every_problem_of_study_toml(folder):
    (folder / "study.toml").write_text(
        'name = 3\nkind = "guessed"\nlicences = "MIT"\nsources = []\ncolour = "red"\n'
    )
    write_manifest(folder)
    faults = validate_study(folder)
    assert {fault.column for fault in faults} == {"name", "kind", "vintage", "licences", "colour"}
    assert all(fault.unusable for fault in faults)


def test_study_toml_that_is_not_toml(folder):
    (folder / "study.toml").write_text("name = \n")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "is not TOML" in fault.problem


@pytest.mark.parametrize("what", ["nothing", "file", "empty"])
def test_no_study_at_all_is_an_error(tmp_path, what):
    path = tmp_path / "x"
    if what == "file":
        path.write_text("")
    if what == "empty":
        path.mkdir()
    with pytest.raises(StudyError, match=str(path)):
        validate_study(path)
