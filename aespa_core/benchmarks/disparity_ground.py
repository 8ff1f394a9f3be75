"""The ground of the disparity worlds: tracts of the twin's metros, and what they are without trees.

Summed from the rasters of :func:`aespa_core.twin.metro.build_metro`; no image is drawn and no light
is cast. Eight metros take half a minute on one core, so the sums are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.catalogue import ROOT
from aespa_core.twin.land_use import Land
from aespa_core.twin.materials import CODE, property_of
from aespa_core.twin.metro import Metro, build_metro
from aespa_core.twin.metro_tables import geoids_of
from aespa_core.twin.nadir_view import seen_from_above
from aespa_core.twin.settings import TWIN_VERSION, TwinSettings, world_settings
from aespa_core.twin.tract_land import land_of
from aespa_core.twin.truth import tract_means

Floats = npt.NDArray[np.float64]

CACHE: Final = ROOT / "runs" / "bench_disparity"


@dataclass(frozen=True)
class Ground:
    """Tracts of one metro as they stay when trees and people are drawn anew, B of them.

    Attributes
    ----------
    land
        Places, areas and floors; its canopy is the one that the twin planted.
    bare_impervious
        Share of the tract that is sealed under trees or open sky, 0–1, shape (B,).
    bare_albedo
        Albedo in plan view without trees, 0–1, shape (B,).
    water_share
        Share of the tract that is open water, 0–1, shape (B,).
    shore_cooling_k
        How much cooler its air is than far inland, K, shape (B,).
    """

    land: Land
    bare_impervious: Floats
    bare_albedo: Floats
    water_share: Floats
    shore_cooling_k: Floats


LAND: Final = tuple(field.name for field in fields(Land))
BARE: Final = tuple(field.name for field in fields(Ground) if field.name != "land")


def ground_of(metro: Metro) -> Ground:
    """Sum a metro's rasters."""
    scene = metro.scene
    bare = seen_from_above(replace(scene, tree_m=np.zeros_like(scene.tree_m)))
    return Ground(
        land=land_of(metro, geoids_of(scene.climate.metro, metro.tracts)),
        bare_impervious=tract_means(property_of("sealed").astype(bool)[bare.material], scene.tract),
        bare_albedo=tract_means(bare.albedo, scene.tract),
        water_share=tract_means(scene.ground == CODE["water"], scene.tract),
        shore_cooling_k=tract_means(
            np.broadcast_to(scene.cooler_k, scene.ground.shape), scene.tract
        ),
    )


def twin_grounds(
    settings: TwinSettings | None = None,
    cache: Path = CACHE,
    done: Callable[[str], None] = lambda metro: None,
) -> tuple[Ground, ...]:
    """Give the ground of every metro of a world, from the cache where it was made before.

    Parameters
    ----------
    settings
        Of the world; the twin as it is by default.
    cache
        Folder of what was made before.
    done
        Called with each finished metro.
    """
    settings = settings or world_settings("twin")
    name = "_".join((settings.id, f"{settings.seed}", *settings.metros, TWIN_VERSION))
    path = cache / f"ground_{name}.parquet"
    if not path.is_file():
        made = []
        for metro in settings.metros:
            made.append(table_of(ground_of(build_metro(settings, metro))))
            done(metro)
        write_parquet(path, pd.concat(made, ignore_index=True))
    # read back even when just made: a first run and a second one have the same numbers
    table = pd.read_parquet(path)
    return tuple(ground_from(table[table["metro"] == metro]) for metro in settings.metros)


def table_of(ground: Ground) -> pd.DataFrame:
    """Lay a ground out, one row a tract."""
    columns = {name: getattr(ground.land, name) for name in LAND}
    return pd.DataFrame(columns | {name: getattr(ground, name) for name in BARE})


def ground_from(table: pd.DataFrame) -> Ground:
    """Read a metro's rows of :func:`table_of`."""
    numbers = {name: table[name].to_numpy(float) for name in (*LAND[2:], *BARE)}
    land = Land(
        metro=str(table["metro"].iloc[0]),
        geoid=table["geoid"].to_numpy().astype(np.str_),
        **{name: numbers[name] for name in LAND[2:]},
    )
    return Ground(land, **{name: numbers[name] for name in BARE})
