"""What must hold between columns and between tables of a study."""

from collections.abc import Mapping
from typing import Final

import h3
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from aespa_core.schema import PROXIES
from aespa_core.studies.explanation_faults import (
    disagreement_faults,
    member_faults,
    wrong_way_faults,
)
from aespa_core.studies.faults import Fault, Sheet, all_numbers
from aespa_core.studies.metro_faults import wrong_metros
from aespa_core.studies.schema_faults import ID_COLUMNS

SUM_TOLERANCE_C: Final = 1e-4
CONNECTICUT: Final = "09"
CELL: Final = r"[0-9a-f]{15}"


def stranger_faults(sheet: Sheet, known: pd.Series, home: str) -> list[Fault]:
    """Find well-formed tract ids that the table ``home`` does not have."""
    faults = []
    for column in ID_COLUMNS:
        if column not in sheet.frame:
            continue
        ids = sheet.frame[column]
        strange = ids.notna() & ~is_among(ids, known)
        if strange.sum() > 1 and strange.sum() == ids.notna().sum():
            faults.append(
                sheet.fault(None, column, ids[strange].iloc[0], *disjoint(ids, known, home))
            )
            continue
        faults += sheet.faults_where(
            strange,
            column,
            lambda value: (
                f"tract {value} is not in {home}",
                f"add the tract to {home} or drop the row",
            ),
        )
    return faults


def is_among(ids: pd.Series, known: pd.Series) -> pd.Series:
    """Whether each id is one of those that are known; pyarrow tells in a tenth of pandas' time."""
    among = pc.is_in(pa.array(ids, pa.large_string()), pa.array(known.dropna(), pa.large_string()))
    return pd.Series(among.to_numpy(zero_copy_only=False), index=ids.index)


def disjoint(ids: pd.Series, known: pd.Series, home: str) -> tuple[str, str]:
    """Say why two tables have no tract in common, and what to do.

    Connecticut's eight counties (09001 to 09015) gave way to nine planning regions (09110 to
    09190) in the Census Bureau's tables of 2022; its tracts kept their last six digits.
    """
    here, there = set(ids.dropna()), set(known.dropna())
    example = f"{min(here)} here, {min(there)} there" if there else f"{min(here)} here"
    problem = f"no id agrees with {home} ({example})"
    states = {name[:2] for name in here | there}
    regions = [{name[2] == "1" for name in names} for names in (here, there)]
    if states == {CONNECTICUT} and sorted(map(tuple, regions)) == [(False,), (True,)]:
        return (
            f"{problem}: Connecticut changed its counties in 2022 (091xx and 090xx)",
            "take all tables from before 2022, or all from 2022 on",
        )
    if {name[:5] for name in here} & {name[:5] for name in there}:
        return (
            f"{problem}: the counties do, so the tracts are of another census",
            "take all tables with the tracts of one census, 2010 or 2020",
        )
    return f"{problem}: the tables are of different places", "put the tables of one place together"


def station_faults(air: Sheet, stations: Sheet) -> list[Fault]:
    """Find readings of a station that nobody placed."""
    names = air.frame["station"]
    return air.faults_where(
        names.notna() & ~names.isin(stations.frame["station"]),
        "station",
        lambda value: (
            f"station {value} is not in {stations.file}",
            f"add the station to {stations.file} or drop the row",
        ),
    )


def cellless_faults(estimates: Sheet, cells: Sheet) -> list[Fault]:
    """Find estimated tracts that no H3 cell draws."""
    ids = estimates.frame["geoid"]
    return estimates.faults_where(
        ids.notna() & ~ids.isin(cells.frame["geoid"]),
        "geoid",
        lambda value: (
            f"tract {value} has no cell in {cells.file}",
            "give it at least one cell, of a finer resolution if need be",
        ),
    )


def grid_faults(cells: Sheet) -> list[Fault]:
    """Find well-formed names of cells that the H3 grid does not have."""
    names = cells.frame["cell"]
    formed = names.astype("string").str.fullmatch(CELL).fillna(False).astype(bool)
    wrong = [
        bool(good) and not h3.is_valid_cell(name) for name, good in zip(names, formed, strict=True)
    ]
    return cells.faults_where(
        pd.Series(wrong, index=names.index),
        "cell",
        lambda value: (f"'{value}' is no H3 cell", "take a cell of h3.geo_to_cells"),
    )


def interval_faults(sheet: Sheet) -> list[Fault]:
    """Find estimates outside their own interval: low90 ≤ anomaly ≤ high90, °C."""
    needed = ("low90_c", "anomaly_c", "high90_c")
    if not all_numbers(sheet.frame, needed):
        return []
    low, middle, high = (sheet.frame[name].to_numpy(dtype=float) for name in needed)
    outside = (low > middle) | (middle > high)  # false where one of them is missing
    return sheet.faults_at(
        np.flatnonzero(outside),
        lambda row: sheet.fault(
            row,
            "anomaly_c",
            middle[row],
            f"the estimate {middle[row]:g} °C is outside its interval "
            f"{low[row]:g} to {high[row]:g} °C",
            "low90_c ≤ anomaly_c ≤ high90_c must hold",
        ),
    )


def sum_faults(sheet: Sheet) -> list[Fault]:
    """Find estimates whose parts do not add up: base + Σ contributions = anomaly, to 1e-4 °C.

    A contribution that is missing belongs to a proxy that was not measured and adds nothing.
    """
    parts = [f"contribution_{proxy.id}_c" for proxy in PROXIES]
    parts = [name for name in parts if name in sheet.frame]
    if not all_numbers(sheet.frame, ("base_c", "anomaly_c", *parts)):
        return []
    anomaly = sheet.frame["anomaly_c"].to_numpy(dtype=float)
    total = sheet.frame["base_c"].to_numpy(dtype=float)
    if parts:
        total = total + np.nansum(sheet.frame[parts].to_numpy(dtype=float), axis=1)
    with np.errstate(invalid="ignore"):
        off = np.abs(total - anomaly) > SUM_TOLERANCE_C
    return sheet.faults_at(
        np.flatnonzero(off),
        lambda row: sheet.fault(
            row,
            "anomaly_c",
            anomaly[row],
            f"base and contributions add up to {total[row]:.6g} °C, not to {anomaly[row]:.6g} °C",
            f"base_c plus the contributions must equal anomaly_c to {SUM_TOLERANCE_C:g} °C",
        ),
    )


def relation_faults(sheets: Mapping[str, Sheet]) -> list[Fault]:
    """Check the tables of a study against each other.

    Parameters
    ----------
    sheets
        Table id, or ``<table>/<run>``, → table with mended ids.
    """
    faults: list[Fault] = []
    for name, sheet in sheets.items():
        table, _, run = name.partition("/")
        if table == "estimates":
            faults += interval_faults(sheet) + sum_faults(sheet)
        elif table == "responses":
            faults += wrong_way_faults(sheet) + member_faults(sheet)
        elif table == "attributions":
            explained = sheets.get(f"estimates/{run}" if run else "estimates")
            faults += disagreement_faults(sheet, explained) if explained else []
    air, stations = sheets.get("air"), sheets.get("stations")
    if air and stations and all("station" in sheet.frame for sheet in (air, stations)):
        faults += station_faults(air, stations)
    # the table that says which tracts there are: polygons, or in the atlas the estimates
    home = sheets.get("tracts") or sheets.get("estimates")
    if home is None or "geoid" not in home.frame or home.frame["geoid"].isna().all():
        return faults
    for sheet in sheets.values():
        if sheet is not home:
            faults += stranger_faults(sheet, home.frame["geoid"], home.file)
    faults += wrong_metros(sheets, home)
    cells = sheets.get("cells")
    if cells is not None and {"geoid", "cell"} <= set(cells.frame):
        faults += cellless_faults(home, cells) + grid_faults(cells)
    return faults
