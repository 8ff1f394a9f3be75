"""Build the study of a metro from the public sources of the mirror."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.schema import METROS, Metro, metro_named
from aespa_core.sources import growing_shade
from aespa_core.sources.census import read_acs2017, read_acs_poi, read_oeps
from aespa_core.sources.commuting import read_commuting
from aespa_core.sources.extract import Extract
from aespa_core.sources.growing_shade import read_growing_shade
from aespa_core.sources.land_cover import read_impervious
from aespa_core.sources.mirror import Mirror, open_mirror
from aespa_core.sources.population_centers import read_population_centers
from aespa_core.sources.temperature_tables import joined, read_brightness, read_tnc
from aespa_core.sources.tract_boundaries import read_tracts
from aespa_core.sources.weekly_patterns import read_mobility
from aespa_core.studies.atlas_run import NOTE as ATLAS_NOTE
from aespa_core.studies.atlas_run import atlas_runs
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.folder import Study, open_study, write_study
from aespa_core.studies.info import INFO_FILE, StudyInfo, read_info
from aespa_core.studies.inventory import count_table
from aespa_core.studies.run_tables import RUN_TABLES
from aespa_core.target_folder import check_target

VINTAGE: Final = (
    "Census tracts of 2010; people 2011–2018 (American Community Survey); summer surface "
    "temperature and canopy as published in 2021; phone mobility of July 2021; commuting of 2018"
)
SOURCES: Final = (
    "Tract polygons: US Census cartographic boundaries 2010 via CommutingODGen-Dataset.",
    "People: ACS 2013–17 via nprapps/heat-income; ACS 2014–18 via opioid-policy-scan; "
    "ACS 2011–15 via CommutingODGen-Dataset.",
    "Centres of population of tracts: US Census 2010.",
    "Points of interest: OpenStreetMap via CommutingODGen-Dataset.",
    "Summer surface temperature and canopy: McDonald et al. 2021, PLOS ONE 16(4): e0249715.",
    "Brightness temperature: Landsat 8 band 10 via nprapps/heat-income.",
    "Surface temperature 2016 and 2022, Twin Cities: Metropolitan Council, growing.shade.",
    "NDVI: Sentinel-2 2018 via opioid-policy-scan.",
    "Sealed ground: NLCD 2016.",
    "Mobility: GeoDI-Lab Visitor_census, one week of July 2021.",
    "Commuting: LODES 2018 via CommutingODGen-Dataset.",
)
LICENCES: Final = (
    "US Census boundaries, ACS, LODES, Landsat and NLCD: public domain.",
    "Points of interest © OpenStreetMap contributors, ODbL.",
    "growing.shade: MIT.",
    "Tree canopy and block temperatures, NDVI table, phone mobility: no licence for "
    "redistribution stated; keep this study to yourself.",
)
# Steps of one ingest, for a progress bar.
STEPS: Final = 10


def metros_chosen(choice: str) -> tuple[Metro, ...]:
    """Give the metro of this id, or all of them for ``all``.

    Raises
    ------
    UnknownMetroError
        If no metro has this id.
    """
    return METROS if choice == "all" else (metro_named(choice),)


def ingest_metro(
    metro_id: str, out_folder: Path, progress: Callable[[str], None] = lambda step: None
) -> Study:
    """Build the study of a metro; a failed ingest leaves what was there before.

    Parameters
    ----------
    metro_id
        One of the eight metros; the atlas's estimates of it come along.
    out_folder
        The study folder. An observed study that stands there is replaced; its images, embeddings
        and estimates are kept.
    progress
        Called with the name of each of the :data:`STEPS` as it begins.

    Raises
    ------
    UnknownMetroError, MirrorError, StudyError
        If the metro is unknown, a source file is missing or garbled, or something else than an
        observed study stands at ``out_folder``.
    """
    metro = metro_named(metro_id)
    mirror = open_mirror()
    check_replaceable(out_folder)
    tables, notes = read_sources(mirror, metro_id, progress)
    runs = atlas_runs(tables["tracts"]["geoid"])
    notes += (ATLAS_NOTE,) if runs else ()
    info = StudyInfo(metro.name, "observed", VINTAGE, LICENCES, SOURCES, notes)
    progress("write")
    with replacing_folder(out_folder) as temporary:
        keep_additions(out_folder, temporary)
        write_study(temporary, info, tables, runs)
    return open_study(out_folder)


def check_replaceable(folder: Path) -> None:
    """Refuse to write over anything but an observed study or an empty folder."""
    check_target(folder, is_ingested, "a study of public sources")


def is_ingested(folder: Path) -> bool:
    """Whether a folder holds a study that an ingest built; one of own measurements is none."""
    if not (folder / INFO_FILE).is_file():
        return False
    info = read_info(folder)
    if info.kind != "observed":
        raise StudyError(
            f"{folder} is a study of kind '{info.kind}': choose another folder with --out."
        )
    return SOURCES[0] in info.sources


def keep_additions(old: Path, new: Path) -> None:
    """Copy what people and models added to a study that is ingested again."""
    for name in ("images", "embeddings", *RUN_TABLES):
        if (old / name).is_dir():
            shutil.copytree(old / name, new / name)


def read_sources(
    mirror: Mirror, metro_id: str, progress: Callable[[str], None]
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """Read every source of a metro: the tables of its study, and the notes about them."""
    notes: list[str] = []

    def taken(step: str, read: Callable[[], Extract]) -> pd.DataFrame:
        progress(step)
        extract = read()
        notes.extend(extract.notes)
        return extract.table

    tracts = taken("boundaries", lambda: read_tracts(mirror, metro_id))
    geoids = tracts["geoid"]
    people = taken("census 2014–18", lambda: read_oeps(mirror, geoids))
    race = taken("census 2013–17", lambda: read_acs2017(mirror, geoids))
    ages = taken("census 2011–15", lambda: read_acs_poi(mirror, metro_id, geoids))
    heat = taken("surface temperature", lambda: read_tnc(mirror, geoids))
    brightness = taken("brightness temperature", lambda: read_brightness(mirror, geoids))
    sealed = taken(
        "land cover", lambda: read_impervious(mirror, tracts.set_index("geoid")["aland_m2"])
    )
    independent = [brightness]
    if metro_id == growing_shade.METRO:
        independent.append(taken("growing shade", lambda: read_growing_shade(mirror, geoids)))
    mobility = taken("mobility", lambda: read_mobility(mirror, metro_id, geoids))
    flows = taken("commuting", lambda: read_commuting(mirror, metro_id, geoids))

    census = joined(
        geoids, heat[["geoid", "urban_area"]], people, race, ages, centres_of(mirror, geoids)
    )
    tables: dict[str, pd.DataFrame] = {
        "tracts": tracts.merge(census.drop(columns="ndvi"), on="geoid", validate="1:1"),
        "temperature": temperature_table(joined(geoids, heat, *independent)),
        "proxies": proxy_table(joined(geoids, people, heat, sealed)),
    }
    tables |= {
        name: table for name, table in (("mobility", mobility), ("flows", flows)) if len(table)
    }
    return tables, (*notes, *(missing_note(name, table) for name, table in tables.items()))


def centres_of(mirror: Mirror, geoids: pd.Series) -> pd.DataFrame:
    """Read where the residents of a metro's tracts live on average."""
    centres = read_population_centers(mirror)
    own = centres[centres["geoid"].isin(geoids)]
    return own.rename(columns={"lon": "people_lon", "lat": "people_lat"}).drop(
        columns="population_2010"
    )


def temperature_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out temperatures, °C and K, with the sources behind each row."""
    measured = {
        "lst_day_c": "summer mean LST (McDonald et al. 2021)",
        "brightness_day_k": "Landsat 8 brightness, one scene",
        "lst_2022_c": "Growing Shade LST 2016 and 2022",
    }
    columns = ["geoid", "lst_day_c", "lst_night_c", "brightness_day_k", "brightness_scene"]
    columns += [name for name in ("lst_2016_c", "lst_2022_c") if name in rows]
    table = rows.assign(lst_night_c=float("nan"), source=sources_of(rows, measured))
    return table[[*columns, "source", "n_pixels"]]


def proxy_table(rows: pd.DataFrame) -> pd.DataFrame:
    """Lay out the five proxies with the sources behind each row; unmeasured ones are missing."""
    measured = {
        "ndvi": "Sentinel-2 NDVI 2018, top of atmosphere",
        "canopy": "NAIP canopy (McDonald et al. 2021)",
        "impervious": "NLCD 2016",
    }
    table = rows.assign(
        albedo=float("nan"), shadow=float("nan"), source=sources_of(rows, measured), n_images=0.0
    )
    return table[
        ["geoid", "ndvi", "canopy", "impervious", "albedo", "shadow", "source", "n_images"]
    ]


def sources_of(rows: pd.DataFrame, measured: dict[str, str]) -> pd.Series:
    """Name the sources of what each row has, ``not measured`` where it has nothing."""
    names = pd.Series("", index=rows.index, dtype="str")
    for column, name in measured.items():
        if column in rows:
            first = names == ""
            added = names.mask(first, name).where(first, names + " + " + name)
            names = names.mask(rows[column].notna(), added)
    return names.mask(names == "", "not measured")


def missing_note(name: str, table: pd.DataFrame) -> str:
    """Count in one sentence what the columns of a table lack."""
    count = count_table(name, table)
    if not count.missing:
        return f"{name}: {count.rows:,} rows, nothing missing."
    gaps = ", ".join(f"{column} {n:,}" for column, n in count.missing.items())
    return f"{name}: {count.rows:,} rows; missing: {gaps}."
