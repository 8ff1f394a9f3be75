"""Where a study's own proxies are others than those that the tract model reads from the mirror."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from aespa_core.datasets.national_tracts import NationalTracts
from aespa_core.sources.mirror import VARIABLE
from aespa_core.studies.folder import Study

# three decimals: what was rounded on its way through a sheet is still the same
ROUNDING: Final = 5e-4


@dataclass(frozen=True)
class OtherInput:
    """A quantity that a study has otherwise than the model took it, in so many of its tracts.

    Attributes
    ----------
    quantity
        Id of the proxy.
    tracts, of_all
        Tracts in which the values differ, or only one of the two is there; tracts of the study.
    used
        Where the model's values are from.
    """

    quantity: str
    tracts: int
    of_all: int
    used: str

    @property
    def sentence(self) -> str:
        """What the reader of the estimates must know."""
        return (
            f"{self.quantity} in the study's proxies.parquet is not what was estimated from in "
            f"{self.tracts:,} of {self.of_all:,} tracts (another value, or missing in one of the "
            f"two): used were the sources in {self.used}, as the model learned."
        )


def other_inputs(
    study: Study, national: NationalTracts, quantities: Iterable[str]
) -> tuple[OtherInput, ...]:
    """Compare the study's proxies with the model's inputs.

    Parameters
    ----------
    study
        A study with a table of tracts, all of them in ``national``.
    national
        What the model reads.
    quantities
        Proxies that it has learned.
    """
    geoids = study.read("tracts")["geoid"]
    has = "proxies" in study.tables
    own = study.read("proxies").set_index("geoid").reindex(geoids) if has else None
    found = []
    for name in quantities:
        used = national.table.loc[geoids, name].to_numpy(float)
        mine = np.full(len(used), np.nan)
        if own is not None and name in own:
            mine = own[name].to_numpy(float)
        same = np.isclose(mine, used, rtol=0, atol=ROUNDING, equal_nan=True)
        if count := int((~same).sum()):
            found.append(OtherInput(name, count, len(used), VARIABLE))
    return tuple(found)
