"""Contiguity where borders miss each other by a rounding, against grids and exact borders."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph
from shapely.geometry import MultiPolygon, Polygon, box

from aespa_core.analysis.spatial.weights import queen, rook
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.tract_boundaries import read_tracts
from tests.tiny_study import DEGREES, SIDE, tiny_tables

KINDS = {"queen": queen, "rook": rook}
# Directed links of real tracts as libpysal's contiguity finds them among the same vertices.
CENSUS = {"seattle": (4_314, 3_868), "washington": (8_466, 7_418)}


def links(polygons, kind):
    """Which tract neighbours which, (N, N) bool."""
    series = gpd.GeoSeries(list(polygons), index=[f"t{at:03d}" for at in range(len(polygons))])
    return KINDS[kind](series).matrix.toarray() > 0


def by_vertices(polygons, kind):
    """Ask libpysal, which wants vertices that are equal to the last digit."""
    graph = Graph.build_contiguity(gpd.GeoSeries(list(polygons)), rook=kind == "rook")
    found = graph.sparse.toarray() > 0
    np.fill_diagonal(found, False)
    return found


def squares(columns, rows):
    """Lay a grid of degrees with corners that are the same number wherever they come."""
    x, y = -86.5 + DEGREES * np.arange(columns + 1), 32.5 + DEGREES * np.arange(rows + 1)
    return [box(x[i], y[j], x[i + 1], y[j + 1]) for j in range(rows) for i in range(columns)]


def voronoi(count, seed):
    """Cut cells of random points: edges of every direction and length, corners of three."""
    points = shapely.MultiPoint(np.random.default_rng(seed).uniform(0, 0.1, (count, 2)))
    return list(shapely.get_parts(shapely.voronoi_polygons(points, extend_to=box(0, 0, 0.1, 0.1))))


def jittered(polygons, rng, width):
    """Move every corner of every polygon on its own."""
    rings = [np.array(one.exterior.coords)[:-1] for one in polygons]
    return [Polygon(ring + rng.uniform(-width, width, ring.shape)) for ring in rings]


def test_the_tiny_town_has_the_links_of_a_grid():
    tracts = tiny_tables()[0]["tracts"].set_index("geoid").geometry
    edges, corners = 2 * 2 * SIDE * (SIDE - 1), 2 * 2 * (SIDE - 1) ** 2
    assert rook(tracts).matrix.nnz == edges == 528
    assert queen(tracts).matrix.nnz == edges + corners == 1_012
    # its corners are computed twice, so that equal vertices are too few
    assert by_vertices(tracts, "queen").sum() == 584


@pytest.mark.parametrize("kind", KINDS)
@given(
    columns=st.integers(1, 6),
    rows=st.integers(1, 6),
    seed=st.integers(0, 2**32 - 1),
    width=st.floats(0, 1e-9),
)
@settings(max_examples=60, deadline=None)
def test_a_rounding_changes_no_link_of_a_grid(kind, columns, rows, seed, width):
    x, y = (part.ravel() for part in np.meshgrid(np.arange(columns), np.arange(rows)))
    across, up = np.abs(x[:, None] - x), np.abs(y[:, None] - y)
    far = across + up if kind == "rook" else np.maximum(across, up)
    moved = jittered(squares(columns, rows), np.random.default_rng(seed), width)
    np.testing.assert_array_equal(links(moved, kind), far == 1)


@pytest.mark.parametrize("kind", KINDS)
@given(count=st.integers(4, 40), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_a_rounding_changes_no_link_of_irregular_tracts(kind, count, seed):
    cells = voronoi(count, seed)
    ends = [np.diff(np.array(cell.exterior.coords), axis=0) for cell in cells]
    # an edge of less than a metre is a corner when it is moved
    assume(np.hypot(*np.concatenate(ends).T).min() > 2e-5)
    exact = by_vertices(cells, kind)
    np.testing.assert_array_equal(links(cells, kind), exact)
    moved = jittered(cells, np.random.default_rng(seed), 1e-9)
    np.testing.assert_array_equal(links(moved, kind), exact)


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_queen_is_touching_on_snapped_borders(seed):
    moved = jittered(squares(5, 4), np.random.default_rng(seed), 1e-9)
    snapped = shapely.set_precision(np.array(moved), 1e-6)
    touches = shapely.touches(snapped[:, None], snapped[None, :])
    np.testing.assert_array_equal(links(moved, "queen"), touches)


@pytest.mark.parametrize("width", [0.0, 1e-9])
def test_an_edge_without_common_corners_is_one(width):
    # one tract below two, whose common corner lies in the middle of its edge
    below, left, right = box(0, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2)
    # and one that touches only in the middle of the edge of another, by its corner
    tip = Polygon([(0.5, 2), (0.2, 3), (0.8, 3)])
    # and one along the middle of an edge, which has no corner of the others
    inner = box(0.4, -1, 0.6, 0)
    moved = jittered([below, left, right, tip, inner], np.random.default_rng(1), width)
    edges = np.zeros((5, 5), bool)
    for one, other in ((0, 1), (0, 2), (1, 2), (0, 4)):
        edges[one, other] = edges[other, one] = True
    np.testing.assert_array_equal(links(moved, "rook"), edges)
    edges[1, 3] = edges[3, 1] = True
    np.testing.assert_array_equal(links(moved, "queen"), edges)
    assert by_vertices([below, left, right, tip, inner], "rook").sum() == 2


@pytest.mark.parametrize("kind", KINDS)
def test_how_a_ring_is_written_does_not_matter(kind):
    cells = voronoi(30, 7)
    rewritten = []
    for at, cell in enumerate(cells):
        ring = list(cell.exterior.coords)[:-1]
        ring = ring[at % len(ring) :] + ring[: at % len(ring)]  # begins elsewhere
        if at % 2:
            ring = ring[::-1]  # runs the other way
        if at % 3 == 0:
            ring = [corner for corner in ring for _ in range(2)]  # has its corners twice
        shape = Polygon(ring)
        rewritten.append(shapely.segmentize(shape, 0.003) if at % 5 == 0 else shape)
    assert any(not one.equals_exact(other) for one, other in zip(cells, rewritten, strict=True))
    np.testing.assert_array_equal(links(rewritten, kind), links(cells, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_parts_holes_and_slivers(kind):
    ring = Polygon(box(0, 0, 3, 3).exterior.coords, [box(1, 1, 2, 2).exterior.coords])
    hole = box(1, 1, 2, 2)
    two = MultiPolygon([box(10, 10, 11, 11), box(3, 0, 4, 1)])  # its second part touches the ring
    over = box(3.9999, 0, 5, 1)  # lies over its neighbour by a sliver
    island = box(20, 20, 21, 21)
    found = links([ring, hole, two, over, island], kind)
    expected = np.zeros((5, 5), bool)
    for one, other in ((0, 1), (0, 2), (2, 3)):
        expected[one, other] = expected[other, one] = True
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("kind", KINDS)
def test_lines_that_cross_are_no_traceback(kind):
    bow = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    found = links([bow, box(1, 0, 2, 1), box(0.9, 0.4, 2, 0.6), box(5, 5, 6, 6)], kind)
    assert found[0, 1]
    assert not found[3].any()


@pytest.mark.parametrize("metro", CENSUS)
def test_census_tracts_have_the_links_of_their_vertices(metro, mirror):
    tracts = read_tracts(Mirror(mirror), metro).table.set_index("geoid").geometry
    for (kind, weights), count in zip(KINDS.items(), CENSUS[metro], strict=True):
        found = weights(tracts).matrix
        assert found.nnz == count
        np.testing.assert_array_equal(found.toarray() > 0, by_vertices(tracts, kind))
