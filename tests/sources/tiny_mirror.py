"""Make a small data mirror in the layout of the real one, with the same kinds of dirt in it.

Twelve tracts, called Minneapolis so that every source exists. Planted, and expected by the tests:

- tract 2 is a bow tie; tract 11 has no land and no people;
- tract 3 has no census row of 2013–17, tract 4 no row of 2011–15;
- tract 5's blocks all have temperature 0, tract 6 has one repeated block with another canopy,
  tract 7's published mean is 1 °C off;
- tract 8 is measured in two cities, tract 9 by fill;
- the phone panel lacks Thursday and Friday, and tract 10.
"""

import gzip
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import Polygon, box

from aespa_core.sources.census import OLD_AGES, POI_COLUMNS

COUNT = 12
IDS = [f"27053{100 * (number + 1):06d}" for number in range(COUNT)]
DAYS = ("2021-07-19", "2021-07-20", "2021-07-21", "2021-07-24", "2021-07-25")
SCENE = "027-029-2018-08-13_B10.TIF"


def write_tiny_mirror(folder: Path) -> Path:
    """Write the mirror and give its folder."""
    (folder / "tracts").mkdir(parents=True)
    (folder / "mobility").mkdir()
    write_boundaries(folder / "tracts" / "tracts_minneapolis.geojson.gz")
    write_census(folder / "tracts")
    write_centres(folder / "tracts")
    write_temperature(folder / "tracts")
    write_mobility(folder / "mobility")
    return folder


def write_boundaries(path: Path) -> None:
    """Write a row of squares, one of them a bow tie."""
    shapes = [box(-93 + 0.01 * i, 45, -92.99 + 0.01 * i, 45.01) for i in range(COUNT)]
    west, south, east, north = shapes[2].bounds
    shapes[2] = Polygon([(west, south), (east, north), (east, south), (west, north)])
    tracts = gpd.GeoDataFrame(
        {
            "GEOID": IDS,
            "ALAND": [1_000_000] * 11 + [0],
            "AWATER": [0] * 11 + [1_000_000],
        },
        geometry=shapes,
        crs="EPSG:4269",
    )
    with gzip.open(path, "wt") as file:
        file.write(tracts.to_json())


def write_census(folder: Path) -> None:
    """Write the three census tables."""
    empty = np.arange(COUNT) == 11
    pd.DataFrame(
        {
            "tract10": IDS,
            "acs17_pop": np.where(empty, 0, 4000),
            "acs17_white": np.where(empty, 0, 1000),
            "acs17_mhi": np.where(empty, np.nan, 60_000.0),
        }
    ).assign(acs17_mhi=lambda t: t["acs17_mhi"].where(t.index != 0, 250_001)).drop(index=3).to_csv(
        folder / "acs2017_tract10.csv.gz", index=False
    )
    shares = {name: np.where(empty, np.nan, 12.5) for name in ("povP", "unempP")}
    pd.DataFrame(
        {
            "tract10": IDS,
            "totPopE": np.where(empty, 0.0, 4100.0),
            "pciE": np.where(empty, np.nan, 30_000.0),
            **shares,
            "totUnits": 1000.0,
            "unitDens": np.where(empty, np.nan, 2589.988110336),
            "areaSqMi": 1.0,
            "ndvi": np.where(empty, np.nan, 0.15),
        }
    ).to_parquet(folder / "oeps_2018_tract10.parquet")
    pd.DataFrame(
        {
            # ids without leading text, as the real file has them
            "GEOID": [int(geoid) for geoid in IDS],
            "acs_Total Population": np.where(empty, 0, 3900),
            "acs_Median Age - Total": np.where(empty, 0.0, 35.0),
            "acs_Median Earnings (Dollars)": 0.0,
            "acs_Under 5 Years - Total": np.where(empty, 0.0, 6.0),
            "acs_Vehicles Available - No Vehicle Available": np.where(empty, 0.0, 10.0),
            **{f"acs_{ages} - Total": np.where(empty, 0.0, 2.0) for ages in OLD_AGES},
            **dict.fromkeys(POI_COLUMNS, 1.0),
        }
    ).drop(index=4).to_csv(folder / "acs_poi_minneapolis.csv.gz", index=False)


def write_centres(folder: Path) -> None:
    """Write where people live: in the south-west of each tract, the last one's unknown."""
    pd.DataFrame(
        {
            "STATEFP": [geoid[:2] for geoid in IDS],
            "COUNTYFP": [geoid[2:5] for geoid in IDS],
            "TRACTCE": [geoid[5:] for geoid in IDS],
            "POPULATION": 4000,
            "LATITUDE": 45.002,
            "LONGITUDE": -93 + 0.01 * np.arange(COUNT) + 0.003,
        }
    ).drop(index=COUNT - 1).to_csv(folder / "pop_centers_2010_tracts.csv.gz", index=False)


def write_temperature(folder: Path) -> None:
    """Write surface temperature and its blocks, brightness, and the independent °F."""
    numbers = np.repeat(np.arange(COUNT - 1), 4)
    blocks = pd.DataFrame(
        {
            "block_geoid10": [
                f"{IDS[number]}{1000 + place:04d}"
                for place, number in enumerate(numbers)
            ],
            "tree_canopy_frac": (0.1 + 0.02 * numbers).astype("float32"),
            "lst_summer_c": (36.0 - numbers + np.tile([-0.5, 0.5, 0, 0], COUNT - 1)).astype(
                "float32"
            ),
        }
    )  # fmt: skip
    blocks.loc[numbers == 5, "lst_summer_c"] = 0.0
    tracts = blocks.assign(geoid=blocks["block_geoid10"].str[:11]).groupby("geoid")
    published = pd.DataFrame(
        {
            "tract10": IDS[: COUNT - 1],
            "urban_area": "Minneapolis--St. Paul, MN--WI",
            "n_lst": 4,
            "canopy_frac": tracts["tree_canopy_frac"].mean().to_numpy(),
            "lst_c_mean": tracts["lst_summer_c"].mean().to_numpy(),
        }
    )
    published["lst_c_mean"] = published["lst_c_mean"].where(published["lst_c_mean"] > 0)
    published.loc[7, "lst_c_mean"] += 1.0
    repeated = blocks[numbers == 6].head(1).assign(tree_canopy_frac=np.float32(0.9))
    pd.concat([blocks, repeated]).to_parquet(folder / "blocks_tnc.parquet")
    published.to_csv(folder / "lst_canopy_tnc.csv.gz", index=False)

    pd.DataFrame(
        {
            "city": ["minneapolis"] * 10 + ["st.-paul"],
            "tract10": [*IDS[:10], IDS[8]],
            "bt_b10_k_median": [305.0 - number for number in range(9)] + [147.517, 303.0],
            "flag_nodata": [0] * 9 + [1, 0],
            "landsat_image": SCENE,
        }
    ).to_csv(folder / "brightness_npr.csv.gz", index=False)
    pd.DataFrame(
        {
            "bg20": [f"{IDS[0]}1", f"{IDS[0]}2", f"{IDS[1]}1", "270539999999"],
            "lst2022_f": [95.0, 86.0, 104.0, 90.0],
            "lst2016_f": [95.0, 86.0, np.nan, 90.0],
        }
    ).to_csv(folder / "minneapolis_blockgroups_growing_shade.csv.gz", index=False)
    pd.DataFrame(
        {
            "tract20": ["11001000100"],
            "ALAND20": [1_000_000],
            "imperv_proxy": [0.5],
        }
    ).to_csv(folder / "nlcd2016_tract20_DC_MD_MA.csv.gz", index=False)


def write_mobility(folder: Path) -> None:
    """Write five days of hourly visits, the week's trips, commuting, and the 2020 block groups."""
    covered = [geoid for number, geoid in enumerate(IDS) if number != 10]
    rows = pd.MultiIndex.from_product(
        [covered, DAYS, range(6, 22)], names=["visit_tract10", "date", "hour"]
    ).to_frame(index=False)
    rows["num_visit"] = 2 + (rows["hour"] - 6) % 5
    rows["num_visitor"] = rows["num_visit"]
    rows["own_tract_visit"] = 1
    rows.to_csv(folder / "hourly_tract10_minneapolis.csv.gz", index=False)
    pd.DataFrame(
        [(IDS[0], IDS[0], 80), (IDS[0], IDS[1], 60), (IDS[1], IDS[2], 30), (IDS[1], IDS[10], 7)],
        columns=["home_tract10", "visit_tract10", "num_visit"],
    ).to_csv(folder / "od_week_tract10_minneapolis.csv.gz", index=False)
    pd.DataFrame(
        [(IDS[0], IDS[1], 12), (IDS[1], IDS[1], 5), (IDS[1], "27999000100", 1)],
        columns=["home_geoid", "work_geoid", "jobs"],
    ).to_csv(folder / "commute_od_minneapolis.csv.gz", index=False)
    pd.DataFrame(
        {
            "bg20": [f"{IDS[0]}1", f"{IDS[0]}2", f"{IDS[1]}1"],
            "pop20": [3000, 1000, 2000],
            "tract10": [IDS[0], IDS[0], IDS[1]],
        }
    ).to_csv(folder / "bg2020_to_tract2010_centroid.csv.gz", index=False)
