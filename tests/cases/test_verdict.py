"""The judge of walks finds what it is there for, and nothing else."""

import pytest

from tests.cases.case import Case, unlike_number, unlike_outcome
from tests.cases.doors import Answer, open_page, run_command
from tests.cases.verdict import (
    complaints,
    differences,
    fault_words,
    last_line,
    names_at_fault,
)
from tests.cases.walk import Walk

FAULT = "study: tracts.parquet, row 3, income: -666666666 is a code for a missing value; mend it"
TRACE = 'Traceback\n  File "/x/aespa_core/places.py", line 7, in f\nKeyError: geometry'


def walked(slope: float = -0.52, **answers: Answer) -> Walk:
    """Make a walk of validating and one table."""
    usual = {"validate": Answer(door="validate", out="study: valid"),
             "disparity": Answer(door="disparity", out="T3: 41 rows")}  # fmt: skip
    return Walk(usual | answers, {"disparity": {"T3 slope": slope}})


CLEAN = walked()


def found_in(walk: Walk) -> list[str]:
    return complaints(walk, CLEAN, ("income",))


def test_the_clean_study_is_right():
    assert found_in(walked()) == []


def test_a_number_that_changed_in_silence_is_found_and_one_with_a_sentence_is_not():
    (line,) = found_in(walked(-0.07))
    assert "T3 slope is -0.07 instead of -0.52" in line
    told = Answer(
        door="disparity", out="T3: 41 rows", err="Notice: tracts.parquet, Income: 3 codes"
    )
    assert found_in(walked(-0.07, disparity=told)) == []
    # a sentence that the clean study gets as well says nothing of the fault
    same = Answer(door="disparity", out="T3: 41 rows, income")
    usual = walked(disparity=same)
    assert len(complaints(walked(-0.07, disparity=same), usual, ("income",))) == 1


def test_a_traceback_and_a_strange_exit_code_are_found():
    (line,) = found_in(walked(disparity=Answer(door="disparity", code=1, trace=TRACE)))
    assert line == "disparity: traceback: KeyError: geometry (aespa_core/places.py:7)"
    (line,) = found_in(walked(disparity=Answer(door="disparity", code=3, err="income")))
    assert line == "disparity: exit code 3: income"


def test_a_short_problem_is_compared_with_its_file():
    refused = Answer(door="validate", code=2, out="study: manifest.json: is missing; write it")
    assert fault_words(refused) == ["manifest.json is missing"]


def test_what_validating_refuses_is_refused_everywhere_in_its_words():
    refused = Answer(door="validate", code=1, out=FAULT)
    (line,) = found_in(walked(validate=refused))
    assert "goes on with exit code 0 on what is not valid" in line
    other = Answer(door="disparity", code=2, err="income cannot be used")
    (line,) = found_in(walked(validate=refused, disparity=other))
    assert "in other words" in line
    same = Answer(door="disparity", code=2, err=FAULT.removesuffix("; mend it"))
    assert found_in(walked(validate=refused, disparity=same)) == []


def test_numbers_are_compared_to_a_rounding_and_missing_is_missing():
    assert differences({"a": 1.0, "b": float("nan")}, {"a": 1.0 + 1e-9, "b": float("nan")}) == []
    assert differences({"a": 1.0}, {"a": 1.001}) == ["a is 1.0 instead of 1.001"]
    assert differences({"a": float("nan")}, {"a": 1.0}) == ["a is nan instead of 1.0"]
    assert differences({}, {"a": 1.0}) == ["a is gone"]
    assert differences({"a": 1.0}, {}) == ["a is new"]
    walk = walked()
    assert unlike_number("disparity", "T3 slope", "-0.5", walk) == []
    assert unlike_number("disparity", "T3 slope", "-0.53", walk) != []
    assert unlike_number("disparity", "no such", "1", walk) != []


def test_outcomes_are_told_apart():
    refused = Answer(door="validate", code=1, out=FAULT)
    assert unlike_outcome("refused", walked(), CLEAN) == [
        "disparity: is not refused",
        "validate: is not refused",
    ]
    assert unlike_outcome("counted", walked(validate=refused), CLEAN) != []
    assert unlike_outcome("repaired", walked(), CLEAN) == []
    assert unlike_outcome("repaired", walked(-0.07), CLEAN) != []


def test_a_traceback_of_a_command_or_a_page_is_kept_and_not_raised(monkeypatch, tmp_path):
    def broken() -> None:
        raise KeyError("geometry")

    monkeypatch.setattr("aespa_core.__main__.main", broken)
    answer = run_command("study", "list")
    assert (answer.code, last_line(answer.trace)[:20]) == (1, "KeyError: 'geometry'")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "odd.py").write_text("import streamlit as st\nst.title(1 / 0)\n")
    monkeypatch.setattr("tests.cases.doors.ROOT", tmp_path)
    assert "ZeroDivisionError" in last_line(open_page("odd", tmp_path).trace)
    (tmp_path / "pages" / "odd.py").write_text(
        "import streamlit as st\nst.error('This app has encountered an error.')\n"
    )
    assert open_page("odd", tmp_path).trace


@pytest.mark.parametrize("name", ["income", "geometry"])
def test_what_is_at_fault_is_told_by_comparing(name, tiny_study, tmp_path):
    import shutil

    import geopandas as gpd

    study = shutil.copytree(tiny_study.path, tmp_path / "study")
    tracts = gpd.read_parquet(study / "tracts.parquet")
    if name == "income":
        tracts.loc[3, "median_household_income_usd"] = -666666666
    else:
        tracts = tracts.rename_geometry("geom")
    tracts.to_parquet(study / "tracts.parquet")
    (study / "mobility.parquet").unlink(missing_ok=True)
    named = names_at_fault(study)
    assert any(name in word for word in named)
    assert ("geometry" in named) == (name == "geometry")


def test_a_folder_is_a_case_whatever_its_name(tmp_path):
    (tmp_path / "99-kept-back" / "studies" / "mine").mkdir(parents=True)
    case = Case(tmp_path / "99-kept-back")
    assert [path.name for path in case.studies] == ["mine"]
    assert case.right is None
