"""The benchmark of the cache: same losses, less time, no image looked at in a cached epoch."""

import dataclasses

import numpy as np

from aespa_core.benchmarks.embedding_speed import embedding_speed, head_step
from aespa_core.inference.heat_embeddings import (
    FrozenEncoder,
    HeatEncoders,
    frozen_encoders,
    image_count,
)
from tests.made_images import SETTINGS, made_samples


def test_both_epochs_take_the_same_steps(tmp_path):
    samples = made_samples(tmp_path, 10)
    samples.lst_day_c[4] = np.nan
    plain, seen = frozen_encoders(SETTINGS), []

    def counted(encoder: FrozenEncoder) -> FrozenEncoder:
        def encode(pixels: np.ndarray) -> np.ndarray:
            seen.append(len(pixels))
            return encoder.encode(pixels)

        return dataclasses.replace(encoder, encode=encode)

    encoders = HeatEncoders(counted(plain.satellite), counted(plain.street))
    rows = embedding_speed("made", samples, SETTINGS, encoders, head_step(samples, plain), 4)
    value = {(row.method, row.metric): row.value for row in rows}
    labelled = samples.rows(np.isfinite(samples.lst_day_c))
    images = image_count(labelled, SETTINGS.photos)
    # once to fill the cache, once for each epoch that looks at images
    assert sum(seen) == 3 * images
    assert value["cached", "images_encoded"] == images
    assert value["cached", "max_loss_difference"] < 1e-4
    assert value["cached", "seconds"] < value["reencoded", "seconds"]
    assert {row.metro for row in rows} == {"gridville"}


def test_a_cache_that_gives_other_rows_is_seen_in_the_losses(tmp_path):
    samples = made_samples(tmp_path)
    encoders = frozen_encoders(SETTINGS)
    calls = []

    def drifting(pixels: np.ndarray) -> np.ndarray:
        calls.append(1)
        return encoders.satellite.encode(pixels) + np.float32(len(calls))

    changed = HeatEncoders(
        dataclasses.replace(encoders.satellite, encode=drifting), encoders.street
    )
    rows = embedding_speed("made", samples, SETTINGS, changed, head_step(samples, encoders))
    (difference,) = [row.value for row in rows if row.metric == "max_loss_difference"]
    assert difference > 1e-3
