"""Make tracts whose temperature follows a stated law of proxies, images, mobility and climate."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import BLOCKS, HeatSplit, heat_split

METROS = ("ashton", "birch", "cedar", "dale", "elm")
TRACTS = 40
EFFECTS_C = np.array([-3.0, -4.0, 5.0, -8.0, -2.0])
TOKENS, SATELLITE, PHOTOS, STREET = 5, 6, 4, 6
HIDDEN_C = 0.4
MOVEMENT_C = 0.5


@dataclass(frozen=True)
class Made:
    """Tracts with the embeddings of their images, and a split of them."""

    samples: HeatSamples
    satellite: npt.NDArray[np.float32]
    street: npt.NDArray[np.float32]
    split: HeatSplit


def made_heat(seed: int = 0, noise_c: float = 0.05) -> Made:
    """Draw five towns of forty tracts.

    Each embedding knows the proxies and one hidden thing beside them; the week's volume knows
    another. Tract 3 has no tile, tract 5 no photos, tract 7 no mobility, tract 9 no label.
    """
    rng = np.random.default_rng(seed)
    count = len(METROS) * TRACTS
    metro = np.repeat(METROS, TRACTS)
    wind = np.repeat(rng.uniform(2, 5, len(METROS)), TRACTS)
    air = np.repeat(rng.uniform(24, 34, len(METROS)), TRACTS)
    proxies = rng.uniform(0.1, 0.6, (count, 5))
    hidden, volume = rng.normal(size=(2, count))
    context = pd.DataFrame(rng.normal(size=(count, len(CONTEXT))), columns=list(CONTEXT))
    context["wind_m_s"], context["air_max_c"] = wind, air
    for column in ("latitude_deg", "air_min_c", "vapour_hpa"):
        context[column] = np.repeat(rng.normal(size=len(METROS)), TRACTS)
    day = air + 8.0 - wind + (proxies - 0.35) @ EFFECTS_C + HIDDEN_C * hidden + MOVEMENT_C * volume
    hours = 1.0 + 0.5 * np.sin(np.arange(168) * 2 * np.pi / 24)
    mobility = np.exp(4.0 + 0.5 * volume)[:, None, None] * hours[None, :, None] * np.ones(3)
    known = np.column_stack([proxies, hidden])
    satellite = np.repeat(known[:, None], TOKENS, 1) + rng.normal(
        0, 0.05, (count, TOKENS, SATELLITE)
    )
    street = np.repeat(known[:, None], PHOTOS, 1) + rng.normal(0, 0.05, (count, PHOTOS, STREET))
    satellite[3], street[5], mobility[7] = np.nan, np.nan, np.nan
    lst_day = day + rng.normal(0, noise_c, count)
    lst_day[9] = np.nan
    samples = HeatSamples(
        geoid=np.array([f"99{i:09d}" for i in range(count)]),
        metro=metro,
        place_km=rng.uniform(-5, 5, (count, 2)),
        context=context,
        reference_c=air,
        proxies=proxies,
        mobility=mobility,
        lst_day_c=lst_day,
        lst_night_c=air - 9.0 - 0.3 * (proxies[:, 3] - 0.35) + rng.normal(0, noise_c, count),
        tiles=(None,) * count,
        photos=((),) * count,
    )
    return Made(
        samples,
        satellite.astype(np.float32),
        street.astype(np.float32),
        heat_split(samples, BLOCKS, seed),
    )
