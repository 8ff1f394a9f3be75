"""A fault of a study: what is wrong, where, and what would be right."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a study.

    Attributes
    ----------
    file
        Path inside the study folder.
    row
        Row in the file, counted from 0; None where the whole file or column is meant.
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
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    problem: str
    remedy: str
    geoid: str | None = None
    unusable: bool = False

    def __str__(self) -> str:
        """Put the fault in one line."""
        place = [self.file]
        if self.row is not None:
            place.append(f"row {self.row}" + (f" (tract {self.geoid})" if self.geoid else ""))
        if self.column is not None:
            place.append(self.column)
        return f"{', '.join(place)}: {self.problem}; {self.remedy}"


@dataclass(frozen=True)
class Sheet:
    """One table under examination.

    Attributes
    ----------
    file
        Path inside the study folder.
    frame
        Rows as in the file, numbered from 0.
    """

    file: str
    frame: pd.DataFrame

    @cached_property
    def geoids(self) -> list[str | None]:
        """Tract of each row, None where the table has none or the row lacks it."""
        for column in ("geoid", "origin"):
            if column in self.frame:
                return [v if isinstance(v, str) else None for v in self.frame[column].tolist()]
        return [None] * len(self.frame)

    def fault(
        self, row: int | None, column: str | None, value: object, problem: str, remedy: str
    ) -> Fault:
        """Make a fault of this table."""
        geoid = None if row is None else self.geoids[row]
        return Fault(self.file, row, column, as_text(value), problem, remedy, geoid)

    def faults_where(
        self, mask: pd.Series, column: str, explain: Callable[[Any], tuple[str, str]]
    ) -> list[Fault]:
        """Make a fault of every row under a mask; ``explain`` turns a value into words."""
        rows = np.flatnonzero(mask.to_numpy(dtype=bool))
        values = self.frame[column].iloc[rows]
        return [
            self.fault(int(row), column, value, *explain(value))
            for row, value in zip(rows, values, strict=True)
        ]


def exit_code(faults: Iterable[Fault]) -> int:
    """Give 0 for a valid study, 1 for faults in it, 2 where it cannot even be opened."""
    found = list(faults)
    return 2 if any(fault.unusable for fault in found) else int(bool(found))


def as_text(value: object) -> str | None:
    """Write a value as a person would: 298.4, not np.float64(298.4)."""
    if value is None:
        return None
    if isinstance(value, float | np.floating):
        return f"{float(value):.10g}"
    return str(value)


def in_reading_order(faults: Iterable[Fault]) -> list[Fault]:
    """Drop repetitions and order by file, then whole-file faults, then row and column."""
    unique = dict.fromkeys(faults)
    return sorted(
        unique,
        key=lambda f: (not f.unusable, f.file, -1 if f.row is None else f.row, f.column or ""),
    )
