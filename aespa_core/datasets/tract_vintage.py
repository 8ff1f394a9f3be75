"""Whether a study's tracts are those of 2010, which the stored models know."""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from aespa_core.errors import StudyError

SHOWN: Final = 3
# Counties of Connecticut have odd numbers to 015; since 2022 its planning regions stand instead.
CONNECTICUT: Final = "09"
REGIONS_FROM: Final = "110"


def refuse_unknown_tracts(geoids: Sequence[str], known: pd.Index, origin: str) -> None:
    """Refuse ids that are no tracts of 2010: of part of a metro no estimate would be right.

    Parameters
    ----------
    geoids
        Tracts of a study.
    known
        All tracts of the country.
    origin
        The study, as the sentence's first words.

    Raises
    ------
    StudyError
        If one of them is unknown.
    """
    ids = pd.Index(geoids)
    unknown = sorted(ids[~ids.isin(known)])
    if not unknown:
        return
    more = ", …" if len(unknown) > SHOWN else ""
    raise StudyError(
        f"{origin}: the stored models know census tracts of 2010, and {len(unknown):,} of "
        f"{len(ids):,} ids are not among them ({', '.join(unknown[:SHOWN])}{more}). "
        f"{connecticut(unknown)}Use ids and borders of 2010, or give weights that `aespa train` "
        "wrote with --model."
    )


def connecticut(unknown: Sequence[str]) -> str:
    """Say what happened to Connecticut's ids, where they are among the unknown."""
    regions = sum(g[:2] == CONNECTICUT and g[2:5] >= REGIONS_FROM for g in unknown)
    if not regions:
        return ""
    return (
        f"{regions:,} of them are of Connecticut's planning regions (09110 to 09190), which took "
        "the place of its counties (09001 to 09015) in 2022. "
    )
