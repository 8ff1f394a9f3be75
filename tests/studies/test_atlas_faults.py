"""An atlas: estimates and cells that must fit each other."""

from pathlib import Path

from aespa_core.studies.folder import write_study
from aespa_core.studies.info import StudyInfo
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from tests.made_cells import made_cells
from tests.studies.planting import plant, put
from tests.tiny_study import tiny_tables


def write_atlas(folder: Path) -> None:
    """Write the estimates of the small town as an atlas with one cell a tract."""
    estimates = tiny_tables()[1]
    cells = made_cells(estimates["geoid"])
    info = StudyInfo("Atlas", "estimated", "2010", ("MIT",), ("a test",))
    write_study(folder, info, {"estimates": estimates, "cells": cells})


def test_an_atlas_has_its_own_tables(tmp_path):
    write_atlas(tmp_path / "atlas")
    assert validate_study(tmp_path / "atlas") == []


def test_an_estimate_without_a_cell(tmp_path):
    write_atlas(tmp_path / "atlas")
    (fault,) = plant(tmp_path / "atlas", "cells", lambda frame: frame.drop(index=4))
    assert (fault.file, fault.row, fault.value) == ("estimates.parquet", 4, "01001020104")
    assert "has no cell" in fault.problem


def test_a_cell_of_no_estimate_and_a_broken_cell(tmp_path):
    write_atlas(tmp_path / "atlas")
    cells = plant(tmp_path / "atlas", "cells", put("cell", 3, "hexagon"))
    assert [(f.row, f.column, f.value) for f in cells] == [(3, "cell", "hexagon")]
    faults = plant(tmp_path / "atlas", "estimates", lambda frame: frame.drop(index=4))
    assert (4, "geoid") in [(f.row, f.column) for f in faults if f.file == "cells.parquet"]


def test_an_atlas_without_cells(tmp_path):
    write_atlas(tmp_path / "atlas")
    (tmp_path / "atlas" / "cells.parquet").unlink()
    write_manifest(tmp_path / "atlas")
    (fault,) = validate_study(tmp_path / "atlas")
    assert (fault.file, fault.problem) == ("cells.parquet", "the table is missing")


def test_a_cell_that_the_grid_does_not_have(tmp_path):
    write_atlas(tmp_path / "atlas")
    (fault,) = plant(tmp_path / "atlas", "cells", put("cell", 5, "88000000fffffff"))
    assert (fault.file, fault.row, fault.column) == ("cells.parquet", 5, "cell")
    assert "is no H3 cell" in fault.problem
