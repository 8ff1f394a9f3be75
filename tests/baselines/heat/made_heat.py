"""Make tracts whose temperature follows a law that a test plants."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import BLOCKS, heat_split
from aespa_core.schema import PROXY_IDS

METROS = ("ashford", "birchton", "cedarburg")
A_METRO = 60
REFERENCE_C = 30.0


def made_data(seed=0, side=16, kind=BLOCKS, metro="all"):
    """Three metros of 60 tracts, all columns and pixels noise, labels 0: plant one's own."""
    rng = np.random.default_rng(seed)
    count = A_METRO * len(METROS)
    context = pd.DataFrame(rng.normal(size=(count, len(CONTEXT))), columns=list(CONTEXT))
    context["air_max_c"] = REFERENCE_C
    samples = HeatSamples(
        geoid=np.array([f"{i:011d}" for i in range(count)]),
        metro=np.repeat(METROS, A_METRO),
        place_km=rng.uniform(-3, 3, (count, 2)),
        context=context,
        reference_c=np.full(count, REFERENCE_C),
        proxies=np.full((count, len(PROXY_IDS)), np.nan),
        mobility=np.full((count, 168, 3), np.nan),
        lst_day_c=np.full(count, REFERENCE_C),
        lst_night_c=np.full(count, np.nan),
        tiles=(Path("tile.png"),) * count,
        photos=((Path("photo.jpg"),) * 2,) * count,
    )
    return HeatData(
        samples=samples,
        split=heat_split(samples, kind, 0, metro),
        proxies=rng.uniform(0, 1, (count, len(PROXY_IDS))),
        satellite=rng.normal(size=(count, 5, 6)).astype(np.float32),
        street=rng.normal(size=(count, 2, 6)).astype(np.float32),
        tiles=rng.integers(0, 256, (count, side, side, 3)).astype(np.uint8),
        photos=rng.integers(0, 256, (count, 2, side // 2, side, 3)).astype(np.uint8),
        has_tile=np.ones(count, bool),
        has_photo=np.ones((count, 2), bool),
    )


def labelled(data, excess_c, tested=np.nan):
    """Plant labels; those of tested tracts are hidden, or as told."""
    label = REFERENCE_C + np.where(data.split.test, tested, excess_c)
    return replace(data, samples=replace(data.samples, lst_day_c=label))


def brightened(data, share, *, tiles=True, photos=True):
    """Make images flat: 0 is dark, 1 is bright, shape (B,)."""
    level = (40 + 170 * share).astype(np.uint8)
    noise = data.tiles % 8, data.photos % 8
    return replace(
        data,
        tiles=noise[0] + level[:, None, None, None] if tiles else data.tiles,
        photos=noise[1] + level[:, None, None, None, None] if photos else data.photos,
    )


def without_images(data):
    """Take all images away, and what was read off them."""
    return replace(
        data,
        samples=data.samples.without_images(),
        proxies=np.full_like(data.proxies, np.nan),
        satellite=np.full_like(data.satellite, np.nan),
        street=np.full_like(data.street, np.nan),
        tiles=np.zeros_like(data.tiles),
        photos=np.zeros_like(data.photos),
        has_tile=np.zeros_like(data.has_tile),
        has_photo=np.zeros_like(data.has_photo),
    )


def error_on_tested(data, estimate_c, excess_c):
    """Mean absolute error on tested tracts, °C."""
    return float(np.abs(estimate_c - excess_c)[data.split.test].mean())
