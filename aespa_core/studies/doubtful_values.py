"""Values that are kept and counted: right as they stand, but not what they seem to be."""

from typing import Final

import geopandas as gpd
import pandera.pandas as pa

from aespa_core.names import shown
from aespa_core.studies.borders import GEOMETRY, form_notices
from aespa_core.studies.column_mistakes import numbers_of
from aespa_core.studies.doubtful_numbers import SCALE_ENDS, number_notices
from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.listed_rows import rows_in_words
from aespa_core.studies.nearest_name import nearest_name
from aespa_core.studies.place_faults import covered_m2
from aespa_core.studies.tables import PLACE_TABLES

# Borders are drawn coarser than land is measured, but not by so much.
SLIVER: Final = 0.05
# Temperatures of which one in a summer's day would be a frost.
NEVER_ZERO: Final = ("lst_day_c", "lst_2016_c", "lst_2022_c")


def notices_of(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Tell what a table's readers must know: what is not read, left out, or kept though doubtful.

    Only columns of the declared type may be asked after.
    """
    return [
        *misnamed_notices(sheet, schema),
        *form_notices(sheet),
        *empty_notices(sheet, schema),
        *scale_notices(sheet),
        *number_notices(sheet, schema),
        *zero_notices(sheet),
        *land_notices(sheet),
        *unread_notices(sheet, schema),
    ]


def misnamed_notices(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Name each column that nobody reads and that is much like a declared one."""
    notices = []
    for name in sheet.unread:
        meant = nearest_name(name, schema.columns)
        if meant is None:
            continue
        problem = f"nobody reads the column {shown(name)}"
        if meant in sheet.frame:
            problem += f"; '{meant}' is read"
        else:
            problem += f": rename it to '{meant}' if it is that, in {unit_in_words(schema, meant)}"
        notices.append(Notice(sheet.file, name, problem, len(sheet.frame)))
    return notices


def unread_notices(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Name the other columns that nobody reads."""
    names = [name for name in sheet.unread if nearest_name(name, schema.columns) is None]
    if not names:
        return []
    if len(names) == 1:
        problem = f"nobody reads the column {shown(names[0])}"
        return [Notice(sheet.file, names[0], problem, len(sheet.frame))]
    told = rows_in_words([shown(name) for name in names], len(names))
    problem = f"nobody reads {len(names):,} of its columns: {told}"
    return [Notice(sheet.file, None, problem, len(sheet.frame))]


def unit_in_words(schema: pa.DataFrameSchema, name: str) -> str:
    """Say the unit of a declared column."""
    return str((schema.columns[name].metadata or {}).get("unit", "text"))


def empty_notices(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Notice]:
    """Name the columns of measurements that are there and hold no value at all."""
    if sheet.frame.empty or schema.name not in PLACE_TABLES:
        # a model's own tables leave columns empty by design
        return []
    names = [
        f"'{name}'"
        for name in schema.columns
        if name in sheet.frame and name not in sheet.unfit and sheet.frame[name].isna().all()
    ]
    if not names:
        return []
    problem = f"no row has a value of {', '.join(names)}"
    return [Notice(sheet.file, None, problem, len(sheet.frame))]


def land_notices(sheet: Sheet) -> list[Notice]:
    """Count tracts that have residents and no land, or borders around next to nothing."""
    if "aland_m2" not in sheet.frame:
        return []
    land = numbers_of(sheet, "aland_m2")
    notices = []
    if "population" in sheet.frame:
        count = int(((land == 0) & (numbers_of(sheet, "population") > 0)).sum())
        if count:
            problem = f"{count:,} of {len(land):,} tracts have residents and no land (0 m²)"
            notices.append(Notice(sheet.file, "aland_m2", problem, count))
    if isinstance(sheet.frame, gpd.GeoDataFrame) and sheet.frame.active_geometry_name:
        covered = covered_m2(sheet.frame)
        slivers = (land > 0) & (covered < SLIVER * land)
        if count := int(slivers.sum()):
            problem = (
                f"{count:,} of {len(land):,} borders enclose less than {SLIVER:.0%} of their "
                f"tract's land (the first is row {int(slivers.to_numpy().argmax())})"
            )
            notices.append(Notice(sheet.file, GEOMETRY, problem, count))
    return notices


def scale_notices(sheet: Sheet) -> list[Notice]:
    """Count medians at an end of their scale: censored, and kept as they stand."""
    notices = []
    for column, ends in SCALE_ENDS.items():
        if column not in sheet.frame:
            continue
        values = numbers_of(sheet, column)
        at = {words: int((values == code).sum()) for code, words in ends.items()}
        if count := sum(at.values()):
            told = " and ".join(f"{n:,} {words}" for words, n in at.items() if n)
            problem = (
                f"{count:,} of {int(values.notna().sum()):,} medians are censored, at the end of "
                f"their scale ({told} US$): kept as they stand, so what follows from them is "
                "blunted"
            )
            notices.append(Notice(sheet.file, column, problem, count))
    return notices


def zero_notices(sheet: Sheet) -> list[Notice]:
    """Count absolute temperatures of exactly 0, which some tables write where they have none."""
    notices = []
    for column in NEVER_ZERO:
        if column not in sheet.frame:
            continue
        count = int((numbers_of(sheet, column) == 0).sum())
        if count:
            problem = (
                f"{count:,} of {len(sheet.frame):,} temperatures are exactly 0 °C and are taken as "
                "measured: leave them empty if 0 stands for none"
            )
            notices.append(Notice(sheet.file, column, problem, count))
    return notices
