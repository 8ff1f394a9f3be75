"""Tracts with labels, in whole urban areas, and the fixed groups in which areas are left out."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.national_tracts import LEARNED, NationalTracts
from aespa_core.datasets.tract_features import TractFeatures, build_features

Array = npt.NDArray[np.float64]

# Drawn once with seed 2021; Washington, Minneapolis, Seattle and St. Louis in groups 1 to 4.
GROUPS_FILE: Final = Path(__file__).with_name("area_groups.csv")


@dataclass(frozen=True)
class Labels:
    """Observed day LST of each tract, °C, with the number of blocks behind it; shape (B,)."""

    lst_day_c: Array
    n_blocks: Array


@dataclass(frozen=True)
class TrainingTracts:
    """B labelled tracts: features, labels, and each area's group, 1 to 9, shape (B,)."""

    features: TractFeatures
    labels: Labels
    group: npt.NDArray[np.int64]

    def rows(self, keep: npt.NDArray[np.bool_]) -> "TrainingTracts":
        """Take some of the tracts."""
        labels = Labels(self.labels.lst_day_c[keep], self.labels.n_blocks[keep])
        return TrainingTracts(self.features.rows(keep), labels, self.group[keep])

    def without_proxies(self, names: tuple[str, ...]) -> "TrainingTracts":
        """Forget some proxies, own and neighbouring, as if they had never been measured."""
        return replace(self, features=without_proxies(self.features, names))


def without_proxies(features: TractFeatures, names: tuple[str, ...]) -> TractFeatures:
    """Forget some proxies, own and neighbouring, as if they had never been measured."""
    gone = np.isin(LEARNED, names)
    proxies, mean, sd = (
        np.where(gone.reshape(1, -1, *[1] * (value.ndim - 2)), np.nan, value)
        for value in (features.proxies, features.proxy_mean, features.proxy_sd)
    )
    return replace(features, proxies=proxies, proxy_mean=mean, proxy_sd=sd)


@cache
def area_groups() -> dict[str, int]:
    """Read the group of each urban area."""
    table = pd.read_csv(GROUPS_FILE)
    return dict(zip(table["urban_area"], table["group"], strict=True))


def training_tracts(national: NationalTracts) -> TrainingTracts:
    """Take all tracts with a label, each in its urban area."""
    labelled = national.table[national.table["lst_day_c"].notna()]
    area = labelled["urban_area"].to_numpy(str)
    groups = area_groups()
    if unknown := sorted(set(area) - groups.keys()):
        raise KeyError(f"{GROUPS_FILE.name} has no group for {', '.join(unknown)}")
    return TrainingTracts(
        build_features(national, labelled.index.to_numpy(str), area),
        Labels(labelled["lst_day_c"].to_numpy(float), labelled["n_blocks"].to_numpy(float)),
        np.array([groups[name] for name in area]),
    )


def centred(values: Array, area: npt.NDArray[np.str_]) -> Array:
    """Values less the mean of their area, shape (B,)."""
    _, inverse, count = np.unique(area, return_inverse=True, return_counts=True)
    return values - (np.bincount(inverse, values) / count)[inverse]
