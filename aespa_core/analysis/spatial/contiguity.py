"""Which polygons share an edge or a corner, where borders may miss each other by a rounding.

A border that is computed twice (-86.5 + .01 i and -86.49 + .01 i), or written by two programs,
differs in its last digits: corners that are one place are then two numbers. So places within
:data:`SNAP` are the same place, and no corner needs a partner: one in the middle of a neighbour's
edge touches it all the same.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import shapely
from scipy import sparse

Shapes = npt.NDArray[np.object_]
# Degrees; about a centimetre. Census boundaries are written to 1e-6.
SNAP: Final = 1e-7
# A common stretch of border must be this long, so that a corner with a thin angle is none.
LEAST_STRETCH: Final = 100 * SNAP
# Tracts that lie over each other by more share more than a corner: square degrees, about 1 m².
LEAST_OVERLAP: Final = 1e-10


def touching(shapes: Shapes) -> sparse.coo_array:
    """Link polygons (N,) that share an edge or a corner, or lie over each other: (N, N), both ways.

    On borders that agree to the last digit these are the links of libpysal's queen contiguity.
    """
    one, other = shapely.STRtree(shapes).query(shapes, predicate="dwithin", distance=SNAP)
    apart = one != other
    return links_of(one[apart], other[apart], len(shapes))


def sharing_edges(shapes: Shapes, links: sparse.coo_array) -> sparse.coo_array:
    """Keep of the links of :func:`touching` those of polygons that share more than a corner."""
    once = links.row < links.col
    one, other = links.row[once], links.col[once]
    alike = common_edges(shapes)
    shared = np.isin(one * len(shapes) + other, alike.row * len(shapes) + alike.col)
    areas = mended(shapes)
    borders = shapely.boundary(areas)
    for at in np.flatnonzero(~shared):
        shared[at] = (
            has_common_stretch(borders[one[at]], borders[other[at]])
            or shapely.intersection(areas[one[at]], areas[other[at]]).area > LEAST_OVERLAP
        )
    one, other = one[shared], other[shared]
    return links_of(np.append(one, other), np.append(other, one), len(shapes))


def mended(shapes: Shapes) -> Shapes:
    """Mend polygons whose lines cross, as a rounding can make them; the others stay."""
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return shapes
    whole = shapes.copy()
    whole[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=False)
    return whole


def links_of(
    one: npt.NDArray[np.int64], other: npt.NDArray[np.int64], count: int
) -> sparse.coo_array:
    """Write links as a matrix of ones."""
    return sparse.coo_array((np.ones(len(one)), (one, other)), (count, count))


def common_edges(shapes: Shapes) -> sparse.coo_array:
    """Count the edges that two polygons have alike to the last digit: (N, N), the quick answer."""
    rings, shape_of = shapely.get_rings(shapes, return_index=True)
    points, ring_of = shapely.get_coordinates(rings, return_index=True)
    _, place = np.unique(points, axis=0, return_inverse=True)
    place = place.ravel()
    inside = ring_of[:-1] == ring_of[1:]  # the last point of a ring begins no edge
    ends = np.sort(np.column_stack([place[:-1], place[1:]])[inside], axis=1)
    _, edge = np.unique(ends, axis=0, return_inverse=True)
    edge = edge.ravel()
    has = sparse.csr_array((np.ones(len(edge)), (shape_of[ring_of[:-1][inside]], edge)))
    return sparse.coo_array(has @ has.T)


def has_common_stretch(one: shapely.Geometry, other: shapely.Geometry) -> bool:
    """Whether two borders run together for more than a point.

    Where they do, each end of the stretch is a corner of one of them that lies on the other. Two
    such corners that follow each other along a border have the stretch between them, or none of it.
    """
    places = [0.0, *np.cumsum(shapely.length(shapely.get_parts(one)))]  # where each ring begins
    for corners, border in ((one, other), (other, one)):
        points = shapely.points(shapely.get_coordinates(corners))
        on_both = points[shapely.dwithin(points, border, SNAP)]
        places.extend(shapely.line_locate_point(one, on_both))
    at = np.unique(places)
    long = np.diff(at) > LEAST_STRETCH
    middles = shapely.line_interpolate_point(one, ((at[:-1] + at[1:]) / 2)[long])
    return bool(shapely.dwithin(middles, other, SNAP).any())
