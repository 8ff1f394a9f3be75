"""How many people of each group live in each tract: shares of residents times residents."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.exposure.income_fifths import FIFTHS, income_fifths
from aespa_core.analysis.exposure.left_out import left_out
from aespa_core.errors import StudyError

Floats = npt.NDArray[np.float64]

# Shares that a table rounds to three digits may add up to a little more than 1.
ROUNDING: Final = 0.005


@dataclass(frozen=True)
class Division:
    """A way to part residents by shares that the tracts carry.

    Attributes
    ----------
    id, label
        In tables, and on screen.
    shares
        Columns, one a group but the last, which is everybody else.
    labels
        Names of the groups.
    compared
        Groups that are set against all others.
    """

    id: str
    label: str
    shares: tuple[str, ...]
    labels: tuple[str, ...]
    compared: tuple[int, ...]


# Every gap is of those said to bear more against the others. The share without a vehicle is one of
# households and stands here for the share of their people.
DIVISIONS: Final = (
    Division("race", "Race", ("white_share",), ("White alone", "All but White alone"), (1,)),
    Division(
        "poverty",
        "Poverty",
        ("poverty_share",),
        ("Below the poverty line", "Above the poverty line"),
        (0,),
    ),
    Division("vehicle", "Vehicle", ("no_vehicle_share",), ("No vehicle", "With a vehicle"), (0,)),
    Division("age", "Age", ("under_5_share", "over_64_share"), ("Under 5", "Over 64", "5 to 64"),
             (0, 1)),
)  # fmt: skip
FIFTHS_ID: Final = "income_fifth"
INCOME_GAP: Final = "Poorest minus richest fifth"


@dataclass(frozen=True)
class Gap:
    """Some groups against others, by their places."""

    label: str
    groups: tuple[int, ...]
    others: tuple[int, ...]


@dataclass(frozen=True)
class Groups:
    """People of a metro in groups.

    Attributes
    ----------
    id, label
        Of the division.
    labels
        Names of the G groups.
    weights
        What tract i counts for in the mean of group g, 0 where it is left out, shape (N, G).
    people
        Residents of the group in the tract, shape (N, G).
    gaps
        What is set against what.
    dropped
        Reason → number of tracts left out, each tract once.
    """

    id: str
    label: str
    labels: tuple[str, ...]
    weights: Floats
    people: Floats
    gaps: tuple[Gap, ...]
    dropped: dict[str, int]

    @property
    def sides(self) -> Floats:
        """Weights of the groups of each gap together, then of its others, shape (N, 2 · gaps)."""
        found = [
            self.weights[:, side].sum(1) for gap in self.gaps for side in (gap.groups, gap.others)
        ]
        return np.column_stack([self.weights[:, :0], *found])


def groups_by_share(tracts: pd.DataFrame, outcome: str, division: Division) -> Groups:
    """Count the people of each group in each tract that has the outcome.

    Parameters
    ----------
    tracts
        One row a tract with ``population``, the outcome and the division's shares (0–1).
    outcome
        Column; a tract without it is left out.
    division
        One of :data:`DIVISIONS`, or another.

    Raises
    ------
    StudyError
        If a column is missing, or no tract has all of them.
    """
    shares = list(division.shares)
    if absent := [name for name in (outcome, "population", *shares) if name not in tracts]:
        raise StudyError(f"{division.label}: the study has no {', '.join(absent)}.")
    first = tracts[shares].to_numpy(float)
    rest = 1 - first.sum(1)
    left = left_out(
        {
            f"no {outcome}": tracts[outcome].isna().to_numpy(),
            "no residents": ~(tracts["population"] > 0).to_numpy(),
            **{f"no {name}": tracts[name].isna().to_numpy() for name in shares},
            "shares add up to more than 1": rest < -ROUNDING,
        }
    )
    if not left.kept.any():
        raise StudyError(
            f"{division.label}: none of {len(tracts)} tracts has {outcome}, residents and "
            f"{' and '.join(shares)}."
        )
    every = np.column_stack([first, np.maximum(rest, 0)])
    residents = tracts["population"].to_numpy(float)[:, None]
    people = np.where(left.kept[:, None], every * residents, 0.0)
    gaps = tuple(against_others(division.labels, group) for group in division.compared)
    return Groups(division.id, division.label, division.labels, people, people, gaps, left.dropped)


def groups_by_income(tracts: pd.DataFrame, outcome: str) -> Groups:
    """Sort people into fifths by their tract's median income, as :func:`income_fifths`.

    Raises
    ------
    StudyError
        If a column is missing, or fewer than 25 tracts have outcome, income and residents.
    """
    fifths = income_fifths(tracts.reset_index(drop=True), outcome)
    people = np.zeros((len(tracts), len(FIFTHS)))
    people[fifths.used.index, fifths.fifth] = fifths.used["population"]
    gap = Gap(INCOME_GAP, (0,), (len(FIFTHS) - 1,))
    return Groups(FIFTHS_ID, "Income fifths", FIFTHS, people, people, (gap,), fifths.dropped)


# Every way to part a metro's residents: tracts and an outcome in, groups out.
GROUPINGS: Final[tuple[Callable[[pd.DataFrame, str], Groups], ...]] = (
    *(partial(groups_by_share, division=division) for division in DIVISIONS),
    groups_by_income,
)


def against_others(labels: tuple[str, ...], group: int) -> Gap:
    """Set one group against all others."""
    others = tuple(other for other in range(len(labels)) if other != group)
    name = labels[others[0]] if len(others) == 1 else "all others"
    return Gap(f"{labels[group]} minus {name}", (group,), others)
