"""The benchmark of the cache: same losses, less time, no image looked at in a cached epoch."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.benchmarks.embedding_speed import embedding_speed
from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import BLOCKS, heat_split
from aespa_core.inference.heat_embeddings import (
    FrozenEncoder,
    HeatEncoders,
    frozen_encoders,
    image_count,
)
from aespa_core.training.heat.settings import TrainSettings
from tests.made_images import SETTINGS, made_samples

MODEL = dataclasses.replace(SETTINGS, width=8, heads=2, hidden=8, mobility_hidden=4)
HOW = TrainSettings(model=MODEL, batch_size=4)


def drawn_samples(folder: Path, tracts: int) -> HeatSamples:
    """Add places, context, proxies and weeks to tracts that have images and labels."""
    rng = np.random.default_rng(1)
    return dataclasses.replace(
        made_samples(folder, tracts),
        place_km=rng.uniform(-5, 5, (tracts, 2)),
        context=pd.DataFrame(rng.normal(size=(tracts, len(CONTEXT))), columns=list(CONTEXT)),
        proxies=rng.uniform(0.1, 0.6, (tracts, 5)),
        mobility=rng.uniform(1, 9, (tracts, 168, 3)),
    )


def test_both_epochs_take_the_same_steps(tmp_path):
    samples = drawn_samples(tmp_path, 12)
    samples.lst_day_c[4] = np.nan
    plain, seen = frozen_encoders(SETTINGS), []

    def counted(encoder: FrozenEncoder) -> FrozenEncoder:
        def encode(pixels: np.ndarray) -> np.ndarray:
            seen.append(len(pixels))
            return encoder.encode(pixels)

        return dataclasses.replace(encoder, encode=encode)

    encoders = HeatEncoders(counted(plain.satellite), counted(plain.street))
    rows = embedding_speed("made", samples, HOW, encoders, repeats=2)
    value = {(row.method, row.metric): row.value for row in rows}
    train = heat_split(samples, BLOCKS, 0).train
    images, learned = (image_count(s, SETTINGS.photos) for s in (samples, samples.rows(train)))
    # once to fill the cache, twice for each kind of epoch that looks at images: those that learn
    assert sum(seen) == images + 2 * 2 * learned
    assert value["cached", "images_encoded"] == images
    assert value["cached", "tracts"] == train.sum()
    assert value["cached", "tracts_metro"] == len(samples)
    assert value["cached", "max_loss_difference"] < 1e-4
    assert min(value["cached", "seconds"], value["reencoded", "seconds"]) > 0
    assert {row.metro for row in rows} == {"gridville"}


def test_a_cache_that_gives_other_rows_is_seen_in_the_losses(tmp_path):
    samples = drawn_samples(tmp_path, 12)
    encoders = frozen_encoders(SETTINGS)
    calls = []

    def drifting(pixels: np.ndarray) -> np.ndarray:
        calls.append(1)
        return encoders.satellite.encode(pixels) + np.float32(len(calls))

    changed = HeatEncoders(
        dataclasses.replace(encoders.satellite, encode=drifting), encoders.street
    )
    rows = embedding_speed("made", samples, HOW, changed)
    (difference,) = [row.value for row in rows if row.metric == "max_loss_difference"]
    assert difference > 1e-3
