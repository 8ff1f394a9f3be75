r"""Predictions everywhere, corrected by what labels say of them where there are any.

.. math:: \hat\theta = \theta(\hat y; \text{all}) + \big[\theta(y; \text{labelled})
   - \theta(\hat y; \text{labelled})\big]

(Angelopoulos et al. 2023, Science 382:669.) The bracket takes out what the model does wrong, in so
far as the labelled tracts are like the others. The whole of it is computed again without each
block of tracts in turn, so that its interval holds the doubt about the correction, and errors of
neighbours that go together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.exposure.people import Groups
from aespa_core.analysis.jackknife import jackknife, unknowns
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.regression.least_squares import Floats, least_squares
from aespa_core.errors import StudyError

Rows = npt.NDArray[np.int64]
# Outcome of all tracts (N,) and the rows to take (n,) → numbers (S,).
Estimand = Callable[[Floats, Rows], Floats]


@dataclass(frozen=True)
class Corrected:
    """Numbers three ways, each with its interval over blocks.

    Attributes
    ----------
    corrected
        On predictions, put right by labels.
    predicted
        On predictions alone, in all tracts: *model-implied*.
    observed
        On labels alone, in labelled tracts.
    labelled, tracts
        Number of tracts with a label, and of all with a prediction.
    blocks, labelled_blocks
        Number of blocks left out in turn, and of those with a label.
    dropped
        Number of tracts without a prediction, labelled or not.
    notices
        Numbers and intervals that labels are too few for.
    """

    corrected: tuple[Estimate, ...]
    predicted: tuple[Estimate, ...]
    observed: tuple[Estimate, ...]
    labelled: int
    tracts: int
    blocks: int
    labelled_blocks: int
    dropped: int
    notices: tuple[str, ...]


def prediction_powered(
    estimand: Estimand, predicted: Floats, observed: Floats, blocks: Rows, terms: Sequence[str]
) -> Corrected:
    """Correct numbers that predictions give by those that labels give.

    Parameters
    ----------
    estimand
        Makes the numbers.
    predicted, observed
        °C, NaN where there is none, shape (N,).
    blocks
        Of all tracts, shape (N,).
    terms
        Names of the S numbers.

    Raises
    ------
    StudyError
        If no tract has both, there is one block only, or the labelled tracts do not have the
        numbers.
    """
    used = np.flatnonzero(np.isfinite(predicted))
    known = np.isfinite(observed)
    if not known[used].any():
        raise StudyError(
            f"None of {len(used)} tracts with a prediction has an observed temperature: there is "
            "nothing to correct by, and what predictions say stays model-implied."
        )

    def three_ways(kept: Rows) -> Floats:
        rows = used[kept]
        labelled = rows[known[rows]]
        alone, on_labels = estimand(predicted, rows), estimand(observed, labelled)
        # in this order, so that labels everywhere leave nothing of the predictions
        corrected = on_labels + (alone - estimand(predicted, labelled))
        return np.concatenate([corrected, alone, on_labels])

    found = jackknife(three_ways, blocks[used], [*terms, *terms, *terms])
    count = len(terms)
    observed_ones = found.estimates[2 * count :]
    # a correction is known no better than the labelled blocks know it
    corrected = tuple(
        replace(whole, freedom=min(whole.freedom, labels.freedom))
        for whole, labels in zip(found.estimates[:count], observed_ones, strict=True)
    )
    return Corrected(
        corrected,
        found.estimates[count : 2 * count],
        observed_ones,
        int(known[used].sum()),
        len(used),
        found.blocks,
        len(np.unique(blocks[used[known[used]]])),
        len(predicted) - len(used),
        tuple(f"Corrected by labels: {notice}" for notice in unknowns(corrected)),
    )


def corrected_slopes(
    x: Floats,
    weights: Floats,
    predicted: Floats,
    observed: Floats,
    blocks: Rows,
    terms: Sequence[str],
) -> Corrected:
    """Correct the first coefficients of a weighted regression on x (N, K), as many as ``terms``.

    Parameters
    ----------
    x
        Columns, no value missing, shape (N, K): those of the terms, then the constant or, instead
        of it, one of zeros and ones for each county. A county without labels says nothing there.
    weights
        Above 0, shape (N,).
    predicted, observed, blocks, terms
        As for :func:`prediction_powered`.

    Raises
    ------
    StudyError
        As :func:`prediction_powered`.
    """

    def slopes(y: Floats, rows: Rows) -> Floats:
        first = np.arange(x.shape[1]) < len(terms)
        columns = np.flatnonzero(first | x[rows].any(axis=0))
        fit = least_squares(y[rows], x[np.ix_(rows, columns)], weights[rows])
        return fit.coefficients[: len(terms)]

    return prediction_powered(slopes, predicted, observed, blocks, terms)


def corrected_exposure(
    groups: Groups, predicted: Floats, observed: Floats, blocks: Rows
) -> Corrected:
    """Correct the means of groups, then their gaps, °C.

    Predictions that are differences from a median give right gaps, and means that are shifted to
    the labels' level.

    Parameters
    ----------
    groups
        Of the predicted outcome, so that all tracts with a prediction count.
    predicted, observed, blocks
        As for :func:`prediction_powered`.

    Raises
    ------
    StudyError
        As :func:`prediction_powered`.
    """
    columns = np.column_stack([groups.weights, groups.sides])
    count = len(groups.labels)

    def means_and_gaps(y: Floats, rows: Rows) -> Floats:
        total = columns[rows].sum(0)
        there = np.where(total > 0, total, np.nan)
        # a tract that nobody counts may lack its temperature
        mean = np.where(columns[rows] > 0, y[rows, None] * columns[rows], 0.0).sum(0) / there
        return np.concatenate([mean[:count], mean[count::2] - mean[count + 1 :: 2]])

    terms = [*groups.labels, *(gap.label for gap in groups.gaps)]
    return prediction_powered(means_and_gaps, predicted, observed, blocks, terms)
