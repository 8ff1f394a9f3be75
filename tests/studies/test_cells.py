"""Every tract has a cell of its own, no ground is given twice, and the shape is about right."""

import itertools

import geopandas as gpd
import h3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import coverage_union_all
from shapely.geometry import box

from aespa_core.studies.cells import assign_cells, dissolve_cells


def squares(cuts: list[float], west: float = -86.5, south: float = 32.5) -> gpd.GeoSeries:
    """Cut a square of 0.05° into a grid of unequal tracts."""
    edges = sorted({0.0, 0.05, *cuts})
    shapes = {
        f"{1000 * i + j:011d}": box(west + x0, south + y0, west + x1, south + y1)
        for i, (x0, x1) in enumerate(itertools.pairwise(edges))
        for j, (y0, y1) in enumerate(itertools.pairwise(edges))
    }
    return gpd.GeoSeries(shapes, crs="EPSG:4326")


@settings(max_examples=100)
@given(st.lists(st.integers(1, 99), max_size=7, unique=True))
def test_no_tract_is_lost_and_no_cell_lies_in_another(hundredths):
    # cuts as close as 0.0005° make tracts of 50 m, far below a base cell
    tracts = squares([0.05 * cut / 100 for cut in hundredths])
    cells = assign_cells(tracts)
    assert set(cells["geoid"]) == set(tracts.index)
    known = set(cells["cell"])
    assert len(known) == len(cells)
    for cell in known:
        ancestors = {h3.cell_to_parent(cell, r) for r in range(7, h3.get_resolution(cell))}
        assert not ancestors & known


def test_dissolved_cells_cover_the_tracts_place():
    tracts = squares([0.02])
    shapes = dissolve_cells(assign_cells(tracts))
    assert list(shapes.index) == sorted(tracts.index)
    assert shapes.is_valid.all()
    place = coverage_union_all(tracts.to_numpy())
    overlap = shapes.union_all().intersection(place).area / place.area
    assert overlap > 0.9


def test_a_polygon_too_small_for_any_cell_is_named():
    speck = gpd.GeoSeries({"01001000100": box(-86.5, 32.5, -86.5 + 1e-7, 32.5 + 1e-7)}, crs=4326)
    with pytest.raises(ValueError, match="01001000100"):
        assign_cells(speck)


def test_every_real_tract_has_a_cell(mirror):
    counts = {}
    for path in sorted((mirror / "tracts").glob("tracts_*.geojson.gz")):
        tracts = gpd.read_file(f"/vsigzip/{path}").set_index("GEOID").to_crs("EPSG:4326")
        with_cells = assign_cells(tracts.geometry)["geoid"].nunique()
        counts[path.name] = tracts.index.nunique() - with_cells
    assert len(counts) == 8
    assert set(counts.values()) == {0}
