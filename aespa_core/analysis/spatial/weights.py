"""Who is whose neighbour: contiguity, nearest centres, or all within a distance."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import sparse

from aespa_core.analysis.spatial.contiguity import links_of, sharing_edges, touching
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, standardised
from aespa_core.errors import ConfigError, StudyError
from aespa_core.names import shown

if TYPE_CHECKING:
    import geopandas as gpd

# Rows whose distances to all others are at hand at once: 160 MB for 20,000 tracts.
AT_ONCE: Final = 1_000
MOST_LINKS: Final = 10_000_000
# Those that are found by borders.
CONTIGUITY: Final = ("queen", "rook")
# What a page offers; `weights_of` takes any number in place of these.
OFFERED: Final = ("queen", "rook", "knn_6", "knn_10", "within_3km", "within_5km")


def queen(polygons: "gpd.GeoSeries", region: Sequence[str] | None = None) -> SpatialWeights:
    """Take as neighbours the tracts that share an edge or a corner.

    Parameters
    ----------
    polygons
        (N,) indexed by geoid.
    region
        (N,) metro of each tract, whose border no link crosses. None: all tracts are of one.
    """
    return _contiguity("queen", polygons, region)


def rook(polygons: "gpd.GeoSeries", region: Sequence[str] | None = None) -> SpatialWeights:
    """Take as neighbours the tracts that share an edge; otherwise as `queen`."""
    return _contiguity("rook", polygons, region)


def nearest(
    xy_m: np.ndarray, geoids: Sequence[str], k: int, region: Sequence[str] | None = None
) -> SpatialWeights:
    """Take as neighbours the k tracts of the same region whose centres are nearest.

    Of two at the same distance (to the metre: simulated tracts lie on a grid) the smaller
    geoid is nearer, so that the order of the rows does not matter.

    Parameters
    ----------
    xy_m
        (N, 2) centres, metres, one projection a region.
    geoids, region
        (N,); see `queen`.
    k
        Neighbours of each.
    """
    if k < 1:
        raise ConfigError(f"knn_{k} gives nobody a neighbour: knn_1 is the least.")
    xy_m = _checked_centres(xy_m, geoids)
    one, other = [], []
    for name, rows in _rows_by_region(geoids, region):
        if len(rows) <= k:
            where = f" of {name}" if name else ""
            raise StudyError(
                f"The {len(rows)} tracts{where} are too few for {k} nearest neighbours each: "
                f"take at most knn_{len(rows) - 1}, or leave them out."
                if len(rows) > 1
                else f"The only tract{where} has no other to be nearest to: leave it out."
            )
        rows = rows[np.argsort(np.asarray(geoids, str)[rows], kind="stable")]
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            far_m = np.round(_distances(xy_m[some], xy_m[rows]))  # (S, R)
            far_m[some[:, None] == rows] = np.inf
            near = np.argsort(far_m, axis=1, kind="stable")[:, :k]  # (S, k)
            one.append(np.repeat(some, k))
            other.append(rows[near].ravel())
    links = links_of(np.concatenate(one), np.concatenate(other), len(geoids))
    said = f"{k} nearest neighbours" if k > 1 else "the nearest neighbour"
    return standardised(f"knn_{k}", sparse.csr_array(links), geoids, said)


def within(
    xy_m: np.ndarray, geoids: Sequence[str], km: float, region: Sequence[str] | None = None
) -> SpatialWeights:
    """Take as neighbours the tracts of the same region whose centres lie within a distance.

    Parameters
    ----------
    km
        Kilometres, inclusive. The others as in `nearest`.
    """
    if not km > 0:
        raise ConfigError(f"within_{km:g}km gives nobody a neighbour: the distance must be > 0.")
    xy_m = _checked_centres(xy_m, geoids)
    one, other, count = [np.empty(0, int)], [np.empty(0, int)], 0
    for _, rows in _rows_by_region(geoids, region):
        for first in range(0, len(rows), AT_ONCE):
            some = rows[first : first + AT_ONCE]
            close = _distances(xy_m[some], xy_m[rows]) <= km * 1000  # (S, R)
            near, by = np.nonzero(close & (some[:, None] != rows))
            one.append(some[near])
            other.append(rows[by])
            count += len(near)
            if count > MOST_LINKS:
                raise StudyError(
                    f"within_{km:g}km gives {len(geoids):,} tracts more than {MOST_LINKS:,} "
                    "links, the most that are worked with: take a shorter distance, or knn_10."
                )
    links = links_of(np.concatenate(one), np.concatenate(other), len(geoids))
    said = f"tracts whose centres lie within {km:g} km"
    return standardised(f"within_{km:g}km", sparse.csr_array(links), geoids, said)


Builder = Callable[["gpd.GeoSeries", np.ndarray, float, Sequence[str] | None], SpatialWeights]
# Family → how to build it from polygons, centres, the number in its id, and regions.
WEIGHTS: Final[dict[str, Builder]] = {
    "queen": lambda polygons, _xy_m, _number, region: queen(polygons, region),
    "rook": lambda polygons, _xy_m, _number, region: rook(polygons, region),
    "knn": lambda polygons, xy_m, k, region: nearest(xy_m, polygons.index, int(k), region),
    "within": lambda polygons, xy_m, km, region: within(xy_m, polygons.index, km, region),
}
_ID: Final = re.compile(
    r"(queen|rook)|(knn)_(\d{1,9})|(within)_(\d{1,9}(?:\.\d{1,9})?)km", re.ASCII
)
# Beyond these all tracts of a metro are neighbours of all: it costs hours, and says nothing.
MOST: Final = {"knn": (200, "knn_200"), "within": (200, "within_200km")}


def weights_of(
    kind: str,
    polygons: "gpd.GeoSeries",
    xy_m: np.ndarray,
    region: Sequence[str] | None = None,
) -> SpatialWeights:
    """Build the weights that a specification names; arguments as in `queen` and `nearest`.

    Raises
    ------
    ConfigError
        If no weights have that name.
    """
    family, *number = named(kind)
    return WEIGHTS[family](polygons, xy_m, float(number[0]) if number else np.nan, region)


def named(kind: str) -> tuple[str, ...]:
    """Take the name of weights apart: a family, and its number where it has one.

    Raises
    ------
    ConfigError
        If no weights have that name.
    """
    match = _ID.fullmatch(kind)
    if match is None:
        raise ConfigError(
            f"{shown(kind)} names no spatial weights: queen, rook, knn_6 (nearest neighbours, "
            "up to 200) and within_5km (up to 200 km) do."
        )
    family, *number = (part for part in match.groups() if part is not None)
    if number and float(number[0]) > MOST[family][0]:
        raise ConfigError(f"{shown(kind)} is out of range: {MOST[family][1]} is the most.")
    return family, *number


def _contiguity(
    kind: str, polygons: "gpd.GeoSeries", region: Sequence[str] | None
) -> SpatialWeights:
    _check_geoids(polygons.index)
    blank = polygons.isna() | polygons.is_empty
    if blank.any():
        first = ", ".join(map(str, polygons.index[blank][:3]))
        raise StudyError(
            f"{int(blank.sum())} tracts have no polygon ({first}): {kind} contiguity needs one "
            "each; leave them out or take knn_6."
        )
    shapes = polygons.to_numpy()
    links = touching(shapes)
    if region is not None:
        area = np.asarray(region, str)
        inside = area[links.row] == area[links.col]
        links = links_of(links.row[inside], links.col[inside], len(shapes))
    if kind == "rook":
        links = sharing_edges(shapes, links)
    return standardised(kind, sparse.csr_array(links), polygons.index, f"{kind} contiguity")


def _check_geoids(geoids: Sequence[str]) -> None:
    if len(geoids) == 0:
        raise StudyError("No tract is left to have neighbours: choose a larger sample.")
    names, counts = np.unique(np.asarray(geoids, str), return_counts=True)
    if (counts > 1).any():
        twice = ", ".join(names[counts > 1][:3])
        raise StudyError(f"Tracts appear twice ({twice}): spatial weights need one row a tract.")


def _checked_centres(xy_m: np.ndarray, geoids: Sequence[str]) -> np.ndarray:
    _check_geoids(geoids)
    centres = np.asarray(xy_m, float)
    if centres.shape != (len(geoids), 2):
        raise StudyError(
            f"{len(geoids)} tracts came with centres of shape {centres.shape}: one x and one y "
            "each, in metres, are needed."
        )
    placeless = ~np.isfinite(centres).all(axis=1)
    if placeless.any():
        raise StudyError(
            f"{int(placeless.sum())} tracts have no centre: leave them out, or take queen."
        )
    return centres


def _rows_by_region(
    geoids: Sequence[str], region: Sequence[str] | None
) -> list[tuple[str, np.ndarray]]:
    """List each region with its rows; one without a name if none are given."""
    if region is None:
        return [("", np.arange(len(geoids)))]
    area = np.asarray(region, str)
    return [(str(name), np.flatnonzero(area == name)) for name in np.unique(area)]


def _distances(some_m: np.ndarray, all_m: np.ndarray) -> np.ndarray:
    """(S, R) metres between centres."""
    from scipy.spatial.distance import cdist

    return cdist(some_m, all_m)
