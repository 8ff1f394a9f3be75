"""A fault of a study: what is wrong, where, and what would be right; and what was only counted."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.names import ascii_controls
from aespa_core.studies.listed_rows import LISTED_ROWS, SHOWN_ROWS, listed, rows_in_words

# So many wrong rows of a column are looked at one by one; further ones are a fault of their own.
EXAMINED_ROWS: Final = 20_000
LONGEST_VALUE: Final = 80
# What tells two faults of one cause apart: quoted values and numbers.
PARTICULARS: Final = re.compile(r"'[^']*'|[-+−]?\d[\d.,e+-]*")


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a study.

    Attributes
    ----------
    file
        Path inside the study folder.
    row
        Row in the file, counted from 0, the first of several; None for the whole file or column.
    column
        Column, or key of ``study.toml``; None where the whole file is meant.
    value
        The value as text; None where there is no single one.
    problem, remedy
        What is wrong, and what would be right.
    geoid
        Tract of the row, where it is known.
    unusable
        The study cannot even be opened before this is mended.
    rows
        Rows with the same cause, where the fault stands for several; the first 2,000.
    count
        How many rows it stands for.
    files
        Further files with the same cause.
    about
        What faults of one cause share, where their sentences do not tell it by themselves.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str
    geoid: str | None = None
    unusable: bool = False
    rows: tuple[int, ...] = ()
    count: int = 1
    files: tuple[str, ...] = ()
    about: str = ""

    def __str__(self) -> str:
        """Put the fault in one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}" + (f" (tract {self.geoid})" if self.geoid else ""))
        if self.column is not None:
            place.append(self.column)
        line = f"{', '.join(place)}: {self.problem}; {self.remedy}"
        if self.count > 1:
            others = rows_in_words(self.rows[1:], self.count - 1, SHOWN_ROWS - 1)
            line += f"; the same in row {others}"
        if self.files:
            line += f"; the same in {', '.join(self.files)}"
        return ascii_controls(line)

    @property
    def cause(self) -> tuple[object, ...]:
        """What faults of one cause share: all but the row and its value."""
        said = self.about or PARTICULARS.sub("#", self.problem)
        return (self.file, self.column, self.row is None, said, self.unusable)


@dataclass(frozen=True)
class Notice:
    """What a study's readers must know: a value that is kept but doubtful, or what was mended.

    Attributes
    ----------
    file, column
        Where; None where the whole file is meant.
    problem
        What, with how many.
    count
        How many rows.
    """

    file: str
    column: str | None
    problem: str
    count: int

    def __str__(self) -> str:
        """Put the notice in one line."""
        place = self.file if self.column is None else f"{self.file}, {self.column}"
        return ascii_controls(f"{place}: {self.problem}")


@dataclass(frozen=True)
class Sheet:
    """One table under examination.

    Attributes
    ----------
    file
        Path inside the study folder.
    frame
        Columns that the project declares, rows as in the file, numbered from 0.
    unread
        Further columns of the file.
    unfit
        Declared columns of a type that no table is made of, not read → that type.
    no_borders
        What the reader said of borders that it could not read.
    """

    file: str
    frame: pd.DataFrame
    unread: tuple[str, ...] = ()
    unfit: Mapping[str, str] = field(default_factory=dict)
    no_borders: str = ""

    @cached_property
    def geoids(self) -> npt.NDArray[np.object_]:
        """Tract of each row, None where the table has none or the row lacks it."""
        for column in ("geoid", "origin"):
            if column in self.frame:
                return self.frame[column].to_numpy(dtype=object)
        return np.full(len(self.frame), None)

    def fault(
        self, row: int | None, column: str | None, value: object, problem: str, remedy: str
    ) -> Fault:
        """Make a fault of this table."""
        geoid = None if row is None else self.geoids[row]
        said = geoid if isinstance(geoid, str) else None
        return Fault(self.file, row, column, as_text(value), problem, remedy, said)

    def faults_at(
        self, rows: npt.ArrayLike, explain: Callable[[int], Fault], most: int = EXAMINED_ROWS
    ) -> list[Fault]:
        """Make a fault of each cause; rows past the first ``most`` are counted, not looked at."""
        wrong = np.asarray(rows, dtype=np.int64)
        faults = grouped([explain(int(row)) for row in wrong[:most]])
        if len(wrong) > most:
            faults.append(self.unsorted_fault(wrong[most:], faults[-1].column))
        return faults

    def unsorted_fault(self, rows: npt.NDArray[np.int64], column: str | None) -> Fault:
        """Say how many further rows are wrong, for a cause that was not looked for."""
        problem = f"{len(rows):,} more rows are wrong and were not sorted by cause"
        fault = self.fault(int(rows[0]), column, None, problem, "mend what is told, then ask again")
        return replace(fault, rows=listed(rows), count=len(rows), about="unsorted")

    def faults_where(
        self, mask: pd.Series, column: str, explain: Callable[[Any], tuple[str, str]]
    ) -> list[Fault]:
        """Make a fault of every row under a mask; ``explain`` turns a value into words."""
        values = self.frame[column]

        def fault_of(row: int) -> Fault:
            value = values.iloc[row]
            return self.fault(row, column, value, *explain(value))

        return self.faults_at(np.flatnonzero(mask.to_numpy(dtype=bool)), fault_of)


def all_numbers(frame: pd.DataFrame, names: Sequence[str]) -> bool:
    """Whether all these columns are present and hold numbers."""
    return all(
        name in frame
        and pd.api.types.is_numeric_dtype(frame[name])
        and not pd.api.types.is_bool_dtype(frame[name])
        for name in names
    )


def grouped(faults: Sequence[Fault]) -> list[Fault]:
    """Let one fault stand for all of its cause."""
    by_cause: dict[tuple[object, ...], list[Fault]] = {}
    for fault in faults:
        by_cause.setdefault(fault.cause, []).append(fault)
    found = []
    for same in by_cause.values():
        if len(same) > 1 and same[0].row is not None:
            rows = tuple(fault.row for fault in same[:LISTED_ROWS] if fault.row is not None)
            found.append(replace(same[0], rows=rows, count=len(same)))
        else:
            found += same
    return found


def joined_over_files(faults: Iterable[Fault], columns: Sequence[str]) -> list[Fault]:
    """Tell a cause once that whole columns of several files share: ids broken by one export."""
    first: dict[tuple[object, ...], Fault] = {}
    found: list[Fault | tuple[object, ...]] = []
    for fault in faults:
        # of a few rows it must be told which, in each file
        single = fault.row is not None and fault.count <= SHOWN_ROWS
        if single or fault.column not in columns or fault.unusable:
            found.append(fault)
            continue
        key = (PARTICULARS.sub("#", fault.problem), PARTICULARS.sub("#", fault.remedy))
        if key in first:
            known = first[key]
            if fault.file not in (known.file, *known.files):
                first[key] = replace(known, files=(*known.files, fault.file))
        else:
            first[key] = fault
            found.append(key)
    return [entry if isinstance(entry, Fault) else first[entry] for entry in found]


def exit_code(faults: Iterable[Fault]) -> int:
    """Give 0 for a valid study, 1 for faults in it, 2 where it cannot even be opened."""
    found = list(faults)
    return 2 if any(fault.unusable for fault in found) else int(bool(found))


def as_text(value: object) -> str | None:
    """Write a value as a person would: 298.4, not np.float64(298.4); long ones shortened."""
    if value is None:
        return None
    if isinstance(value, float | np.floating):
        return f"{float(value):.10g}"
    words = str(value)
    return words if len(words) <= LONGEST_VALUE else f"{words[: LONGEST_VALUE - 1]}…"


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Drop repetitions and order by file, then whole-file faults, then row and column."""
    unique = dict.fromkeys(faults)
    return sorted(
        unique,
        key=lambda f: (not f.unusable, f.file, -1 if f.row is None else f.row, f.column or ""),
    )
