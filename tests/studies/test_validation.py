"""A study as a whole: every fault is listed, and every file that cannot be used."""

import numpy as np
import pandas as pd
import pandera.pandas as pa
import pytest

from aespa_core.errors import StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.faults import EXAMINED_ROWS, Sheet, exit_code
from aespa_core.studies.manifest import MANIFEST, write_manifest
from aespa_core.studies.schema_faults import cell_faults
from aespa_core.studies.tables import PLACE_TABLES
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


@pytest.mark.parametrize("count", [2, 5, 6, 30])
def test_one_cause_is_one_fault_with_its_count(folder, count):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[10 : 9 + count, "lst_day_c"] = 298.4 + np.arange(count) / 10
        return frame

    (fault,) = plant(folder, "temperature", change)
    assert (fault.row, fault.count) == (10, count)
    assert fault.rows == tuple(range(10, 10 + count))
    line = str(fault)
    assert "the same in row 11" in line
    # five rows in all are named
    assert (f" and {count - 5} more" in line) == (count > 5)
    assert ("13, 14" in line) == (count >= 5)


def test_rows_are_counted_under_their_own_cause_or_under_none():
    rows = EXAMINED_ROWS + 3_000
    values = np.full(rows, 298.4)
    values[:2] = values[2_500:2_510] = values[-1] = -9999.0
    sheet = Sheet("temperature.parquet", pd.DataFrame({"lst_day_c": values}))
    columns = {"lst_day_c": PLACE_TABLES["temperature"].columns["lst_day_c"]}
    code, kelvin, rest = cell_faults(sheet, columns)
    assert ("code for a missing" in code.problem, code.count) == (True, 12)
    assert ("kelvin" in kelvin.problem, kelvin.count) == (True, EXAMINED_ROWS - 12)
    assert "3,000 more rows are wrong and were not sorted by cause" in rest.problem
    assert (rest.row, rest.count, rest.column) == (EXAMINED_ROWS, 3_000, "lst_day_c")


def test_a_check_that_only_pandera_knows_is_asked_of_pandera():
    column = pa.Column(str, pa.Check.isin(["a", "b"]), metadata={"unit": "text"})
    sheet = Sheet("x.parquet", pd.DataFrame({"kind": ["a", "c", "b", "d"]}))
    (fault,) = cell_faults(sheet, {"kind": column})
    assert fault.rows == (1, 3)


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
