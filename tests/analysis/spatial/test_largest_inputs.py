"""What would run for hours is a sentence that names the limit and what to do instead."""

import geopandas as gpd
import numpy as np
import pytest

from aespa_core.analysis.regression.conley import kernel_matrix
from aespa_core.analysis.regression.cr2 import cr2
from aespa_core.analysis.regression.least_squares import least_squares
from aespa_core.analysis.spatial.local_moran import local_moran
from aespa_core.analysis.spatial.weights import nearest, queen, within
from aespa_core.errors import StudyError
from tests.analysis.spatial.made_grid import centres, grid


@pytest.fixture
def places():
    return np.random.default_rng(0).uniform(0, 30_000, (1_500, 2))


def test_neighbours_are_the_same_found_in_parts(places, monkeypatch):
    geoids = [f"{at:011d}" for at in range(len(places))]
    region = ["a", "b", "a"] * 500
    whole = [nearest(places, geoids, 7, region), within(places, geoids, 2.5, region)]
    monkeypatch.setattr("aespa_core.analysis.spatial.weights.AT_ONCE", 97)
    parts = [nearest(places, geoids, 7, region), within(places, geoids, 2.5, region)]
    for one, other in zip(whole, parts, strict=True):
        assert (one.matrix != other.matrix).nnz == 0
        assert one.islands == other.islands
    # and by plain counting
    apart = np.hypot(*(places[:, None] - places[None]).T).T
    same = np.asarray(region)[:, None] == np.asarray(region)
    near = (apart <= 2_500) & same & ~np.eye(len(places), dtype=bool)
    np.testing.assert_array_equal(whole[1].matrix.toarray() > 0, near)


def test_too_many_links_are_refused(places, monkeypatch):
    geoids = [f"{at:011d}" for at in range(len(places))]
    monkeypatch.setattr("aespa_core.analysis.spatial.weights.MOST_LINKS", 10_000)
    with pytest.raises(StudyError, match=r"within_50km gives 1,500 tracts more than 10,000 links"):
        within(places, geoids, 50)


def test_too_many_pairs_of_conley_are_refused_before_they_are_made(monkeypatch):
    far = np.zeros((20_000, 2))
    with pytest.raises(StudyError, match=r"join 400,000,000 pairs of 20,000 tracts: 25,000,000"):
        kernel_matrix(far, 10_000, "bartlett")


def test_too_large_pieces_clusters_and_draws_are_refused(monkeypatch):
    weights = queen(grid(5))
    monkeypatch.setattr("aespa_core.analysis.spatial.spectrum.LARGEST_PIECE", 24)
    with pytest.raises(StudyError, match=r"model of 25 connected tracts .* 24 are the most"):
        _ = weights.eigenvalues
    monkeypatch.setattr("aespa_core.analysis.spatial.local_moran.MOST_DRAWS", 14_000)
    with pytest.raises(StudyError, match=r"99 permutations of 144 links are 14,256 draws"):
        local_moran(np.arange(25.0), weights, 99)
    monkeypatch.setattr("aespa_core.analysis.regression.cr2.LARGEST_CLUSTER", 12)
    chance = np.random.default_rng(1)
    fit = least_squares(chance.normal(size=25), chance.normal(size=(25, 2)), np.ones(25))
    with pytest.raises(StudyError, match=r"cluster of 13 rows .* 12 are the most"):
        cr2(fit, np.arange(25) % 2)


def test_one_place_for_all_has_neighbours_all_the_same():
    squares = gpd.GeoSeries({f"t{at}": grid(1).iloc[0] for at in range(4)})
    assert queen(squares).matrix.nnz == 12
    assert nearest(np.zeros((4, 2)), squares.index, 2).matrix.nnz == 8
    assert within(centres(squares), squares.index, 1).matrix.nnz == 12
