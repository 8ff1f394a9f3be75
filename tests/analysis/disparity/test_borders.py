"""Tables of neighbours on borders that miss by a rounding, and on borders that do not fit."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import sparse

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.figures.clusters import clusters
from aespa_core.analysis.disparity.figures.likeness import likeness
from aespa_core.analysis.disparity.sample import sample_of
from aespa_core.analysis.disparity.specification import Space, Specification
from aespa_core.analysis.disparity.tables.diagnostics import diagnostics
from aespa_core.analysis.disparity.tables.impacts import spatial_impacts
from aespa_core.analysis.disparity.tables.robustness import robustness
from aespa_core.analysis.spatial.lagrange import lagrange_tests
from aespa_core.analysis.spatial.moran import residual_moran
from aespa_core.analysis.spatial.spatial_weights import standardised
from tests.made_disparity import TOWNS, analysis_of, made_study
from tests.tiny_study import SIDE

OBSERVED = Specification(outcomes=("observed_day",), quantiles=(0.5,), space=Space(permutations=99))
WORDS = "pairs of tracts nearly touch without sharing a border and"
METRE = 1 / 110_574


def test_the_tiny_town_is_told_of_as_the_grid_that_it_is(tiny_study):
    analysis = Analysis(sample_of([tiny_study], OBSERVED), OBSERVED)
    rows = diagnostics(analysis).frame.set_index("test")["statistic"]
    part = analysis.metros[0]
    design = analysis.design(part, "observed_day")
    # who is next to whom by row and column, without any border
    place = np.array([divmod(int(geoid[-6:]) - 20100, SIDE) for geoid in design.tracts.index])
    steps = np.abs(place[:, None] - place[None]).max(axis=2)
    weights = standardised("queen", sparse.csr_array(steps == 1), design.tracts.index, "grid")
    moran = residual_moran(design.y, design.x, weights)
    tests = lagrange_tests(design.y, design.x, weights)
    assert rows["Moran's I of residuals"] == pytest.approx(moran.statistic, rel=1e-12)
    assert rows["LM lag"] == pytest.approx(tests.lag.statistic, rel=1e-9)
    assert rows["LM error"] == pytest.approx(tests.error.statistic, rel=1e-9)
    # and as numbers: what 584 of its 1,012 links gave were .162 and 24.8
    assert rows["Moran's I of residuals"] == pytest.approx(0.141, abs=5e-4)
    assert rows["LM lag"] == pytest.approx(33.3, abs=0.05)


def shrunk(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Leave five metres between all tracts."""
    smaller = shapely.buffer(tracts.geometry.to_numpy(), -2.5 * METRE, join_style="mitre")
    return tracts.set_geometry(gpd.GeoSeries(smaller, index=tracts.index, crs=tracts.crs))


def slipped(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Let every third tract lie over the next by five metres."""
    shapes = tracts.geometry.to_numpy().copy()
    shapes[::3] = shapely.transform(shapes[::3], lambda at: at + 5 * METRE)
    return tracts.set_geometry(gpd.GeoSeries(shapes, index=tracts.index, crs=tracts.crs))


@pytest.mark.parametrize(
    ("change", "neighbours", "told"),
    [
        (lambda tracts: tracts, "queen", ()),
        (slipped, "queen", ("T4", "T5", "T10", "likeness", "clusters")),
        (slipped, "rook", ("T4", "T5", "T10", "likeness", "clusters")),
        # T10 asks by contiguity beside what the specification says
        (slipped, "knn_6", ("T10",)),
    ],
)
def test_borders_that_do_not_fit_are_told_where_they_are_used(change, neighbours, told, tmp_path):
    asked = replace(OBSERVED, space=Space(neighbours, 99))
    analysis = analysis_of(tmp_path / "study", made_study(TOWNS[:1]).changed(change), asked)
    said = {
        table.id: table.notices
        for table in (diagnostics(analysis), spatial_impacts(analysis), robustness(analysis))
    } | {
        figure.id: figure.cautions
        for make in (likeness, clusters)
        for figure in [make(analysis, analysis.metros[0], "observed_day")]
    }
    for name, lines in said.items():
        found = [line for line in lines if WORDS in line]
        assert len(found) == (name in told), (name, lines)
        assert all("take knn_6" in line.lower() for line in found)


def test_tracts_without_a_single_neighbour_left_are_told_of_their_gaps(tmp_path):
    analysis = analysis_of(tmp_path / "study", made_study(TOWNS[:1]).changed(shrunk), OBSERVED)
    table = diagnostics(analysis)
    assert table.frame.empty
    assert any("Only 0 of 90 tracts have neighbours" in line for line in table.notices)
    assert any(WORDS in line for line in table.notices)
