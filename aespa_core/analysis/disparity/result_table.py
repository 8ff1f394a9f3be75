"""A table of results with everything that a referee asks of it."""

from dataclasses import dataclass

import pandas as pd


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
    """

    id: str
    title: str
    frame: pd.DataFrame
    note: tuple[str, ...]
    notices: tuple[str, ...] = ()
