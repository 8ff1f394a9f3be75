"""Borders that should be one and are two: tracts that nearly touch, and tracts that overlap.

Tracts that were simplified one by one, or come from two maps, leave slivers between them.
Contiguity then finds too few neighbours, and only a tract that loses all of them would show.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from aespa_core.analysis.spatial.contiguity import Shapes, mended, touching

if TYPE_CHECKING:
    import geopandas as gpd

# Wider gaps are rivers, shores and parks between two maps' tracts.
NEAR_M: Final = 30.0
# Of a place between two tracts that a third one covers.
COVERED_M: Final = 0.01
# Smaller overlaps come from rounding along a border of some kilometres.
LEAST_OVERLAP_M2: Final = 100.0
# Of pairs of neighbours. Eight metros in Census boundaries of 2010 have none at all; the District
# of Columbia, each tract simplified alone by 11 m, has a third.
TELLING_SHARE: Final = 0.005
# Metres a degree, east at the equator and north.
EAST_M, NORTH_M = 111_320.0, 110_574.0


@dataclass(frozen=True)
class BorderGaps:
    """Pairs of tracts whose borders do not fit.

    Attributes
    ----------
    neighbours
        How many pairs share a border or a corner, or overlap.
    apart
        Geoids of the pairs that are nearer than :data:`NEAR_M`, with nothing between, and no
        neighbours.
    overlapping
        Of the pairs that lie over each other by more than :data:`LEAST_OVERLAP_M2`.
    """

    neighbours: int
    apart: tuple[tuple[str, str], ...]
    overlapping: tuple[tuple[str, str], ...]

    @property
    def notice(self) -> str | None:
        """What the reader of neighbours must know; None where borders fit."""
        found = len(self.apart) + len(self.overlapping)
        if found <= TELLING_SHARE * (self.neighbours + len(self.apart)):
            return None
        return (
            f"{pairs_words(len(self.apart))} of tracts nearly touch without sharing a border and "
            f"{pairs_words(len(self.overlapping))} overlap, beside "
            f"{pairs_words(self.neighbours)} of neighbours: who borders whom is unsure. Take "
            "knn_6, or mend the borders (simplify all tracts together, not one by one)."
        )


def pairs_words(count: int) -> str:
    """Count pairs of tracts."""
    return f"{count:,} {'pair' if count == 1 else 'pairs'}"


def border_gaps(polygons: "gpd.GeoSeries", region: Sequence[str] | None = None) -> BorderGaps:
    """Find pairs of tracts whose borders leave a gap or overlap.

    Parameters
    ----------
    polygons
        (N,) in degrees, indexed by geoid; those that are missing take no part.
    region
        (N,) metro of each tract; tracts of two are not compared. None: all are of one.
    """
    area = np.zeros(len(polygons), dtype=int)
    if region is not None:
        area = np.unique(np.asarray(region, str), return_inverse=True)[1].ravel()
    there = ~np.asarray(polygons.isna() | polygons.is_empty)
    geoids = np.asarray(polygons.index, str)
    parts = [there & (area == name) for name in np.unique(area[there])]
    found = [gaps_of(polygons.to_numpy()[rows], geoids[rows]) for rows in parts]
    return BorderGaps(
        sum(one.neighbours for one in found),
        tuple(pair for one in found for pair in one.apart),
        tuple(pair for one in found for pair in one.overlapping),
    )


def gaps_of(shapes: Shapes, geoids: np.ndarray) -> BorderGaps:
    """Find them among tracts (N,) of one region."""
    links = touching(shapes)
    once = links.row < links.col
    one, other = links.row[once], links.col[once]
    metres = in_metres(shapes)
    over = np.flatnonzero(shapely.relate_pattern(metres[one], metres[other], "T********"))
    shared = shapely.intersection(metres[one[over]], metres[other[over]])
    over = over[shapely.area(shared) > LEAST_OVERLAP_M2]
    tree = shapely.STRtree(metres)
    near, by = tree.query(metres, predicate="dwithin", distance=NEAR_M)
    unlinked = (near < by) & ~np.isin(near * len(shapes) + by, one * len(shapes) + other)
    near, by = near[unlinked], by[unlinked]
    # what lies between two tracts that meet across a corner is a third one; in a gap it is nothing
    between = shapely.line_interpolate_point(
        shapely.shortest_line(metres[near], metres[by]), 0.5, normalized=True
    )
    pair, third = tree.query(between, predicate="dwithin", distance=COVERED_M)
    covers = (third != near[pair]) & (third != by[pair])
    void = np.ones(len(near), dtype=bool)
    void[pair[covers]] = False
    return BorderGaps(
        len(one),
        pairs_of(geoids, near[void], by[void]),
        pairs_of(geoids, one[over], other[over]),
    )


def pairs_of(geoids: np.ndarray, one: np.ndarray, other: np.ndarray) -> tuple[tuple[str, str], ...]:
    """Name pairs."""
    return tuple(zip(geoids[one].tolist(), geoids[other].tolist(), strict=True))


def in_metres(shapes: Shapes) -> Shapes:
    """Stretch degrees to metres around the middle latitude: right to some centimetres in 30 m."""
    _, south, _, north = shapely.total_bounds(shapes)
    scale = np.array([EAST_M * np.cos(np.radians((south + north) / 2)), NORTH_M])
    return mended(shapely.transform(shapely.force_2d(shapes), lambda degrees: degrees * scale))
