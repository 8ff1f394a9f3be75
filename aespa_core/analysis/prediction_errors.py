"""Does the model's error go with income? Then it goes into every gap by income."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.exposure.groups import GroupHeat, RowErrors, compare
from aespa_core.analysis.exposure.left_out import left_out
from aespa_core.analysis.exposure.people import Groups, groups_by_income
from aespa_core.errors import StudyError

Array = npt.NDArray[np.float64]
EVERYBODY = "All residents"
ERROR = "prediction_error_c"


@dataclass(frozen=True)
class ErrorRow:
    """Error of the model where some people live, weighted by people.

    Attributes
    ----------
    bias
        Mean of predicted minus observed, °C, with its interval, tracts and people.
    mae_c, rmse_c
        Mean absolute and root-mean-square error, °C.
    """

    bias: GroupHeat
    mae_c: float
    rmse_c: float


@dataclass(frozen=True)
class PredictionErrors:
    """A metro's errors.

    Attributes
    ----------
    everybody
        All tracts that have both.
    fifths
        By income, poorest first; empty where incomes do not give fifths.
    gap
        Bias of the poorest minus that of the richest fifth: what the model adds to that gap; None
        where there is none.
    dropped
        Reason → number of tracts left out.
    notices
        Why there are no fifths, or no intervals.
    """

    everybody: ErrorRow
    fifths: tuple[ErrorRow, ...]
    gap: GroupHeat | None
    dropped: dict[str, int]
    notices: tuple[str, ...]


def prediction_errors(
    tracts: pd.DataFrame, predicted: str, observed: str, errors: RowErrors
) -> PredictionErrors:
    """Compare predictions with observations in one metro.

    Both are taken from the median of the tracts that have both, so that an estimate which is a
    difference from the median can be compared with a temperature, and a constant is no error.

    Parameters
    ----------
    tracts
        One row a tract of the metro: ``population``, ``median_household_income_usd``.
    predicted, observed
        Columns, °C.
    errors
        As for :func:`~aespa_core.analysis.exposure.groups.group_exposure`.

    Raises
    ------
    StudyError
        If a column is missing, or no tract with residents has both.
    """
    if absent := [name for name in (predicted, observed, "population") if name not in tracts]:
        raise StudyError(f"The study has no {', '.join(absent)}: the model's error needs it.")
    both = tracts[[predicted, observed]].astype(float)
    both = both.where(both.notna().all(axis=1))
    error = ((both - both.median()) @ [1, -1]).to_numpy(float)
    left = left_out(
        {
            f"no {observed}": tracts[observed].isna().to_numpy(),
            f"no {predicted}": tracts[predicted].isna().to_numpy(),
            "no residents": ~(tracts["population"] > 0).to_numpy(),
        }
    )
    if not left.kept.any():
        raise StudyError(
            f"None of {len(tracts)} tracts has {predicted}, {observed} and residents: there is no "
            "error to look at."
        )
    people = np.where(left.kept, tracts["population"].to_numpy(float), 0.0)[:, None]
    whole = Groups("all", EVERYBODY, (EVERYBODY,), people, people, (), left.dropped)
    overall = compare(error, whole, errors)
    everybody = error_row(error, whole, 0, overall.means[0])
    try:
        groups = groups_by_income(tracts.assign(**{ERROR: error}), ERROR)
        compared = compare(error, groups, errors)
    except StudyError as reason:
        return PredictionErrors(
            everybody, (), None, left.dropped, (*overall.notices, f"No fifths: {reason}")
        )
    places = {label: place for place, label in enumerate(groups.labels)}
    fifths = tuple(
        error_row(error, groups, places[mean.estimate.term], mean) for mean in compared.means
    )
    gap = compared.gaps[0] if compared.gaps else None
    notices = (*overall.notices, *compared.notices)
    return PredictionErrors(everybody, fifths, gap, left.dropped, notices)


def error_row(error: Array, groups: Groups, place: int, bias: GroupHeat) -> ErrorRow:
    """Add the sizes of the error (N,), °C, to a group's bias."""
    there = groups.weights[:, place] > 0
    share = groups.weights[there, place] / groups.weights[there, place].sum()
    size = np.abs(error[there])
    return ErrorRow(bias, float(share @ size), float(np.sqrt(share @ size**2)))
