"""What a metro's model may learn from: everything labelled except the metro itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_training import TrainingTracts

# A proxy that fewer of a metro's tracts have says nothing of the metro: a model that never saw it
# does better there than one from which it is hidden.
MEASURED_SHARE: Final = 0.25
OWN_SHARE: Final = 0.5


@dataclass(frozen=True)
class MetroSplit:
    """Training tracts for one metro.

    Attributes
    ----------
    training
        Labelled tracts outside the metro and its own urban areas; proxies that the metro does
        not measure are forgotten.
    own_areas
        Urban areas with most of their labelled tracts in the metro.
    proxies
        Proxies that the metro measures.
    """

    training: TrainingTracts
    own_areas: tuple[str, ...]
    proxies: tuple[str, ...]


def metro_split(tracts: TrainingTracts, table: pd.DataFrame, geoids: Sequence[str]) -> MetroSplit:
    """Leave a metro out.

    Parameters
    ----------
    tracts
        All labelled tracts.
    table
        All tracts of the country, as in
        :class:`aespa_core.datasets.national_tracts.NationalTracts`.
    geoids
        Tracts of the metro.
    """
    own = own_areas(table, geoids)
    proxies = measured_proxies(table, geoids)
    features = tracts.features
    inside = np.isin(features.geoid, np.asarray(geoids, str)) | np.isin(features.area, own)
    unmeasured = tuple(name for name in LEARNED if name not in proxies)
    return MetroSplit(tracts.rows(~inside).without_proxies(unmeasured), own, proxies)


def own_areas(table: pd.DataFrame, geoids: Sequence[str]) -> tuple[str, ...]:
    """Urban areas with most of their labelled tracts among these tracts."""
    labelled = table[table["lst_day_c"].notna()]
    inside = labelled.index.isin(geoids)
    share = pd.Series(inside, labelled.index).groupby(labelled["urban_area"]).mean()
    return tuple(sorted(share.index[share > OWN_SHARE]))


def measured_proxies(table: pd.DataFrame, geoids: Sequence[str]) -> tuple[str, ...]:
    """Proxies that at least a quarter of these tracts have."""
    share = table.reindex(list(geoids))[list(LEARNED)].notna().mean()
    return tuple(name for name in LEARNED if share[name] >= MEASURED_SHARE)
