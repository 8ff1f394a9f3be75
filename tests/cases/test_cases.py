"""Every reported case is answered as its table says, and no unknown one ends in a traceback."""

import os
from pathlib import Path

import pytest

from tests.cases.answers import ANSWERS
from tests.cases.case import cases_in, wrong_with
from tests.conftest import missing

CASES = Path(os.environ.get("AESPA_CASES") or "nowhere")
pytestmark = pytest.mark.slow


def names() -> list[str]:
    """Folders of the directory, or of the table where there is no directory."""
    return [case.folder.name for case in cases_in(CASES)] if CASES.is_dir() else list(ANSWERS)


@pytest.mark.parametrize("name", names())
def test_a_case_is_answered(name):
    if not CASES.is_dir():
        missing("no cases: set AESPA_CASES to their folder")
    (case,) = cases_in(CASES / name)
    assert wrong_with(case) == []


def test_no_case_of_the_table_is_missing():
    if not CASES.is_dir():
        missing("no cases: set AESPA_CASES to their folder")
    assert set(ANSWERS) <= {path.name for path in CASES.iterdir()}
