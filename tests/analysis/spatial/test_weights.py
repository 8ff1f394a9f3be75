"""Weights against what can be counted on a grid."""

import subprocess
import sys

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.spatial.spatial_weights import restricted
from aespa_core.analysis.spatial.spectrum import squared_norm
from aespa_core.analysis.spatial.weights import (
    OFFERED,
    nearest,
    queen,
    rook,
    weights_of,
    within,
)
from aespa_core.errors import ConfigError, StudyError
from tests.analysis.spatial.columbus import columbus
from tests.analysis.spatial.made_grid import centres, grid, with_island


def neighbours(weights, geoid):
    row = weights.matrix[[weights.geoids.index(geoid)]].toarray()[0]
    return {weights.geoids[k] for k in np.flatnonzero(row)}


def test_rook_and_queen_of_a_grid_have_the_links_that_a_grid_has():
    squares = grid(5)
    assert rook(squares).matrix.nnz == 2 * 2 * 5 * 4
    assert queen(squares).matrix.nnz == 2 * 2 * 5 * 4 + 2 * 2 * 4 * 4
    assert neighbours(rook(squares), "t0000") == {"t0001", "t0100"}
    assert neighbours(queen(squares), "t0000") == {"t0001", "t0100", "t0101"}


@pytest.mark.parametrize("kind", OFFERED)
def test_rows_sum_to_one_and_nobody_is_their_own_neighbour(kind):
    weights = weights_of(kind, grid(6), centres(grid(6)))
    assert weights.kind == kind
    np.testing.assert_allclose(weights.matrix.sum(axis=1), 1, rtol=1e-15)
    assert not weights.matrix.diagonal().any()
    assert weights.islands == ()
    assert weights.words.endswith("row-standardised, every tract has a neighbour")


def test_an_island_stays_one_and_is_named():
    squares = with_island(grid(4))
    for weights in (queen(squares), rook(squares), within(centres(squares), squares.index, 1.0)):
        assert weights.islands == ("far",)
        assert weights.matrix.sum(axis=1)[0] == 0
        assert weights.matrix.sum(axis=0)[0] == 0
        assert list(weights.has_neighbours) == [False] + [True] * 16
        assert "row-standardised, 1 tract without neighbours" in weights.words
    assert queen(squares).words.startswith("queen contiguity, ")


def test_no_link_crosses_the_border_of_a_metro():
    east, west = grid(4, west=0, prefix="e"), grid(4, west=4, prefix="w")
    both = pd.concat([east, west])
    region = ["east"] * 16 + ["west"] * 16
    for kind in OFFERED:
        if kind == "knn_10":
            continue  # as good as everybody
        joined = weights_of(kind, both, centres(both), region).matrix.toarray()
        alone = [weights_of(kind, one, centres(one)).matrix.toarray() for one in (east, west)]
        np.testing.assert_array_equal(joined[:16, :16], alone[0])
        np.testing.assert_array_equal(joined[16:, 16:], alone[1])
        assert not joined[:16, 16:].any()
        assert not joined[16:, :16].any()
    assert queen(both).matrix[:16, 16:].nnz > 0


def test_nearest_takes_k_and_breaks_ties_by_geoid():
    squares = grid(5)
    weights = nearest(centres(squares), squares.index, 2)
    np.testing.assert_array_equal(np.diff(weights.matrix.indptr), 2)
    # four squares are a kilometre from the middle one
    assert neighbours(weights, "t0202") == {"t0102", "t0201"}


@pytest.mark.parametrize("kind", ["queen", "rook", "knn_3", "within_1.5km"])
def test_the_order_of_the_rows_does_not_matter(kind):
    squares = grid(6)
    order = np.random.default_rng(1).permutation(36)
    mixed = squares.iloc[order]
    there = weights_of(kind, mixed, centres(mixed)).matrix.toarray()
    here = weights_of(kind, squares, centres(squares)).matrix.toarray()
    np.testing.assert_array_equal(there, here[np.ix_(order, order)])


def test_within_counts_a_circle():
    squares = grid(5)
    weights = within(centres(squares), squares.index, 1.5)
    assert neighbours(weights, "t0202") == neighbours(queen(squares), "t0202")
    assert weights.kind == "within_1.5km"


def test_restricting_is_building_on_the_rest():
    squares = grid(5)
    kept = np.random.default_rng(3).random(25) < 0.6
    fewer = restricted(queen(squares), kept)
    built = queen(squares[kept])
    np.testing.assert_allclose(fewer.matrix.toarray(), built.matrix.toarray(), rtol=1e-14)
    assert fewer.islands == built.islands
    assert fewer.words == built.words
    assert fewer.geoids == built.geoids


@pytest.mark.parametrize("kind", ["queen", "knn_3"])
def test_spectrum_of_blocks_is_that_of_the_whole(kind):
    both = pd.concat([grid(4, prefix="a"), grid(5, west=50, prefix="b")])
    weights = weights_of(kind, both, centres(both))
    dense = weights.matrix.toarray()
    assert sorted(map(len, weights.blocks)) == [16, 25]
    whole = np.sort_complex(np.linalg.eigvals(dense))
    np.testing.assert_allclose(
        np.sort_complex(weights.eigenvalues).real, whole.real, rtol=0, atol=2e-7
    )
    for power in (2, 3, 4, 5):  # power sums are well conditioned where double roots are not
        assert np.sum(weights.eigenvalues**power).real == pytest.approx(
            np.trace(np.linalg.matrix_power(dense, power)), rel=1e-12, abs=1e-12
        )
    filtered = dense @ np.linalg.inv(np.eye(41) - 0.7 * dense)
    assert squared_norm(weights.matrix, weights.blocks, 0.7) == pytest.approx(
        np.sum(filtered**2), rel=1e-12
    )


def test_contiguity_has_real_eigenvalues_up_to_one():
    values = columbus().eigenvalues
    assert values.dtype == float
    assert values.max() == pytest.approx(1, rel=1e-14)


@pytest.mark.parametrize("kind", ["qeen", "knn", "knn_0", "within_5", "within_0km", "knn_-2", ""])
def test_unknown_weights_are_a_sentence(kind):
    squares = grid(3)
    with pytest.raises(ConfigError, match=r"names no spatial weights: queen|gives nobody"):
        weights_of(kind, squares, centres(squares))


def test_degenerate_maps_are_sentences():
    squares = grid(3)
    with pytest.raises(StudyError, match=r"9 tracts of big are too few for 9 .* at most knn_8"):
        nearest(centres(squares), squares.index, 9, ["big"] * 9)
    with pytest.raises(StudyError, match="only tract has no other"):
        nearest(np.zeros((1, 2)), ["a"], 1)
    with pytest.raises(StudyError, match=r"appear twice \(a\)"):
        nearest(np.zeros((2, 2)), ["a", "a"], 1)
    with pytest.raises(StudyError, match="1 tracts have no centre"):
        within(np.array([[0, 0], [np.nan, 0]]), ["a", "b"], 1)
    with pytest.raises(StudyError, match=r"1 tracts have no polygon \(t0001\)"):
        queen(gpd.GeoSeries({**squares.to_dict(), "t0001": None}))
    with pytest.raises(StudyError, match="No tract is left"):
        queen(squares.iloc[:0])
    with pytest.raises(StudyError, match=r"centres of shape \(9, 3\)"):
        within(np.zeros((9, 3)), squares.index, 1)
    assert queen(squares.iloc[:1]).islands == ("t0000",)


def test_importing_the_room_is_light():
    code = (
        "import sys\n"
        "from aespa_core.analysis.spatial import impacts, lagrange, local_moran, moran, weights\n"
        "heavy = {'torch', 'sklearn', 'libpysal', 'esda', 'spreg', 'statsmodels', 'streamlit'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
