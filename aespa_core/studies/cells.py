"""H3 cells of tracts: given to each without overlap, and dissolved to one shape for the map.

The atlas draws tracts by these cells because it ships model output only, no source polygon.
"""

from typing import Final

import geopandas as gpd
import h3
import pandas as pd
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

BASE_RESOLUTION: Final = 8  # about 0.7 km² a cell
FINEST_RESOLUTION: Final = 13  # about 40 m²: no tract is smaller


def assign_cells(tracts: gpd.GeoSeries) -> pd.DataFrame:
    """Give every tract at least one cell of its own.

    A cell goes to the tract that holds its centre. A tract that holds no centre at the base
    resolution gets finer cells, and the coarse cell around them is split among those who meet in
    it.

    Parameters
    ----------
    tracts
        Polygons in EPSG:4326, indexed by geoid, that do not overlap.

    Returns
    -------
    pandas.DataFrame
        Columns ``geoid`` and ``cell``, sorted; no cell is another's ancestor.

    Raises
    ------
    ValueError
        If a polygon holds no cell centre at the finest resolution.
    """
    owner: dict[str, str] = {}
    for geoid, polygon in tracts.items():
        owner.update(dict.fromkeys(cells_within(polygon, BASE_RESOLUTION), str(geoid)))
    without = set(map(str, tracts.index)) - set(owner.values())
    finer = {geoid: finer_cells(geoid, tracts[geoid]) for geoid in sorted(without)}
    # coarse before fine: a cell given later must never hold one given before
    for geoid in sorted(finer, key=lambda geoid: h3.get_resolution(finer[geoid][0])):
        for cell in finer[geoid]:
            split_above(cell, owner)
            owner[cell] = geoid
    # a split cell leaves its centre child with its holder, so that none should be lost
    if lost := set(map(str, tracts.index)) - set(owner.values()):
        raise ValueError(f"no cell is left for {sorted(lost)}")
    table = pd.DataFrame({"geoid": list(owner.values()), "cell": list(owner)})
    return table.sort_values(["geoid", "cell"], ignore_index=True)


def cells_within(polygon: BaseGeometry, resolution: int) -> list[str]:
    """Find the cells whose centre lies in the polygon."""
    return h3.geo_to_cells(polygon, resolution)


def finer_cells(geoid: str, polygon: BaseGeometry) -> list[str]:
    """Find the cells within a small polygon at the first resolution that has any."""
    for resolution in range(BASE_RESOLUTION + 1, FINEST_RESOLUTION + 1):
        if cells := cells_within(polygon, resolution):
            return cells
    raise ValueError(f"tract {geoid} holds no cell centre, even at {FINEST_RESOLUTION}")


def split_above(cell: str, owner: dict[str, str]) -> None:
    """Replace each owned ancestor of a cell by its children, so that the cell can change hands."""
    for resolution in range(BASE_RESOLUTION, h3.get_resolution(cell)):
        ancestor = h3.cell_to_parent(cell, resolution)
        if ancestor in owner:
            holder = owner.pop(ancestor)
            for child in h3.cell_to_children(ancestor, resolution + 1):
                owner.setdefault(child, holder)


def dissolve_cells(cells: pd.DataFrame) -> gpd.GeoSeries:
    """Join each tract's cells to one polygon or multipolygon.

    Parameters
    ----------
    cells
        Columns ``geoid`` and ``cell`` (H3 index as 15 hexadecimal digits, any resolution).

    Returns
    -------
    geopandas.GeoSeries
        Shape per geoid in EPSG:4326, indexed by geoid. Cells of several resolutions meet without
        overlap but not without gaps: H3 children only approximate their parent.
    """
    resolution = cells["cell"].map(h3.get_resolution)
    parts = [
        {"geoid": geoid, "geometry": shape(h3.cells_to_geo(list(group)))}
        for (geoid, _), group in cells.groupby(["geoid", resolution], sort=True)["cell"]
    ]
    shapes = gpd.GeoDataFrame(parts, crs="EPSG:4326")
    mixed = shapes["geoid"].duplicated(keep=False)
    # most tracts have cells of one resolution: only the others need a union
    whole = shapes[~mixed].set_index("geoid").geometry
    joined = shapes[mixed].dissolve("geoid").geometry
    return gpd.GeoSeries(pd.concat([whole, joined]).sort_index(), crs="EPSG:4326")
