"""Tract ids in every form that spreadsheets make of them, and geometry of every kind."""

from collections.abc import Callable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely import affinity
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from tests.cases.clean import Tables
from tests.cases.siblings.sibling import Change, Names, Sibling, some_rows

SHAPES: Final = ("geometry", "polygon", "border", "shape", "coordinate", "tracts.parquet")
IDS: Final = ("geoid", "tract id")
ALL: Final = ("tracts", "temperature", "proxies")


def ids(form: Callable[[pd.Series], object], tables_meant: tuple[str, ...] = ALL) -> Change:
    """Make a change that writes ids in another form."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        for name in tables_meant:
            tables[name]["geoid"] = form(tables[name]["geoid"])
        return IDS

    return change


def reshaped(change_one: Callable[[shapely.Geometry], shapely.Geometry | None]) -> Change:
    """Make a change of some polygons."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tracts = tables["tracts"]
        shapes = list(tracts.geometry)
        for row in some_rows(rng, len(shapes), 1, 5):
            shapes[row] = change_one(shapes[row])
        tracts["geometry"] = gpd.GeoSeries(shapes, index=tracts.index, crs=tracts.crs)
        return SHAPES

    return change


def all_shapes(change_all: Callable[[gpd.GeoDataFrame], pd.DataFrame]) -> Change:
    """Make a change of the whole table of tracts."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables["tracts"] = change_all(tables["tracts"])
        return SHAPES

    return change


def to_index(tables: Tables, rng: np.random.Generator) -> Names:
    """Keep the ids in the index, as a join leaves them."""
    for name in ALL:
        tables[name] = tables[name].set_index("geoid")
    return IDS


def capitals(tables: Tables, rng: np.random.Generator) -> Names:
    """Name the column as the Census does."""
    for name in ALL:
        tables[name] = tables[name].rename(columns={"geoid": "GEOID"})
    return ("GEOID", "geoid")


def twice(tables: Tables, rng: np.random.Generator) -> Names:
    """Repeat a tract, as a join does."""
    tracts = tables["tracts"]
    again = tracts.iloc[some_rows(rng, len(tracts), 1, 3)]
    tables["tracts"] = gpd.GeoDataFrame(
        pd.concat([tracts, again], ignore_index=True), crs=tracts.crs
    )
    return IDS


def total(tables: Tables, rng: np.random.Generator) -> Names:
    """Add a last row of totals."""
    frame = tables["temperature"]
    last = frame.iloc[[-1]].assign(geoid="Total", lst_day_c=frame["lst_day_c"].mean())
    tables["temperature"] = pd.concat([frame, last], ignore_index=True)
    return (*IDS, "temperature.parquet")


def water(tables: Tables, rng: np.random.Generator) -> Names:
    """Add a tract of water alone, without people."""
    tracts = tables["tracts"]
    lake = tracts.iloc[[-1]].copy()
    lake["geoid"], lake["population"], lake["white_population"] = "01001990000", 0.0, 0.0
    lake["aland_m2"], lake["awater_m2"], lake["housing_units"] = 0.0, 1e6, 0.0
    lake["median_household_income_usd"] = lake["per_capita_income_usd"] = np.nan
    lake["white_share"] = lake["poverty_share"] = lake["unemployment_share"] = np.nan
    lake["housing_density_km2"] = np.nan
    lake["geometry"] = lake.geometry.translate(0.01, 0.0)
    tables["tracts"] = gpd.GeoDataFrame(
        pd.concat([tracts, lake], ignore_index=True), crs=tracts.crs
    )
    return ("01001990000", "990000", "water")


def jittered(size: float) -> Change:
    """Make a change that moves every corner of every polygon by itself."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tracts = tables["tracts"]
        rings = [np.asarray(shape.exterior.coords)[:-1] for shape in tracts.geometry]
        moved = [Polygon(ring + rng.normal(0.0, size, ring.shape)) for ring in rings]
        tracts["geometry"] = gpd.GeoSeries(moved, index=tracts.index, crs=tracts.crs)
        return (*SHAPES, "gap", "overlap")

    return change


def bow_tie(shape: Polygon) -> Polygon:
    """Cross two sides."""
    a, b, c, d = shape.exterior.coords[:4]
    return Polygon([a, c, b, d])


def with_hole(shape: Polygon) -> Polygon:
    """Cut the middle out."""
    inner = affinity.scale(shape, 0.2, 0.2)
    return Polygon(shape.exterior.coords, [inner.exterior.coords])


def named(name: str) -> Callable[[gpd.GeoDataFrame], gpd.GeoDataFrame]:
    """Give the geometry another name."""
    return lambda tracts: tracts.rename_geometry(name)


def second_geometry(tracts: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Keep the centres in a column beside the borders."""
    return tracts.assign(
        centre=gpd.GeoSeries(tracts.geometry.representative_point(), crs=tracts.crs)
    )


def as_text(tracts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Write borders as text."""
    return pd.DataFrame(tracts).assign(geometry=[shape.wkt for shape in tracts.geometry])


def as_bytes(tracts: gpd.GeoDataFrame) -> pd.DataFrame:
    """Write borders as bytes, with no word that they are geometry."""
    return pd.DataFrame(tracts).assign(geometry=[shape.wkb for shape in tracts.geometry])


SIBLINGS: Final = (
    *(
        Sibling(name=name, kind="ids", outcome="refused", names=IDS, change=ids(form))
        for name, form in {
            "ids as integers": lambda v: v.astype("int64"),
            "ids as floats": lambda v: v.astype("float64"),
            "ids as nullable integers": lambda v: v.astype("Int64"),
            "ids that Excel rounded": lambda v: v.astype("int64") // 10_000 * 1e4,
            "ids as exponents": lambda v: [f"{int(x):.5E}" for x in v],
            "ids with 1400000US before": lambda v: "1400000US" + v,
            "ids with US1400000 before": lambda v: "US1400000" + v,
            "ids of the NHGIS": lambda v: "G" + v.str[:2] + "0" + v.str[2:5] + "0" + v.str[5:],
            "ids of ten digits": lambda v: v.str.lstrip("0"),
            "block groups of twelve digits": lambda v: v + "1",
            "ids with a space": lambda v: v.str[:2] + " " + v.str[2:],
            "ids with spaces around": lambda v: " " + v + " ",
            "names for ids": lambda v: "Census Tract " + v.str[5:9] + "." + v.str[9:],
            "ids with an apostrophe": lambda v: "'" + v,
            "ids in quotes": lambda v: '"' + v + '"',
            "ids with a decimal point": lambda v: v + ".0",
        }.items()
    ),
    Sibling(name="ids as categories", kind="ids", outcome="honest",
            change=ids(lambda v: v.astype("category"))),
    Sibling(name="ids as bytes", kind="ids", outcome="honest",
            change=ids(lambda v: [x.encode() for x in v])),
    Sibling(name="ids as numbers in one table alone", kind="ids", outcome="refused",
            change=ids(lambda v: v.astype("int64"), ("temperature",))),
    Sibling(name="ids in the index", kind="ids", outcome="honest", change=to_index),
    Sibling(name="ids under GEOID", kind="ids", outcome="honest", change=capitals),
    Sibling(name="Connecticut before 2022", kind="ids", outcome="refused",
            names=(*IDS, "Connecticut"), change=lambda tables, rng: connecticut(tables)),
    Sibling(name="a missing id", kind="ids", outcome="refused",
            change=ids(lambda v: [None, *v[1:]], ("temperature",))),
    Sibling(name="a tract twice", kind="ids", outcome="refused", change=twice),
    Sibling(name="a row of totals", kind="ids", outcome="refused", change=total),
    # their middles move, too
    Sibling(name="corners off by a metre", kind="geometry", outcome="robust",
            change=jittered(1e-5)),
    Sibling(name="a tract of water", kind="geometry", outcome="robust", change=water),
    *(
        Sibling(name=name, kind="geometry", outcome="refused", change=reshaped(form))
        for name, form in {
            "no polygon": lambda shape: None,
            "an empty polygon": lambda shape: Polygon(),
            "a point": lambda shape: shape.centroid,
            "a line": lambda shape: LineString(shape.exterior.coords),
        }.items()
    ),
    *(
        Sibling(name=name, kind="geometry", outcome="honest", change=reshaped(form))
        for name, form in {
            "a collection": lambda shape: GeometryCollection([shape, Point(shape.centroid)]),
            "a crossed ring": bow_tie,
            "a hole": with_hole,
            "a sliver": lambda shape: affinity.scale(shape, 1e-6, 1.0),
            "a polygon elsewhere": lambda shape: affinity.translate(shape, 90.0, -60.0),
            "a polygon around the world": lambda shape: shapely.box(-180, -90, 180, 90),
        }.items()
    ),
    *(
        Sibling(name=name, kind="geometry", outcome="repaired", change=reshaped(form))
        for name, form in {
            "a multipolygon of one": lambda shape: MultiPolygon([shape]),
            "rings the other way round": lambda shape: shape.reverse(),
        }.items()
    ),
    *(
        Sibling(name=name, kind="geometry", outcome="repaired", names=SHAPES, change=change)
        for name, change in {
            "geometry called geom": all_shapes(named("geom")),
            "geometry called wkb_geometry": all_shapes(named("wkb_geometry")),
            "geometry called geoid_shape": all_shapes(named("geoid_shape")),
            "heights": all_shapes(
                lambda t: t.set_geometry(shapely.force_3d(t.geometry.to_numpy(), 120.0), crs=t.crs)
            ),
            "a second geometry": all_shapes(second_geometry),
            "corners off by 1e-12": jittered(1e-12),
        }.items()
    ),
    *(
        Sibling(name=name, kind="geometry", outcome="honest", names=SHAPES, change=change)
        for name, change in {
            "latitude first": all_shapes(
                lambda t: t.set_geometry(
                    shapely.transform(t.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=t.crs
                )
            ),
            "metres without a system": all_shapes(
                lambda t: t.to_crs(3857).set_crs(None, allow_override=True)
            ),
            "metres said to be degrees": all_shapes(
                lambda t: t.to_crs(3857).set_crs(4326, allow_override=True)
            ),
            "metres with their system": all_shapes(lambda t: t.to_crs(3857)),
            "feet of a state plane": all_shapes(lambda t: t.to_crs(2225)),
            "NAD83": all_shapes(lambda t: t.to_crs(4269)),
            "no system": all_shapes(lambda t: t.set_crs(None, allow_override=True)),
            "borders as text": all_shapes(as_text),
            "borders as bytes": all_shapes(as_bytes),
            "no borders at all": all_shapes(lambda t: pd.DataFrame(t).drop(columns="geometry")),
            "corners off by 1e-9": jittered(1e-9),
        }.items()
    ),
)  # fmt: skip


def connecticut(tables: Tables) -> Names:
    """Let the tracts be of planning regions and the tables of counties."""
    for name, code in (("tracts", "09190"), ("temperature", "09001"), ("proxies", "09001")):
        tables[name]["geoid"] = code + tables[name]["geoid"].str[5:]
    return (*IDS, "Connecticut")
