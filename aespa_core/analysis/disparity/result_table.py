"""A table of results with everything that a referee asks of it."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

# terms that say something of the model, as they are printed
FOOT_TERMS: Final = {
    "n": "Tracts",
    "people": "People",
    "clusters": "Clusters",
    "r2": "R²",
    "r2_within": "R² within",
    "r2_adjusted": "R² adjusted",
    "log_likelihood": "Log likelihood",
    "aic": "AIC",
}


@dataclass(frozen=True)
class Layout:
    """How a tidy frame is crossed for paper; a table without one is printed as the list it is.

    Attributes
    ----------
    rows, columns
        The columns of the frame whose values become the rows and the heads, in order of
        appearance: ``Layout("term", "model")`` is a regression table, ``Layout("metro", "term")``
        the numbers of a forest, ``Layout("metro", "group")`` exposures side by side.
    beneath
        What stands under an estimate: ``std_error`` in parentheses, ``low95`` as the interval in
        brackets, ``p`` or ``q`` by its letter.
    """

    rows: str
    columns: str
    beneath: tuple[str, ...] = ("std_error",)


REGRESSION: Final = Layout("term", "model")
BY_METRO: Final = Layout("metro", "term")


@dataclass(frozen=True)
class ResultTable:
    """One table, tidy and at full precision, with its note.

    Attributes
    ----------
    id
        ``T1`` … ``T10``, ``A1``.
    title
        What it shows, one line.
    frame
        One row a result. Text columns say of what (``metro``, ``outcome``, ``model``, ``term``,
        ``group``); an estimate has the columns ``estimate``, ``unit``, ``std_error``, ``df``,
        ``low95``, ``high95``, ``p`` and ``stars``, where the last four follow from the two before
        them; NaN is a result that does not exist.
    note
        Sentences under the table: N, tracts left out and why, weights, fixed effects, standard
        errors with kernel and cutoff, spatial weights, vintage.
    notices
        What the reader must know before using a number: few clusters, islands, a covariate left
        out.
    layout
        How it is printed; in files of data it changes nothing.
    panels
        Of a table that is printed as a list: columns that become a heading above their rows.

    Notes
    -----
    In a crossed table a row of the frame is one *about the model* (N, R², fixed effects, weights,
    standard errors) where its ``term`` is a key of :data:`FOOT_TERMS`, its number in ``estimate``,
    or where its column ``value`` holds text, which is then printed as it is. Such rows stand below
    the coefficients, or, where terms are the heads, in the last columns.
    """

    id: str
    title: str
    frame: pd.DataFrame
    note: tuple[str, ...]
    notices: tuple[str, ...] = ()
    layout: Layout | None = None
    panels: tuple[str, ...] = ()
