"""Square tracts on a grid, and values that spread over it in a known way."""

import geopandas as gpd
import numpy as np
from shapely.geometry import box

from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.analysis.spatial.weights import rook


def grid(side: int, west: int = 0, prefix: str = "t") -> gpd.GeoSeries:
    """Lay side × side unit squares, the first column at x = west, indexed by geoid."""
    squares = {
        f"{prefix}{row:02d}{column:02d}": box(west + column, row, west + column + 1, row + 1)
        for row in range(side)
        for column in range(side)
    }
    return gpd.GeoSeries(squares)


def with_island(polygons: gpd.GeoSeries) -> gpd.GeoSeries:
    """Put one square far away in front of the others."""
    return gpd.GeoSeries({"far": box(900, 900, 901, 901), **polygons.to_dict()})


def centres(polygons: gpd.GeoSeries) -> np.ndarray:
    """(N, 2) of the squares, a unit being a kilometre."""
    middle = polygons.centroid
    return np.column_stack([middle.x, middle.y]) * 1000


def lag_data(
    weights: SpatialWeights, rho: float, seed: int, beta: tuple[float, ...] = (2.0, 1.0, -0.5)
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a design (N, K) and y = ρWy + Xβ + ε."""
    chance = np.random.default_rng(seed)
    n = len(weights.geoids)
    x = np.column_stack([np.ones(n), chance.normal(size=(n, len(beta) - 1))])
    away = np.eye(n) - rho * weights.matrix.toarray()
    return np.linalg.solve(away, x @ np.array(beta) + chance.normal(size=n)), x


def error_data(weights: SpatialWeights, lam: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw a design (N, 3) and y = Xβ + u, u = λWu + ε."""
    chance = np.random.default_rng(seed)
    n = len(weights.geoids)
    x = np.column_stack([np.ones(n), chance.normal(size=(n, 2))])
    away = np.eye(n) - lam * weights.matrix.toarray()
    return x @ np.array([2.0, 1.0, -0.5]) + np.linalg.solve(away, chance.normal(size=n)), x


def rook_grid(side: int) -> SpatialWeights:
    """Rook contiguity of a grid."""
    return rook(grid(side))
