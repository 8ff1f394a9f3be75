"""Estimates of the atlas come along with a study of the same tracts, and with no other."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.studies.atlas_run import RUN, atlas_runs
from aespa_core.studies.folder import (
    StudyInfo,
    add_explanations,
    add_run,
    open_study,
    write_study,
)
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS
from aespa_core.studies.validation import validate_study
from tests.made_cells import made_cells
from tests.studies.planting import plant
from tests.tiny_study import tiny_tables, write_tiny_study


@pytest.fixture
def atlas(tmp_path):
    """Make an atlas of the imaginary town and of one more metro."""
    _, run = tiny_tables()
    other = run.assign(
        geoid=[f"02{geoid[2:]}" for geoid in run["geoid"]],
        metro="elsewhere",
        contribution_albedo_c=0.0,
    )
    both = pd.concat([run, other], ignore_index=True)
    info = StudyInfo("Atlas", "estimated", "2010", (), ())
    tables = {"estimates": both, "cells": made_cells(both["geoid"])}
    return write_study(tmp_path / "atlas", info, tables).path


def test_a_study_gets_the_rows_of_its_own_tracts(atlas):
    tables, run = tiny_tables()
    mine = atlas_runs(tables["tracts"]["geoid"], atlas)[RUN]
    assert set(mine) == {"estimates"}
    pd.testing.assert_frame_equal(mine["estimates"], run.reset_index(drop=True), check_like=True)
    assert "contribution_albedo_c" not in mine["estimates"]


def test_other_tracts_get_nothing(atlas, tmp_path):
    geoids = pd.Series(["01001020100", "99001020100"])
    assert atlas_runs(geoids, atlas) == {}
    assert atlas_runs(geoids, tmp_path / "nothing") == {}


def test_explanations_come_along_with_the_estimates(atlas, tmp_path):
    study = write_tiny_study(tmp_path / "town")
    geoids = study.read("tracts")["geoid"]
    opened = open_study(atlas)
    estimates = opened.read("estimates")
    base = estimates[["geoid"]].assign(
        part="base", effect_c=estimates["base_c"], own_c=float("nan")
    )
    add_explanations(opened, RUN, {"attributions": base, "responses": made_curves(estimates)})
    runs = atlas_runs(geoids, atlas)
    assert set(runs[RUN]) == {"estimates", "attributions", "responses"}
    again = write_study(tmp_path / "new", study.info, {"tracts": study.read("tracts")}, runs)
    assert again.run_tables(RUN) == ("estimates", "attributions", "responses")
    for name in again.run_tables(RUN):
        assert set(again.read_run(RUN, name)["geoid"]) == set(geoids)
    assert again.read_run(RUN, "responses")["line_c"].dtype == "float32"
    assert validate_study(again.path) == []


def made_curves(estimates: pd.DataFrame) -> pd.DataFrame:
    """Give every tract the same straight curve of NDVI."""
    rooms = dict.fromkeys(("lowest", "usual_lowest"), -0.1)
    rooms |= dict.fromkeys(("highest", "usual_highest"), 0.1)
    flat = dict.fromkeys((*WEIGHTS, *SLOPES, *OFFSETS), np.float32(0.0))
    return estimates[["geoid", "metro"]].assign(
        proxy="ndvi", member=0, value=float("nan"), **rooms, line_c=np.float32(-2.0), **flat
    )


def test_a_run_is_added_to_a_study_and_its_manifest(atlas, tmp_path):
    study = write_tiny_study(tmp_path / "town")
    mine = atlas_runs(study.read("tracts")["geoid"], atlas)[RUN]
    again = add_run(study, RUN, mine["estimates"])
    assert RUN in open_study(study.path).runs
    assert len(again.read_run(RUN)) == len(mine["estimates"])
    assert validate_study(study.path) == []


@pytest.mark.parametrize(
    ("change", "problem", "remedy"),
    [
        (lambda rows: rows.assign(member=2 * rows["member"]), "3 members of 'gridville' are "
         "numbered 0, 2, 4", "number them from 0 to 2"),
        (lambda rows: rows.assign(member=rows["member"] + 1), "are numbered 1, 2, 3", "from 0"),
        (lambda rows: rows.drop(index=[3, 9]), "2 of 144 curves of 'gridville' lack some of its 3 "
         "members", "run `aespa attribute` again"),
    ],
)  # fmt: skip
def test_members_are_numbered_without_gaps_and_each_curve_has_all(
    tmp_path, change, problem, remedy
):
    study = write_tiny_study(tmp_path / "town")
    curves = pd.concat(
        [made_curves(study.read_run("tract_model")).assign(member=number) for number in range(3)],
        ignore_index=True,
    )
    add_explanations(study, "tract_model", {"responses": curves})
    (fault,) = plant(study.path, "responses/tract_model", change)
    assert (fault.file, fault.column) == ("responses/tract_model.parquet", "member")
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_members_of_one_metro_are_not_held_against_those_of_another(tmp_path):
    study = write_tiny_study(tmp_path / "town")
    curves = made_curves(study.read_run("tract_model"))
    more = curves[curves["geoid"] >= "01001020150"].assign(member=1)
    half = np.where(study.read("tracts")["geoid"] < "01001020150", "gridville", "eastville")
    for table in ("tracts", "estimates/tract_model"):
        plant(study.path, table, lambda frame: frame.assign(metro=half))
    both = pd.concat([curves, more], ignore_index=True)
    both["metro"] = np.where(both["geoid"] < "01001020150", "gridville", "eastville")
    add_explanations(open_study(study.path), "tract_model", {"responses": both})
    assert validate_study(study.path) == []
