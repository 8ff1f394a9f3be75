"""Embeddings of a study: right rows, missing as NaN, one look at each image, one key an encoder."""

import dataclasses

import numpy as np
import pytest
import torch

from aespa_core.datasets.heat.pixels import read_pixels, standardised
from aespa_core.inference.heat_embeddings import (
    HeatEncoders,
    embed_samples,
    frozen,
    frozen_encoders,
    image_count,
)
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.street import StreetEncoder
from tests.made_images import SETTINGS, SMALL, made_samples


@pytest.fixture
def samples(tmp_path):
    return made_samples(tmp_path / "images")


@pytest.fixture(scope="module")
def encoders():
    return frozen_encoders(SETTINGS)


def test_rows_are_those_of_the_encoders_and_nan_where_no_image_is(samples, encoders, tmp_path):
    made = embed_samples(samples, SETTINGS, encoders, tmp_path / "cache")
    assert made.satellite.shape == (6, 5, 16)
    assert made.street.shape == (6, 3, 16)
    assert np.isnan(made.satellite[0]).all()
    assert np.isfinite(made.satellite[1:]).all()
    held = np.isfinite(made.street)
    assert (held.all(2) == held.any(2)).all()
    assert held.all(2).sum(1).tolist() == [0, 1, 2, 3, 0, 1]
    # one image by hand, through the network alone
    pixels = standardised(read_pixels(samples.photos[3][1], 16)[None])
    with torch.no_grad():
        alone = StreetEncoder(SMALL)(torch.from_numpy(pixels)).numpy()[0]
    np.testing.assert_allclose(made.street[3, 1], alone, atol=1e-5)


def test_every_image_is_looked_at_once_and_told_of(samples, encoders, tmp_path):
    told = []
    first = embed_samples(samples, SETTINGS, encoders, tmp_path / "cache", told.append)
    again = embed_samples(samples, SETTINGS, encoders, tmp_path / "cache", told.append)
    total = image_count(samples, SETTINGS.photos)
    assert (first.encoded, again.encoded, sum(told)) == (total, 0, 2 * total)
    np.testing.assert_array_equal(again.satellite, first.satellite)
    np.testing.assert_array_equal(again.street, first.street)
    # a tract more: its images alone
    fewer = embed_samples(samples.rows(np.arange(3)), SETTINGS, encoders, tmp_path / "other")
    more = embed_samples(samples, SETTINGS, encoders, tmp_path / "other")
    assert fewer.encoded + more.encoded == total


def test_a_study_without_images_is_all_nan(samples, encoders, tmp_path):
    made = embed_samples(samples.without_images(), SETTINGS, encoders, tmp_path / "cache")
    assert made.encoded == 0
    assert np.isnan(made.satellite).all()
    assert np.isnan(made.street).all()


def test_the_key_changes_with_all_that_an_embedding_follows_from():
    plain = SatelliteEncoder(SMALL, 2)
    other_seed = SatelliteEncoder(SMALL, 2, seed=1)
    other_heads = SatelliteEncoder(dataclasses.replace(SMALL, heads=4), 2)
    one_weight = SatelliteEncoder(SMALL, 2)
    with torch.no_grad():
        one_weight.network.layernorm.bias[3] += 1e-6
    keys = {frozen(e).key for e in (plain, other_seed, other_heads, one_weight)}
    keys |= {frozen(plain, "torch_bf16").key, frozen(StreetEncoder(SMALL)).key}
    for alpha in (8, 16):
        adapted = dataclasses.replace(SMALL, adaptation="lora", alpha=alpha)
        keys.add(frozen(SatelliteEncoder(adapted, 2)).key)
    assert len(keys) == 8
    assert frozen(SatelliteEncoder(SMALL, 2)).key == frozen(plain).key


def test_another_grid_of_the_same_weights_is_another_cache(samples, encoders, tmp_path):
    embed_samples(samples, SETTINGS, encoders, tmp_path / "cache")
    finer = HeatEncoders(frozen(SatelliteEncoder(SMALL, 4)), encoders.street)
    made = embed_samples(samples, SETTINGS, finer, tmp_path / "cache")
    assert made.satellite.shape == (6, 17, 16)
    assert made.encoded == 5
