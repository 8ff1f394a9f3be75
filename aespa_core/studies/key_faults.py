"""Keys of a table: no two rows may have the same."""

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd
import pandera.pandas as pa

from aespa_core.studies.faults import Fault, Sheet
from aespa_core.studies.listed_rows import listed, rows_in_words

# So many pairs of keys are marked one by one: all of 3,000 tracts.
MARKED_PLACES: Final = 9_000_000
HOUR: Final = "hour_of_week"
HOURS_OF_DAY: Final = 24


def duplicate_faults(sheet: Sheet, schema: pa.DataFrameSchema) -> list[Fault]:
    """Find the rows whose key stands in another row too: one fault for the first of each key."""
    key = [name for name in schema.unique or [] if name in sheet.frame]
    if len(key) != len(schema.unique or []) or not key:
        return []
    keys = sheet.frame[key]
    if all_different(keys):
        return []
    twice = keys.duplicated(keep=False) & keys.notna().all(axis=1)
    if not twice.any():
        return []
    if HOUR in key and counts_hours_of_day(sheet.frame[HOUR]):
        return [hours_of_day_fault(sheet)]
    repeated = keys[twice]
    group = repeated.groupby(key, sort=False).ngroup().to_numpy()
    # the first row of each key that stands more than once
    firsts = np.unique(group, return_index=True)[1]
    rows = repeated.index.to_numpy()[np.sort(firsts)]
    places = repeated.index.to_numpy()[group == 0]
    values = keys.loc[rows[0]].tolist()
    shown = " ".join(str(value) for value in values)
    problem = f"{' and '.join(key)} {shown} stands in {len(places):,} rows"
    problem += f" ({rows_in_words(places, len(places))})"
    fault = sheet.fault(int(rows[0]), key[-1], values[-1], problem, "keep one of them")
    return [replace(fault, rows=listed(rows) if len(rows) > 1 else (), count=len(rows))]


def counts_hours_of_day(hours: pd.Series) -> bool:
    """Whether hours are numbers that never leave a day; of words the column's type tells."""
    return bool(pd.api.types.is_numeric_dtype(hours) and hours.max() <= HOURS_OF_DAY)


def hours_of_day_fault(sheet: Sheet) -> Fault:
    """Say that a table counts the hours of each day anew."""
    hours = sheet.frame[HOUR]
    problem = (
        f"the hours run from {hours.min()} to {hours.max()} and a tract has them several times: "
        "these are hours of the day"
    )
    remedy = f"write the hour of the week, {HOURS_OF_DAY} × day + hour: 0 is Monday 00:00"
    return sheet.fault(None, HOUR, hours.max(), problem, remedy)


def all_different(keys: pd.DataFrame) -> bool:
    """Whether no row is like another, told in a fraction of the time that finding them takes."""
    place = np.zeros(len(keys), dtype=np.int64)
    size = 1
    for name in keys:
        codes, values = pd.factorize(keys[name])
        size *= len(values) + 1
        if size > max(4 * len(keys), MARKED_PLACES):
            return False
        place *= len(values) + 1
        place += codes + 1
    taken = np.zeros(size, dtype=bool)
    taken[place] = True
    return np.count_nonzero(taken) == len(keys)
