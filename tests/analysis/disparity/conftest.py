"""The whole set of tables of the made towns, once; shorter specifications of them."""

import shutil
from typing import Final

import pytest

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.specification import Specification
from tests.conftest import missing
from tests.made_disparity import made_study, tables_by_id

# One outcome of each kind and one quantile: what takes time is left out.
QUICK: Final = Specification(outcomes=("observed_day", "predicted_day"), quantiles=(0.5,))


@pytest.fixture(scope="session")
def whole_set(tmp_path_factory) -> dict[str, ResultTable]:
    """All outcomes and quantiles."""
    return tables_by_id(tmp_path_factory.mktemp("disparity") / "towns", made_study())


@pytest.fixture(scope="session")
def quick_set(tmp_path_factory) -> dict[str, ResultTable]:
    """Tables of :data:`QUICK`."""
    return tables_by_id(tmp_path_factory.mktemp("disparity") / "quick", made_study(), QUICK)


@pytest.fixture(scope="session")
def pdflatex() -> str:
    """Path of a LaTeX compiler."""
    compiler = shutil.which("pdflatex")
    if compiler is None:
        missing("no pdflatex: install your system's `texlive-latex-recommended` package")
    return compiler
