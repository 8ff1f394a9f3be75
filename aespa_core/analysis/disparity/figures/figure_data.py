"""The one form of a figure before it is drawn: it can be shipped, read aloud and drawn anywhere."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class FigureData:
    """What a figure shows.

    Attributes
    ----------
    id
        ``forest``, ``exposure``, ``concentration``, ``bivariate``, ``clusters``, ``likeness``,
        ``choices``.
    title
        What is shown, of where, of which outcome; one line.
    axis
        What the axis of heat measures, with its unit.
    frame
        Tidy, in the order in which it is drawn; the columns are those of the function that made it.
    reading
        One sentence in plain words, made from these numbers.
    cautions
        What the reader must know before believing it.
    """

    id: str
    title: str
    axis: str
    frame: pd.DataFrame
    reading: str
    cautions: tuple[str, ...] = ()
