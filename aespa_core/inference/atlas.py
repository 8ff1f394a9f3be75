"""Build the atlas: every tract of the metros, each metro by a model that never saw it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd

from aespa_core.datasets.metro_split import metro_split
from aespa_core.datasets.national_tracts import LEARNED, NationalTracts
from aespa_core.datasets.tract_training import TrainingTracts
from aespa_core.errors import StudyError
from aespa_core.inference.fit_cache import fitted_or_fit
from aespa_core.inference.metro_estimates import metro_estimates
from aespa_core.inference.metro_model import MetroModel, save_metro_model
from aespa_core.inference.model_card import write_card
from aespa_core.schema import PROXIES, Metro
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.cells import assign_cells
from aespa_core.studies.folder import INFO_FILE, Study, open_study, write_study
from aespa_core.studies.info import StudyInfo, read_info
from aespa_core.target_folder import check_target as check_target_folder
from aespa_core.training.tract_fit import FitSettings

NAME: Final = "Atlas of eight US metros"
VINTAGE: Final = (
    "Census tracts of 2010; summer daytime surface temperature and canopy as published in 2021; "
    "NDVI of 2018; sealed ground of 2016"
)
SOURCES: Final = (
    "Model output on H3 cells. The model learned from: summer surface temperature and tree canopy, "
    "McDonald et al. 2021, PLOS ONE 16(4): e0249715; NDVI, Sentinel-2 2018 via opioid-policy-scan; "
    "sealed ground, NLCD 2016; housing density, ACS 2014–18; centres of population, US Census "
    "2010; shores, GSHHG 2.3.6 (Wessel & Smith 1996).",
)
LICENCES: Final = (
    "These estimates: MIT, as the program that made them; no table or polygon of a source is in "
    "them.",
    "US Census, ACS, Sentinel-2 and NLCD: public domain or free use with attribution.",
    "GSHHG shorelines: LGPL-3.0.",
    "Surface temperature and tree canopy by tract: no licence for redistribution stated; used for "
    "training only.",
)
GENERAL: Final = (
    "Temperatures are those of surfaces in a summer's daytime as a satellite sees them, not of "
    "air; the 90 % intervals are intervals for that satellite label.",
    "Each metro is estimated by a model that was trained without it and without the urban areas "
    "that lie mostly in it (card: assets/models/tract_model.md).",
    "Albedo and shadow are not measured beside a label anywhere: they have no curve and no part "
    "in these estimates.",
    "Sealed ground is measured in too few labelled areas to calibrate on: intervals are those of "
    "areas without it.",
)


@dataclass(frozen=True)
class World:
    """All tracts of the country, and those of them with labels."""

    national: NationalTracts
    tracts: TrainingTracts


@dataclass(frozen=True)
class Place:
    """A metro to build: its polygons in EPSG:4326, indexed by geoid."""

    metro: Metro
    polygons: gpd.GeoSeries


@dataclass(frozen=True)
class MetroAtlas:
    """One metro's part: rows of ``estimates`` and ``cells``, its model, a sentence of counts."""

    metro: Metro
    estimates: pd.DataFrame
    cells: pd.DataFrame
    fitted: MetroModel
    note: str


def build_metro(
    world: World,
    place: Place,
    settings: FitSettings,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
    cache: Path | None = None,
) -> MetroAtlas:
    """Fit a metro's model, or take it from the cache, and estimate every tract of the metro."""
    geoids = [str(geoid) for geoid in place.polygons.index]
    split = metro_split(world.tracts, world.national.table, geoids)
    fitted = fitted_or_fit(split, settings, seed, progress, cache)
    estimates = metro_estimates(fitted, world.national, place.metro.id, geoids)
    note = note_of(place.metro, estimates, world.national.table)
    return MetroAtlas(place.metro, estimates, assign_cells(place.polygons), fitted, note)


def note_of(metro: Metro, estimates: pd.DataFrame, table: pd.DataFrame) -> str:
    """Count a metro's tracts, its labels (used for nothing but the level), proxies and limits."""
    labels = int(table["lst_day_c"].reindex(estimates["geoid"]).notna().sum())
    level = int(estimates["lst_day_c"].notna().sum())
    words = {proxy.id: proxy.label.lower() for proxy in PROXIES}
    has = [
        (words[name], int(estimates["measured"].str.split("+").map(lambda m, n=name: n in m).sum()))
        for name in LEARNED
    ]
    measured = ", ".join(f"{word} {count:,}" for word, count in has if count)
    absent = ", ".join(word for word, count in has if not count)
    return (
        f"{metro.name}: {len(estimates):,} tracts; measured: {measured or 'nothing'}"
        + (f"; not measured: {absent}" if absent else "")
        + f"; labels from satellites in {labels:,}, absolute °C in {level:,}"
        + f"; outside the training range {int(estimates['extrapolated'].sum()):,}."
    )


def check_target(folder: Path) -> None:
    """Refuse to write over anything but an atlas or an empty folder.

    Raises
    ------
    StudyError
        If a file or another study stands there.
    """
    check_target_folder(folder, is_atlas, "an atlas")


def is_atlas(folder: Path) -> bool:
    """Whether a folder holds an atlas that was built here."""
    if not (folder / INFO_FILE).is_file():
        return False
    info = read_info(folder)
    if info.kind != "estimated":
        raise StudyError(
            f"{folder} is a study of kind '{info.kind}': choose another folder with --out."
        )
    return info.name == NAME


def write_atlas(parts: Sequence[MetroAtlas], out: Path, weights: Path) -> Study:
    """Write the atlas, the weights and the model card; other metros of an earlier atlas stay.

    Parameters
    ----------
    parts
        Metros that were built.
    out
        Folder of the atlas.
    weights
        Folder that gets ``<metro>.safetensors`` and ``<metro>.json``; the card goes beside it.
    """
    check_target(out)
    new = {part.metro.id for part in parts}
    estimates, cells = ([part.estimates for part in parts], [part.cells for part in parts])
    notes = [part.note for part in parts]
    if (out / INFO_FILE).is_file():
        old = open_study(out)
        kept = old.read("estimates").pipe(lambda table: table[~table["metro"].isin(new)])
        estimates.append(kept)
        cells.append(
            old.read("cells").pipe(lambda table: table[table["geoid"].isin(kept["geoid"])])
        )
        replaced = tuple(f"{part.metro.name}: " for part in parts)
        notes += [n for n in old.info.notes if n not in GENERAL and not n.startswith(replaced)]
    tables = {
        "estimates": pd.concat([part for part in estimates if len(part)], ignore_index=True)
        .sort_values(["metro", "geoid"], ignore_index=True)
        .pipe(in_schema_order),
        "cells": pd.concat(cells, ignore_index=True).sort_values(
            ["geoid", "cell"], ignore_index=True
        ),
    }
    info = StudyInfo(NAME, "estimated", VINTAGE, LICENCES, SOURCES, (*GENERAL, *sorted(notes)))
    with replacing_folder(out) as temporary:
        write_study(temporary, info, tables)
    for part in parts:
        save_metro_model(part.fitted, weights, part.metro.id)
    write_card(weights)
    return open_study(out)


def in_schema_order(estimates: pd.DataFrame) -> pd.DataFrame:
    """Put contributions side by side; the metros' tables need not have the same."""
    parts = [f"contribution_{name}_c" for name in LEARNED]
    parts = [name for name in parts if name in estimates]
    first = ["geoid", "metro", "anomaly_c", "low90_c", "high90_c", "base_c", *parts]
    return estimates[[*first, *(name for name in estimates if name not in first)]]
