"""Weeks that are not 168 hours: the hour that a clock skipped is filled, other gaps are counted.

On the day that summer time begins an hour does not exist, and a table of local hours lacks it in
every tract. Such an hour is taken as the mean of the hours beside it. A tract that lacks an hour
which others have is another matter: it has no whole week, and stays without.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.studies.tables import HOURS_OF_WEEK

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

CHANNELS: Final = ("visits", "outbound", "stay")
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Clocks skip one hour; two are still bridged by their neighbours.
LONGEST_FILLED: Final = 2


@dataclass(frozen=True)
class WeekGaps:
    """What is missing in the weeks of a study.

    Attributes
    ----------
    tracts
        Tracts of which there is any hour.
    tracts_of
        Metro → how many of them are its.
    filled
        Metro → hours of the week that all its tracts lack in a channel, filled.
    unfilled
        Metro → hours that all its tracts lack, too many in a row to be filled.
    short
        Tracts that lack other hours, or numbers in them: they count as without a week.
    """

    tracts: int
    tracts_of: Mapping[str, int]
    filled: Mapping[str, tuple[int, ...]]
    unfilled: Mapping[str, tuple[int, ...]]
    short: tuple[str, ...]

    def sentences(self) -> tuple[str, ...]:
        """Say it; nothing where every week is whole."""
        return (
            *(
                f"mobility.parquet: {self.common_gap(metro, hours)}, as where clocks skip an hour: "
                "taken as the mean of the hours beside it."
                for metro, hours in self.filled.items()
            ),
            *(
                f"mobility.parquet: {self.common_gap(metro, hours)}, more than {LONGEST_FILLED} in "
                "a row: not filled, so that they count as without a week."
                for metro, hours in self.unfilled.items()
            ),
            *(
                (
                    f"mobility.parquet: {len(self.short):,} of {self.tracts:,} tracts lack an hour "
                    f"of the {HOURS_OF_WEEK}, or a number in one, and count as without a week (the "
                    f"first is tract {self.short[0]}).",
                )
                if self.short
                else ()
            ),
        )

    def common_gap(self, metro: str, hours: tuple[int, ...]) -> str:
        """Say which hours all tracts of a metro lack."""
        return (
            f"the {self.tracts_of[metro]:,} tracts of '{metro}' have {HOURS_OF_WEEK - len(hours)} "
            f"of {HOURS_OF_WEEK} hours: {hours_in_words(hours)} missing in every one"
        )


@dataclass(frozen=True)
class Weeks:
    """Weeks of B tracts, and what was missing in them.

    Attributes
    ----------
    values
        Visits, outbound, stay, visits/h, shape (B, 168, 3); NaN throughout where a tract has no
        whole week, and in a channel that nobody reports.
    gaps
        What was filled, and what is missing.
    """

    values: Array
    gaps: WeekGaps


def week_gaps(table: pd.DataFrame, metro_of: Mapping[str, str]) -> WeekGaps:
    """Count what is missing in table ``mobility``.

    Parameters
    ----------
    table
        ``geoid``, ``hour_of_week`` and any of :data:`CHANNELS`.
    metro_of
        Metro of each tract.
    """
    geoid = np.array(list(metro_of), str)
    return whole_weeks(table, geoid, np.array(list(metro_of.values()), str)).gaps


def weeks_are_whole(table: pd.DataFrame) -> bool:
    """Whether nothing is missing, told at a glance: each tract has 168 hours, all of them full."""
    reported = [name for name in CHANNELS if name in table and table[name].notna().any()]
    return (
        len(table) == HOURS_OF_WEEK * table["geoid"].nunique()
        and bool(reported)
        and bool(table[reported].notna().all(axis=None))
    )


def whole_weeks(
    table: pd.DataFrame, geoid: npt.NDArray[np.str_], metro: npt.NDArray[np.str_]
) -> Weeks:
    """Lay table ``mobility`` out as weeks and fill what every tract of a metro lacks.

    Parameters
    ----------
    table
        ``geoid``, ``hour_of_week`` and any of :data:`CHANNELS`.
    geoid, metro
        Tracts in the order that is wanted, and their metros, shape (B,).

    Raises
    ------
    StudyError
        If a tract has an hour twice.
    """
    weeks = laid_out(table, geoid)
    known = np.isfinite(weeks)
    there = known.any((1, 2))  # (B,)
    filled: dict[str, tuple[int, ...]] = {}
    unfilled: dict[str, tuple[int, ...]] = {}
    tracts_of: dict[str, int] = {}
    for name in np.unique(metro[there]):
        rows = np.flatnonzero((metro == name) & there)
        tracts_of[str(name)] = len(rows)
        mended, left = set[int](), set[int]()
        for channel in range(weeks.shape[2]):
            have = set(np.flatnonzero(known[rows, :, channel].any(0)).tolist())
            if not have:
                continue  # a channel that nobody reports
            for start, length in short_gaps(have):
                bridge(weeks, rows, channel, start, length)
                mended |= {(start + step) % HOURS_OF_WEEK for step in range(length)}
            left |= {*range(HOURS_OF_WEEK)} - have - mended
        if mended:
            filled[str(name)] = tuple(sorted(mended))
        if left:
            unfilled[str(name)] = tuple(sorted(left))
    finite: Mask = np.isfinite(weeks)
    # a channel that nobody reported stays missing as a channel; a hole in one hides the tract
    reported = np.flatnonzero(finite.any((0, 1)))
    whole: Mask = np.array(finite[:, :, reported].all((1, 2)) & there)
    # of a metro that lacks hours as a whole, that is said already
    lacking: Mask = np.isin(metro, list(unfilled))
    short = tuple(str(name) for name in geoid[there & ~whole & ~lacking])
    values = np.where(whole[:, None, None], weeks, np.nan)
    return Weeks(values, WeekGaps(int(there.sum()), tracts_of, filled, unfilled, short))


def laid_out(table: pd.DataFrame, geoid: npt.NDArray[np.str_]) -> Array:
    """Lay rows out as tracts by hours by channels, shape (B, 168, 3); NaN where there is none.

    Raises
    ------
    StudyError
        If there is an hour that no week has, or a tract has one twice.
    """
    hour = table["hour_of_week"].to_numpy()
    strange = ~((hour >= 0) & (hour < HOURS_OF_WEEK))
    if strange.any():
        raise StudyError(
            f"mobility.parquet has hour {hour[strange][0]} of tract "
            f"{table['geoid'].to_numpy()[strange][0]}: hours of the week run from 0, Monday 00:00, "
            f"to {HOURS_OF_WEEK - 1}; subtract 1 if yours run from 1."
        )
    codes, names = pd.factorize(table["geoid"])
    # a missing id comes last, as code -1 does
    tract = np.append(pd.Index(geoid.astype(object)).get_indexer(names), -1)[codes]
    mine = tract >= 0
    place = tract[mine] * HOURS_OF_WEEK + hour[mine].astype(np.int64)
    times = np.bincount(place, minlength=len(geoid) * HOURS_OF_WEEK)
    if (twice := times > 1).any():
        first = int(twice.argmax())
        raise StudyError(
            f"mobility.parquet has hour {first % HOURS_OF_WEEK} of tract "
            f"{geoid[first // HOURS_OF_WEEK]} twice ({int((times[twice] - 1).sum()):,} such rows): "
            "where clocks went back, keep the mean of the two."
        )
    values = np.full((len(geoid) * HOURS_OF_WEEK, len(CHANNELS)), np.nan)
    for c, name in enumerate(CHANNELS):
        if name in table:
            values[place, c] = table[name].to_numpy(float)[mine]
    weeks = values.reshape(len(geoid), HOURS_OF_WEEK, len(CHANNELS))  # (B, 168, 3)
    weeks[~np.isfinite(weeks)] = np.nan
    return weeks


def short_gaps(have: set[int]) -> list[tuple[int, int]]:
    """Find runs of missing hours: first hour and length, at most :data:`LONGEST_FILLED`.

    A week is round: its last hour lies beside its first.
    """
    gaps = []
    for start in range(HOURS_OF_WEEK):
        if start not in have and (start - 1) % HOURS_OF_WEEK in have:
            length = 1
            while (start + length) % HOURS_OF_WEEK not in have:
                length += 1
            if length <= LONGEST_FILLED:
                gaps.append((start, length))
    return gaps


def bridge(
    weeks: Array, rows: npt.NDArray[np.int64], channel: int, start: int, length: int
) -> None:
    """Fill hours of some tracts with the mean of the hour before and the hour after them."""
    size = weeks.shape[1]
    before, after = (weeks[rows, at % size, channel] for at in (start - 1, start + length))
    for step in range(length):
        weeks[rows, (start + step) % size, channel] = (before + after) / 2


def hours_in_words(hours: tuple[int, ...]) -> str:
    """Name an hour of the week, or count several."""
    first = f"{DAYS[hours[0] // 24]} {hours[0] % 24:02}:00"
    return f"{first} is" if len(hours) == 1 else f"{len(hours)} hours (the first is {first}) are"
