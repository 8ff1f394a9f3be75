"""Numbers that stand for *no value* in tables of counts, medians and shares."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from aespa_core.names import counted


@dataclass(frozen=True)
class Decoded:
    """A table whose codes are missing values, and one sentence for each column that had some."""

    table: pd.DataFrame
    notes: tuple[str, ...]


def without_codes(table: pd.DataFrame, columns: Sequence[str]) -> Decoded:
    """Take the negative numbers of columns that cannot be negative as missing.

    The Census Bureau prints −666666666 and its family (−222222222 to −999999999) where it has no
    estimate, others −99, −999 or −9999: in a count, a median or a share every number below 0 is
    such a code.

    Parameters
    ----------
    table
        Rows of a source.
    columns
        Those of its columns that hold counts, medians, means or shares.
    """
    right, notes = table.copy(), []
    for name in columns:
        codes = table[name][table[name] < 0]
        if len(codes):
            right[name] = table[name].where(table[name] >= 0)
            shown = ", ".join(f"{code:.10g}" for code in sorted(codes.unique())[:3])
            notes.append(
                f"{counted(len(codes), 'value')} of {name} below 0 ({shown}) are codes for a "
                "missing value, and taken as missing."
            )
    return Decoded(right, tuple(notes))
