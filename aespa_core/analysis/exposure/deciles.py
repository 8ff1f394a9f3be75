"""The poorest and the richest tenth of tracts, every tract counting the same."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.exposure.groups import Compared, RowErrors, compare
from aespa_core.analysis.exposure.income_fifths import weighted_parts
from aespa_core.analysis.exposure.left_out import left_out
from aespa_core.analysis.exposure.people import Gap, Groups
from aespa_core.errors import StudyError

DECILES: Final = 10
# As fifths of people: five tracts a group, so that one odd tract is no group.
FEWEST: Final = 5 * DECILES
INCOME: Final = "median_household_income_usd"
LABELS: Final = ("Poorest tenth", *(f"Tenth {n}" for n in range(2, DECILES)), "Richest tenth")


def decile_exposure(tracts: pd.DataFrame, outcome: str, errors: RowErrors) -> Compared:
    """Mean temperature of tracts by tenth of median income, and poorest minus richest.

    Parameters
    ----------
    tracts
        One row a tract: ``median_household_income_usd``, ``population`` and the outcome.
    outcome
        Column in °C.
    errors
        As for :func:`~aespa_core.analysis.exposure.groups.group_exposure`.

    Raises
    ------
    StudyError
        If a column is missing or fewer than 50 tracts have outcome, income and residents.
    """
    groups = groups_by_decile(tracts, outcome)
    return compare(tracts[outcome].to_numpy(float), groups, errors)


def groups_by_decile(tracts: pd.DataFrame, outcome: str) -> Groups:
    """Sort tracts where somebody lives into tenths; tracts of one income share a tenth.

    Raises
    ------
    StudyError
        As :func:`decile_exposure`.
    """
    if absent := [name for name in (outcome, "population", INCOME) if name not in tracts]:
        raise StudyError(f"The study has no {', '.join(absent)}: tenths by income need it.")
    left = left_out(
        {
            f"no {outcome}": tracts[outcome].isna().to_numpy(),
            "no residents": ~(tracts["population"] > 0).to_numpy(),
            "no income": tracts[INCOME].isna().to_numpy(),
        }
    )
    rows = np.flatnonzero(left.kept)
    if len(rows) < FEWEST:
        raise StudyError(
            f"Only {len(rows)} tracts have {outcome}, income and residents: ten groups need at "
            f"least {FEWEST}."
        )
    income = tracts[INCOME].to_numpy(float)[rows]
    counted = np.zeros((len(tracts), DECILES))
    counted[rows, weighted_parts(income, np.ones(len(rows)), DECILES)] = 1.0
    residents = np.where(left.kept, tracts["population"].to_numpy(float), 0.0)
    gap = Gap("Poorest minus richest tenth of tracts", (0,), (DECILES - 1,))
    return Groups(
        "income_decile",
        "Income tenths of tracts",
        LABELS,
        counted,
        counted * residents[:, None],
        (gap,),
        left.dropped,
    )
