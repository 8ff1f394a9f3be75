"""One regression of a specification on a sample: its rows and columns, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.sample import Sample
from aespa_core.analysis.regression.least_squares import Fit, Floats, least_squares
from aespa_core.errors import StudyError

# Of a covariate's own spread, what must be left beside the others for a slope to mean anything.
LEAST_REST: Final = 1e-6
# Of an outcome's size, what is left of it by rounding only.
NO_REST: Final = 1e-10


@dataclass(frozen=True)
class Design:
    """A regression ready for the arithmetic.

    Attributes
    ----------
    outcome
        Id of what is explained.
    terms
        Names of the first columns of ``x``; after them come a constant or the fixed effects.
    y
        °C (K for brightness), shape (N,).
    x
        Shape (N, K).
    weights
        Mean 1, shape (N,).
    tracts
        Rows of the sample that were used, in order, with ``metro`` and ``county``.
    rows
        Where they stand in the sample, shape (N,).
    xy_m
        Where they lie, metres, shape (N, 2).
    dropped
        Reason → tracts left out.
    notices
        Covariates left out, and why.
    """

    outcome: str
    terms: tuple[str, ...]
    y: Floats
    x: Floats
    weights: Floats
    tracts: pd.DataFrame
    rows: npt.NDArray[np.int64]
    xy_m: Floats
    dropped: dict[str, int]
    notices: tuple[str, ...]

    @property
    def metro(self) -> npt.NDArray[np.str_]:
        """Metro of each row, shape (N,)."""
        return self.tracts["metro"].to_numpy(str)

    def fit(self) -> Fit:
        """Fit it by weighted least squares."""
        return least_squares(self.y, self.x, self.weights)


def design_of(
    sample: Sample,
    outcome: str,
    terms: Sequence[str],
    effects: str = "county",
    weights: str = "population",
    least_residents: float = 1.0,
) -> Design:
    """Choose rows and columns.

    Parameters
    ----------
    sample
        Tracts.
    outcome
        Id of what is explained.
    terms
        Covariates, in order; one that never changes, or that those before it add up to, is left
        out and named.
    effects
        ``county`` or ``metro``: what is compared within itself; ``none``: one constant.
    weights
        ``population`` or ``none``.
    least_residents
        Tracts with fewer are left out.

    Raises
    ------
    StudyError
        If no tract is left, or too few for the terms, or the outcome never changes within effects.
    """
    table = sample.tracts
    if absent := [name for name in terms if name not in table]:
        needs = ", ".join(dict.fromkeys(n for name in absent for n in COVARIATES[name].needs))
        raise StudyError(f"The study has no {needs}: {', '.join(absent)} cannot be computed.")
    used, dropped = used_rows(table, [outcome, *terms], least_residents)
    rows = np.flatnonzero(used)
    if len(rows) == 0:
        raise StudyError(
            f"No tract has {label_of(outcome).lower()}, residents and "
            f"{', '.join(terms)}: {counted(dropped)}."
        )
    tracts = table.iloc[rows]
    base = effects_of(tracts, effects)
    people = tracts["population"].to_numpy(float)
    weight = people / people.mean() if weights == "population" else np.ones(len(rows))
    y = tracts[outcome].to_numpy(float)
    if explained(y, base):
        within = "" if effects == "none" else f" of a {effects}"
        raise StudyError(
            f"{label_of(outcome)} is the same in every tract{within}: there is nothing to explain."
        )
    kept, notices = independent(tracts[list(terms)], base, weight)
    if len(rows) <= len(kept) + base.shape[1]:
        raise StudyError(
            f"{len(rows)} tracts cannot tell {len(kept) + base.shape[1]} coefficients apart: "
            "leave covariates out, or compare within metros instead of counties."
        )
    return Design(
        outcome,
        tuple(kept),
        y,
        np.hstack([tracts[kept].to_numpy(float), base]),
        weight,
        tracts,
        rows,
        sample.xy_m[rows],
        dropped,
        notices,
    )


def used_rows(
    table: pd.DataFrame, needed: Sequence[str], least_residents: float = 1.0
) -> tuple[npt.NDArray[np.bool_], dict[str, int]]:
    """Find tracts with residents and all of some columns; count what the others lack.

    A tract that lacks several is counted once, under the first.
    """
    used = np.ones(len(table), dtype=bool)
    dropped: dict[str, int] = {}
    lacking = {
        "an unknown number of residents": table["population"].isna(),
        f"fewer than {least_residents:g} residents": table["population"] < least_residents,
        **{f"no {said_of(name)}": table[name].isna() for name in needed},
    }
    for reason, missing in lacking.items():
        first = used & missing.to_numpy()
        if first.any():
            dropped[reason] = int(first.sum())
        used &= ~first
    return used, dropped


def said_of(column: str) -> str:
    """Name an outcome or a covariate in a sentence."""
    if column in COVARIATES:
        return COVARIATES[column].label.partition(" (")[0].lower()
    return f"temperature {label_of(column).lower()}"


def effects_of(tracts: pd.DataFrame, effects: str) -> Floats:
    """One column a county or metro, 1 in it and 0 elsewhere; one column of ones for ``none``."""
    if effects == "none":
        return np.ones((len(tracts), 1))
    # counties lie within metros, so theirs take up those of the metros
    return pd.get_dummies(tracts[effects]).to_numpy(float)


def explained(y: Floats, base: Floats) -> bool:
    """Whether the columns of the base (N, K) leave nothing of y (N,)."""
    span = np.linalg.qr(base)[0]
    rest = y - span @ (span.T @ y)
    return bool(np.linalg.norm(rest) <= NO_REST * np.linalg.norm(y))


def independent(
    covariates: pd.DataFrame, base: Floats, weights: Floats
) -> tuple[list[str], tuple[str, ...]]:
    """Keep covariates that add something to the base and to those before them."""
    root = np.sqrt(weights)
    span, kept, notices = np.linalg.qr(base * root[:, None])[0], [], []
    for name in covariates:
        values = covariates[name].to_numpy(float)
        own = (values - np.average(values, weights=weights)) * root
        rest = own - span @ (span.T @ own)
        if np.ptp(values) == 0:
            notices.append(f"{name} is the same in every tract: left out.")
        elif np.linalg.norm(rest) < LEAST_REST * np.linalg.norm(own):
            notices.append(
                f"{name} is a combination of the fixed effects and the covariates before it: "
                "left out."
            )
        else:
            span = np.column_stack([span, rest / np.linalg.norm(rest)])
            kept.append(name)
    return kept, tuple(notices)


def counted(dropped: dict[str, int]) -> str:
    """Say what was left out, with counts."""
    parts = [f"{n:,} {'tract' if n == 1 else 'tracts'} with {why}" for why, n in dropped.items()]
    return ", ".join(parts) or "none left out"
