"""A real metro: the whole set is made, and says what is published of US metros."""

from pathlib import Path

import pytest

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import TABLES, tables_of
from aespa_core.analysis.disparity.sample import sample_of
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.sources.metro_study import ingest_metro

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seattle(mirror: Path, tmp_path_factory) -> dict[str, ResultTable]:
    """Ingest one metro and make all its tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESPA_DATA_MIRROR", str(mirror))
        study = ingest_metro("seattle", tmp_path_factory.mktemp("real") / "seattle")
    asked = Specification()
    made = tables_of(Analysis(sample_of([study], asked), asked))
    return {table.id: table for table in made}


def test_the_whole_set_is_made(seattle):
    assert list(seattle) == list(TABLES)
    for name, table in seattle.items():
        assert len(table.frame) > 5, name
    assert "Nowhere in these studies: observed by night." in seattle["T2"].note
    for kind in ("Observed", "Model-implied"):
        assert any(line.startswith(kind) for line in seattle["T2"].note)


def test_poorer_tracts_are_hotter(seattle):
    """As Hsu et al. 2021 (Nat. Commun. 12:2721) and Benz & Burney 2021 (Earth's Future)."""
    fifths = seattle["T2"].frame.query(
        "outcome == 'Observed by day' and group == 'Poorest minus richest fifth'"
    )
    tenths = seattle["T6"].frame.query(
        "outcome == 'Observed by day' and tenth == 'Poorest minus richest tenth of tracts'"
    )
    for gap in (fifths, tenths):
        assert len(gap) == 1
        assert 0.5 < gap["estimate"].item() < 5
        assert gap["low95"].item() > 0
    slope = seattle["T3"].frame.query(
        "outcome == 'Observed by day' and model == '(1)' and term == 'income_sd'"
    )
    assert -2 < slope["estimate"].item() < -0.3
    assert slope["high95"].item() < 0
    uneven = seattle["T7"].frame.query(
        "outcome == 'Observed by day' and index == 'Concentration by income'"
    )
    assert uneven["high95"].item() < 0


def test_three_counties_are_too_few_to_cluster_by(seattle):
    words = "Seattle: 3 counties are too few to cluster by (under 10): spatial blocks instead."
    assert words in seattle["T10"].notices
