"""Tract polygons: US Census cartographic boundaries 1:500,000, vintage 2010 (public domain)."""

import geopandas as gpd
import numpy as np
import shapely

from aespa_core.errors import MirrorError
from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.geoids import mended

CRS = "EPSG:4326"
COLUMNS = {"GEOID": "geoid", "ALAND": "aland_m2", "AWATER": "awater_m2"}


def read_tracts(mirror: Mirror, metro_id: str) -> Extract:
    """Read the tracts of a metro.

    Returns
    -------
    Extract
        ``geoid``, ``metro``, ``aland_m2``, ``awater_m2`` and the valid polygon in EPSG:4326,
        water included, one row a tract in the order of ids.
    """
    name = f"tracts/tracts_{metro_id}.geojson.gz"
    raw = mirror.geojson(name)
    if lacking := [column for column in COLUMNS if column not in raw]:
        raise MirrorError(f"{mirror.path(name)} lacks {', '.join(lacking)}: download it again.")
    if raw.crs is None:
        raise MirrorError(f"{mirror.path(name)} has no CRS: download it again.")
    ids = mended(raw["GEOID"])
    raw = raw.assign(GEOID=ids)
    unnamed = int(ids.isna().sum())
    repeated = int(ids.dropna().duplicated().sum())
    raw = raw[ids.notna() & ~ids.duplicated()].sort_values("GEOID", ignore_index=True)
    shapes = raw.to_crs(CRS).geometry
    broken = ~shapes.is_valid.to_numpy()
    places = [shapely.is_valid_reason(shape) for shape in shapes[broken]]
    tracts = gpd.GeoDataFrame(
        {
            "geoid": raw["GEOID"],
            "metro": metro_id,
            "aland_m2": raw["ALAND"].astype(float),
            "awater_m2": raw["AWATER"].astype(float),
        },
        geometry=gpd.GeoSeries(valid_polygons(shapes.to_numpy()), crs=CRS),
    )
    waters = int((tracts["aland_m2"] == 0).sum())
    notes = (
        f"{counted(len(tracts), 'tract')} of the 2010 geography; polygons include water and were "
        f"converted from {raw.crs.to_string()} to {CRS}.",
        *notes_of(
            (
                int(broken.sum()),
                f"{counted(int(broken.sum()), 'polygon')} with lines that cross, mended with "
                f"make_valid: {', '.join(raw['GEOID'][broken])} ({'; '.join(places[:1])}).",
            ),
            (waters, f"{counted(waters, 'tract')} without land: nothing lives or is built there."),
            (repeated, f"{counted(repeated, 'repeated tract')} dropped."),
            (unnamed, f"{counted(unnamed, 'polygon')} without a tract id dropped."),
        ),
    )
    return Extract(tracts, notes)


def valid_polygons(shapes: np.ndarray) -> np.ndarray:
    """Mend broken polygons, keeping what has an area.

    ``make_valid`` may leave lines or points beside the polygons; a tract is made of area only.
    """
    fixed = shapes.copy()
    for index in np.flatnonzero(~shapely.is_valid(shapes)):
        parts = shapely.get_parts(shapely.make_valid(shapes[index]))
        polygons = parts[np.isin(shapely.get_type_id(parts), (3, 6))]
        fixed[index] = shapely.union_all(polygons)
    return fixed
