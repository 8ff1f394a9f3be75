"""Surface temperature that others computed: means per tract and block, and one-scene brightness."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from aespa_core.names import counted
from aespa_core.sources.census import of_tracts
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror

# Tract means are printed with five significant digits; blocks are 32-bit floats.
AGREEMENT_C = 0.002
AGREEMENT_SHARE = 0.0002


@dataclass(frozen=True)
class BlockMeans:
    """Tract means recomputed from census blocks, with what was dropped on the way.

    Attributes
    ----------
    table
        Indexed by geoid: ``lst_day_c`` (°C), ``n_lst`` (blocks with a temperature), ``canopy``
        (share 0–1), ``n_blocks``.
    repeated, zeros
        Blocks dropped as repetitions, and blocks whose temperature 0 means missing.
    """

    table: pd.DataFrame
    repeated: int
    zeros: int


def read_tnc(mirror: Mirror, geoids: pd.Series) -> Extract:
    """Read mean summer Landsat surface temperature and tree canopy (McDonald et al. 2021).

    The published tract means are compared with means over their census blocks; where they
    disagree, the blocks without their dirt are believed.

    Returns
    -------
    Extract
        ``geoid``, ``lst_day_c`` (°C), ``n_pixels`` (blocks averaged), ``canopy`` (share 0–1),
        ``urban_area``; only tracts of the source.
    """
    raw = mirror.csv(
        "tracts/lst_canopy_tnc.csv.gz",
        {"urban_area": "str", "n_lst": "float", "canopy_frac": "float", "lst_c_mean": "float"},
        ids=["tract10"],
    )
    rows = raw[raw["tract10"].isin(geoids)].drop_duplicates("tract10")
    rows = rows.sort_values("tract10", ignore_index=True)
    blocks = block_means(mirror, geoids)
    again = blocks.table.reindex(rows["tract10"].to_numpy()).reset_index(drop=True)
    # 0 °C as a summer mean is the source's code for missing
    published = rows["lst_c_mean"].where(rows["lst_c_mean"] != 0)
    off = differs(published, again["lst_day_c"], AGREEMENT_C)
    canopy_off = differs(rows["canopy_frac"], again["canopy"], AGREEMENT_SHARE)
    worst = (published - again["lst_day_c"]).abs().max()
    table = pd.DataFrame(
        {
            "geoid": rows["tract10"],
            "lst_day_c": published.where(~off, again["lst_day_c"]),
            "n_pixels": rows["n_lst"].where(~off, again["n_lst"]),
            "canopy": rows["canopy_frac"].where(~canopy_off, again["canopy"]),
            "urban_area": rows["urban_area"],
        }
    )
    absent = len(geoids) - int(table["lst_day_c"].notna().sum())
    void = int(table["lst_day_c"].isna().sum())
    areas = ", ".join(f"{area} {n:,}" for area, n in rows["urban_area"].value_counts().items())
    return Extract(
        table,
        notes_of(
            (len(rows), f"Surface temperature and canopy by urbanized area: {areas} tracts."),
            (
                absent,
                f"Surface temperature is missing in {counted(absent, 'tract')}"
                + (f", in {void} of them because every block is coded 0." if void else "."),
            ),
            (
                len(rows),
                f"Tract means of temperature disagree with their census blocks in {int(off.sum())} "
                f"of {counted(len(rows), 'tract')} (by more than {AGREEMENT_C} °C; the largest "
                f"difference is {worst:.4f} °C), canopy in {int(canopy_off.sum())}: there the "
                "means of the blocks are used.",
            ),
            (
                blocks.zeros,
                f"{counted(blocks.zeros, 'census block')} with temperature 0 taken as missing.",
            ),
            (blocks.repeated, f"{counted(blocks.repeated, 'repeated census block')} dropped."),
        ),
    )


def block_means(mirror: Mirror, geoids: pd.Series) -> BlockMeans:
    """Average census blocks to tracts, unweighted, without repetitions and temperatures of 0."""
    raw = mirror.parquet(
        "tracts/blocks_tnc.parquet", ["block_geoid10", "tree_canopy_frac", "lst_summer_c"]
    )
    raw = raw.assign(geoid=raw["block_geoid10"].str[:11])
    mine = raw[raw["geoid"].isin(geoids)]
    unique = mine.drop_duplicates("block_geoid10")
    lst, canopy = (unique[name].astype(float) for name in ("lst_summer_c", "tree_canopy_frac"))
    lst, canopy = lst.where((lst != 0) & (lst > -99)), canopy.where(canopy >= 0)
    unique = unique.assign(lst=lst, canopy=canopy)
    groups = unique.groupby("geoid")
    table = pd.DataFrame(
        {
            "lst_day_c": groups["lst"].mean(),
            "n_lst": groups["lst"].count().astype(float),
            "canopy": groups["canopy"].mean(),
            "n_blocks": groups.size().astype(float),
        }
    )
    return BlockMeans(table, len(mine) - len(unique), int((unique["lst_summer_c"] == 0).sum()))


def differs(one: pd.Series, other: pd.Series, tolerance: float) -> pd.Series:
    """Where two columns are further apart than a tolerance, or only one has a value.

    A tract without blocks cannot be checked and does not count as different.
    """
    apart = (one - other).abs() > tolerance
    return apart | (one.isna() & other.notna())


def read_brightness(mirror: Mirror, geoids: pd.Series) -> Extract:
    """Read Landsat-8 band-10 brightness temperature of one clear scene a city.

    A tract that two cities share carries one median for each part, and nothing says how large
    the parts are: it is left missing.

    Returns
    -------
    Extract
        ``geoid``, ``brightness_day_k`` (K, top of atmosphere), ``brightness_scene``; only tracts
        of the source.
    """
    raw = mirror.csv(
        "tracts/brightness_npr.csv.gz",
        {
            "city": "str",
            "bt_b10_k_median": "float",
            "flag_nodata": "int64",
            "landsat_image": "str",
        },
        ids=["tract10"],
    )
    rows = raw[raw["tract10"].isin(geoids)]
    fill = (rows["flag_nodata"] == 1) | ~np.isfinite(rows["bt_b10_k_median"])
    measured = rows[~fill]
    shared = measured["tract10"].duplicated(keep=False)
    spread = measured[shared].groupby("tract10")["bt_b10_k_median"].agg(np.ptp).max()
    kept = measured[~shared].sort_values("tract10", ignore_index=True)
    table = pd.DataFrame(
        {
            "geoid": kept["tract10"],
            "brightness_day_k": kept["bt_b10_k_median"],
            "brightness_scene": kept["landsat_image"].str.removesuffix("_B10.TIF"),
        }
    )
    filled, twice = int(fill.sum()), int(measured.loc[shared, "tract10"].nunique())
    scenes = sorted(table["brightness_scene"].unique())
    return Extract(
        table,
        notes_of(
            (
                len(scenes),
                f"Brightness temperature covers {counted(len(table), 'tract')} from "
                f"{counted(len(scenes), 'scene')} ({', '.join(scenes)}): compare within a scene.",
            ),
            (not scenes, "No brightness temperature exists for this metro."),
            (
                twice,
                f"{counted(twice, 'tract')} shared by two cities carry two brightness "
                f"temperatures, up to {spread:.1f} K apart: left missing.",
            ),
            (filled, f"{counted(filled, 'row')} of fill in the brightness table dropped."),
        ),
    )


def joined(geoids: pd.Series, *tables: pd.DataFrame) -> pd.DataFrame:
    """Put tables side by side, a row for every tract, NaN where a table has none."""
    frame = pd.DataFrame({"geoid": geoids.to_numpy()})
    for table in tables:
        frame = frame.assign(**of_tracts(table, "geoid", frame["geoid"]).drop(columns="geoid"))
    return frame
