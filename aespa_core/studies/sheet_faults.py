"""One table of a study by itself: ids, columns, keys, borders, cells, units."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.column_mistakes import Bounds, column_mistakes
from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.geoids import geoid_faults, mended
from aespa_core.studies.key_faults import duplicate_faults
from aespa_core.studies.metro_faults import METRO, metro_name_faults
from aespa_core.studies.polygon_faults import polygon_faults
from aespa_core.studies.schema_faults import (
    ID_COLUMNS,
    cell_faults,
    column_faults,
    unit_of,
)


def sheet_faults(
    sheet: Sheet, right: Sheet, schema: pa.DataFrameSchema, *, geographic: bool
) -> list[Fault]:
    """Check one table by itself; ``right`` is the same with mended ids."""
    faults = [
        fault
        for column in ID_COLUMNS
        if column in sheet.frame and column in schema.columns and column not in sheet.unfit
        for fault in geoid_faults(sheet, column, right.frame[column])
    ]
    typed = column_faults(right, schema)
    faults += typed
    faults += duplicate_faults(right, schema)
    if geographic:
        faults += polygon_faults(right)
    unfit = {fault.column for fault in typed} | set(ID_COLUMNS)
    fit = {
        name: column
        for name, column in schema.columns.items()
        if name in sheet.frame and name not in unfit
    }
    faults += cell_faults(right, fit)
    if METRO in fit:
        faults += metro_name_faults(right)
    for name, column in fit.items():
        if str(column.dtype).startswith("float"):
            metadata = column.metadata or {}
            bounds = Bounds(unit_of(column), metadata.get("low"), metadata.get("high"))
            faults += column_mistakes(right, name, bounds)
    return faults


def with_mended_ids(sheet: Sheet) -> Sheet:
    """Mend the ids of a table, so that one accident is not reported as many."""
    ids = {name: mended(sheet.frame[name]) for name in ID_COLUMNS if name in sheet.frame}
    frame = sheet.frame.assign(**ids)
    if isinstance(sheet.frame, gpd.GeoDataFrame):
        return replace(sheet, frame=frame)
    return replace(sheet, frame=pd.DataFrame(frame))
