"""H3 cells of a place, dissolved to one shape: how the atlas draws tracts without their polygons."""

import geopandas as gpd
import h3
import pandas as pd
from shapely.geometry import shape


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
    shapes = {
        geoid: shape(h3.cells_to_geo(list(group)))
        for geoid, group in cells.groupby("geoid", sort=True)["cell"]
    }
    return gpd.GeoSeries(shapes, crs="EPSG:4326")
