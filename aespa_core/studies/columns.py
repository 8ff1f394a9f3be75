"""How a column of a table is declared: numbers with unit and range, text, ids of tracts."""

from typing import Final

import numpy as np
import pandera.pandas as pa

GEOID_PATTERN: Final = r"^\d{11}$"


def number(
    unit: str,
    low: float | None = None,
    high: float | None = None,
    *,
    meaning: str,
    nullable: bool = True,
    required: bool = False,
) -> pa.Column:
    """Declare a float column with its unit and valid range, both ends included."""
    # +inf is above every lower bound; only this check sees it where there is no upper one
    checks = [pa.Check(np.isfinite, name="finite", ignore_na=True)]
    if low is not None:
        checks.append(pa.Check.ge(low))
    if high is not None:
        checks.append(pa.Check.le(high))
    return pa.Column(
        float,
        checks,
        nullable=nullable,
        required=required,
        coerce=True,
        description=meaning,
        metadata={"unit": unit, "low": low, "high": high},
    )


def text(
    meaning: str, pattern: str | None = None, *, nullable: bool = False, required: bool = True
) -> pa.Column:
    """Declare a text column, optionally matching a regular expression."""
    return pa.Column(
        str,
        [pa.Check.str_matches(pattern)] if pattern else [],
        nullable=nullable,
        required=required,
        coerce=False,
        description=meaning,
        metadata={"unit": "text"},
    )


def geoid_column(meaning: str = "Census tract, 11 digits with leading zeros.") -> pa.Column:
    """Declare a column of tract ids."""
    return text(meaning, GEOID_PATTERN)
