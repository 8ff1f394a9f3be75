r"""What a move of the proxies does to each tract, from the curves of a study's table alone.

.. math:: \Delta T(d) = \sum_k \Big( l_k d_k
    + \sum_u w_{ku} [\tanh(r_{ku} + q_{ku} d_k) - \tanh r_{ku}] \Big)

The direct effect: context, area means, neighbours and the base stay as they are.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.studies.folder import Study
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS

Array = npt.NDArray[np.float64]

TABLE: Final = "responses"
STANDING: Final = ("value", "lowest", "highest", "usual_lowest", "usual_highest")


@dataclass(frozen=True)
class Responses:
    """Curves of B tracts of one metro, K proxies, M members, U units; NaN where there is no curve.

    Attributes
    ----------
    geoid
        (B,).
    value
        Of each proxy now, (B, K); NaN where it may not be told.
    lowest, highest, usual_lowest, usual_highest
        How far a proxy may fall and rise, (B, K).
    line
        (M, B, K).
    weight, slope, offset
        (M, B, K, U).
    """

    geoid: npt.NDArray[np.str_]
    value: Array
    lowest: Array
    highest: Array
    usual_lowest: Array
    usual_highest: Array
    line: Array
    weight: Array
    slope: Array
    offset: Array

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        """Which tracts have a curve of which proxy, (B, K)."""
        return np.isfinite(self.line[0])

    @cached_property
    def now(self) -> Array:
        """Tanh of the offsets, (M, B, K, U)."""
        return np.tanh(self.offset)

    @property
    def proxies(self) -> tuple[str, ...]:
        """Ids of the proxies with a curve in any tract."""
        return tuple(name for k, name in enumerate(PROXY_IDS) if self.known[:, k].any())

    def effect_c(self, change: Array) -> Array:
        """Evaluate the direct effect of moves (B, K), °C, (M, B).

        NaN where a proxy moves that has no curve in the tract.
        """
        moved = np.nonzero((change != 0).any(axis=0))[0]
        total = np.zeros(self.line.shape[:2])
        for k in moved:
            own = change[None, :, k]  # (1, B)
            steps = np.tanh(self.offset[:, :, k] + self.slope[:, :, k] * own[..., None])
            effect = self.line[:, :, k] * own
            effect += (self.weight[:, :, k] * (steps - self.now[:, :, k])).sum(-1)
            # a proxy that stays where it is needs no curve
            total += np.where(own == 0, 0.0, effect)
        return total


def responses_of(study: Study, metro: str, run: str) -> Responses:
    """Read the curves of one metro.

    Raises
    ------
    StudyError
        If the run has no responses, or none in this metro.
    """
    if TABLE not in study.run_tables(run):
        raise StudyError(
            f"{study.path} has no responses of the run '{run}': make them with "
            f"`aespa attribute {study.path} --run {run}` and the run's model."
        )
    table = study.read_run(run, TABLE)
    rows = table[table["metro"] == metro]
    if rows.empty:
        known = ", ".join(sorted(table["metro"].unique()))
        cure = f"choose one of {known}" if known else "make them with `aespa attribute`"
        raise StudyError(f"The run '{run}' of {study.path} has no response in '{metro}': {cure}.")
    try:
        check_members(rows)
    except StudyError as error:
        raise StudyError(f"{study.path}, responses of '{run}' in '{metro}': {error}") from None
    return from_rows(rows)


def check_members(rows: pd.DataFrame) -> None:
    """Refuse curves of which some members are missing: no mean and no range could be told of them.

    Raises
    ------
    StudyError
        If members are not numbered from 0, or a curve lacks one that others have.
    """
    members = np.unique(rows["member"].to_numpy(int))
    if not np.array_equal(members, np.arange(len(members))):
        first = ", ".join(map(str, members[:3])) + ", …" * (len(members) > 3)
        raise StudyError(
            f"members are numbered {first}: number the {len(members)} of them from 0 to "
            f"{len(members) - 1}."
        )
    curves = rows.groupby(["geoid", "proxy"]).size()
    if (odd := curves != len(members)).any():
        geoid, proxy = curves.index[odd][0]
        raise StudyError(
            f"{int(odd.sum()):,} of {len(curves):,} curves have not one row for each of the "
            f"{len(members)} members (first: {proxy} of tract {geoid}): make them again with "
            "`aespa attribute`."
        )


def from_rows(rows: pd.DataFrame) -> Responses:
    """Lay the rows of one metro out as arrays."""
    geoid = np.array(sorted(rows["geoid"].unique()), str)
    members = int(rows["member"].max()) + 1
    tract = pd.Index(geoid).get_indexer(rows["geoid"])
    proxy = pd.Index(PROXY_IDS).get_indexer(rows["proxy"])
    member = rows["member"].to_numpy(int)

    def filled(columns: tuple[str, ...]) -> Array:
        found = np.full((members, len(geoid), len(PROXIES), len(columns)), np.nan)
        found[member, tract, proxy] = rows[list(columns)].to_numpy(float)
        return found

    standing = dict(zip(STANDING, np.moveaxis(filled(STANDING)[0], -1, 0), strict=True))
    return Responses(
        geoid=geoid,
        **standing,
        line=filled(("line_c",))[..., 0],
        weight=filled(WEIGHTS),
        slope=filled(SLOPES),
        offset=filled(OFFSETS),
    )
