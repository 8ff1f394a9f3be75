"""The tract model's inputs as one flat table, so that every method knows the same."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import NEAR_KM, TractFeatures
from aespa_core.models.tract_model import AREA_MEANS, AREA_SIZE, CONTEXT, raw_inputs
from aespa_core.schema import PROXIES

Array = npt.NDArray[np.float64]

PROXY_COLUMNS: Final = tuple(
    f"{name}{suffix}" for name in LEARNED for suffix in ("", *(f"_{km:g}km" for km in NEAR_KM))
)
SIGNS: Final = {proxy.id: proxy.sign for proxy in PROXIES}


@dataclass(frozen=True)
class FlatTable:
    """Columns of numbers, NaN where missing.

    Attributes
    ----------
    values
        Shape (B, F).
    names
        F names; ``@area`` marks the difference from the area's mean.
    signs
        Expected sign of the effect of each column, 0 where none is expected, length F.
    """

    values: Array
    names: tuple[str, ...]
    signs: tuple[int, ...]

    @property
    def anomalies(self) -> Array:
        """The columns that are differences from the area's mean; missing values 0, its mean."""
        keep = [name.endswith("@area") for name in self.names]
        return np.nan_to_num(self.values[:, keep])


def flat_table(features: TractFeatures) -> FlatTable:
    """Lay out levels and differences of proxies and context, and the area's descriptors."""
    raw = raw_inputs(features)
    count = len(features.geoid)
    levels = features.context[list(CONTEXT)].to_numpy(float)
    parts: list[tuple[Array, tuple[str, ...]]] = [
        (features.proxies.reshape(count, -1), PROXY_COLUMNS),
        (raw.anomaly.reshape(count, -1), tuple(f"{name}@area" for name in PROXY_COLUMNS)),
        (levels, CONTEXT),
        (raw.context, tuple(f"{name}@area" for name in CONTEXT)),
        (raw.descriptors, tuple(f"mean_{name}" for name in (*AREA_MEANS, *AREA_SIZE))),
        (
            raw.proxy_descriptors.reshape(count, -1),
            tuple(f"{kind}_{name}" for name in LEARNED for kind in ("mean", "sd")),
        ),
    ]
    names = tuple(name for _, columns in parts for name in columns)
    signs = tuple(SIGNS[name.split("_")[0].removesuffix("@area")] if is_proxy(name) else 0
                  for name in names)  # fmt: skip
    return FlatTable(np.concatenate([values for values, _ in parts], axis=1), names, signs)


def is_proxy(name: str) -> bool:
    """Whether a column holds a proxy of the tract or its neighbours, not a frozen mean."""
    return name.split("_")[0].removesuffix("@area") in LEARNED
