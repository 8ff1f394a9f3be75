"""What an attribution of a run leaves, and how one part of all tracts is laid out."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.inference.metro_estimates import DECIMALS
from aespa_core.spread import Spread

Array = npt.NDArray[np.float64]

# What the estimates table and the model may differ by: its own rounding.
TOLERANCE_C: Final = 1e-4


@dataclass(frozen=True)
class Attribution:
    """What an attribution left.

    Attributes
    ----------
    path, run
        Folder of the study, name of the run.
    tables
        Tables that were written.
    tracts, members
        Number of each.
    largest_gap_c
        Largest distance between base plus contributions and the estimate, °C.
    contradictions
        Rows of ``trends`` by which labels say that a proxy acts against its expected sign; None
        where no label could tell.
    """

    path: Path
    run: str
    tables: tuple[str, ...]
    tracts: int
    members: int
    largest_gap_c: float
    contradictions: int | None = None

    def words(self) -> dict[str, Any]:
        """Give all of it as plain values."""
        return asdict(self) | {"path": str(self.path), "tables": list(self.tables)}


def part_rows(
    geoid: npt.NDArray[np.str_], part: str, effect: Spread, own_c: Array | None = None
) -> pd.DataFrame:
    """Lay one part of all tracts out."""
    return pd.DataFrame(
        {
            "geoid": geoid,
            "part": part,
            "effect_c": effect.mean,
            "low90_c": effect.low90,
            "high90_c": effect.high90,
            "own_c": np.nan if own_c is None else own_c,
        }
    ).round(DECIMALS)
