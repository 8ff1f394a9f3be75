"""Networks see what is planted in pixels; Tile2Vec learns near and far as published."""

import numpy as np
import pytest
import torch

from aespa_core.baselines.heat.image_training import ImageFitSettings
from aespa_core.baselines.heat.pixels import drawn_photos, mirrored, network_input, turned
from aespa_core.baselines.heat.proxy_ridge import fit_proxy_ridge
from aespa_core.baselines.heat.resnet import fit_resnet
from aespa_core.baselines.heat.tile2vec import Tile2VecSettings, fit_tile2vec, triplet_loss
from aespa_core.baselines.heat.triplets import next_tract, photo_triplets, tile_triplets
from aespa_core.baselines.heat.urbanheat_cnn import fit_urbanheat_cnn
from aespa_core.datasets.heat.splits import METRO_OUT
from tests.baselines.heat.made_heat import (
    METROS,
    brightened,
    error_on_tested,
    labelled,
    made_data,
)

SETTINGS = ImageFitSettings(
    first_epochs=3, epochs=12, patience=12, batch=16, rate=5e-3, hidden=16, dropout=0.0, bags=1
)


def bright_law(seed=0, *, tiles, photos):
    data = made_data(seed)
    share = np.random.default_rng(seed + 1).uniform(size=180)
    law = 6.0 * share + data.proxies[:, 0]
    return labelled(brightened(data, share, tiles=tiles, photos=photos), law), law


def blind_error(data, law):
    return error_on_tested(data, fit_proxy_ridge(data, 0, sizes=(0,))(data), law)


def test_the_plain_network_sees_bright_tiles():
    data, law = bright_law(tiles=True, photos=False)
    predict = fit_urbanheat_cnn(data, 0, SETTINGS, channels=(8, 8))
    assert error_on_tested(data, predict(data), law) < 0.5 * blind_error(data, law)


def test_residual_networks_see_bright_photos():
    data, law = bright_law(tiles=False, photos=True)
    predict = fit_resnet(data, 0, SETTINGS, stem=8, stages=(8, 8))
    assert error_on_tested(data, predict(data), law) < 0.5 * blind_error(data, law)


def test_tile2vec_keeps_what_differs_between_tracts():
    data, law = bright_law(tiles=True, photos=True)
    settings = Tile2VecSettings(steps=20, triplets=16, channels=(8, 8))
    predict = fit_tile2vec(data, 0, settings)
    assert error_on_tested(data, predict(data), law) < 0.5 * blind_error(data, law)


def test_a_correction_that_does_not_hold_elsewhere_is_not_made():
    data = made_data(kind=METRO_OUT, metro=METROS[2])
    sign = np.repeat([1.0, -1.0, 1.0], 60)
    # what warms one metro cools the next
    law = sign * 6 * (data.proxies[:, 0] - 0.5)
    settings = ImageFitSettings(first_epochs=60, epochs=0, bags=1)
    predict = fit_urbanheat_cnn(labelled(data, law), 0, settings, channels=(4,))
    assert predict.scale_c == pytest.approx(0.0, abs=1e-9)


def test_the_loss_is_the_published_one():
    found = torch.tensor([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]])
    # |a − n| = 5, |a − d| = 1, sizes 0, 5, 1
    assert float(triplet_loss(found, 2.0, 0.0)) == pytest.approx(6.0, abs=1e-4)
    assert float(triplet_loss(found, 2.0, 0.1)) == pytest.approx(6.6, abs=1e-4)
    assert float(triplet_loss(found[[0, 2, 1]], 2.0, 0.0)) == 0.0


def test_triplets_hold_a_near_one_and_a_far_one():
    data = made_data(side=16)
    number = np.arange(180, dtype=np.uint8)
    data.tiles[...] = number[:, None, None, None]
    data.photos[...] = number[:, None, None, None, None]
    rows = np.flatnonzero(data.split.train)
    following = next_tract(data, rows)
    assert (data.samples.metro[rows] == data.samples.metro[following]).all()
    assert (rows != following).all()
    rng = np.random.default_rng(0)
    anchor, near, far = np.split(tile_triplets(data, rows, following, 50, 8, rng)[:, 0, 0, 0], 3)
    beside = dict(zip(rows, following, strict=True))
    assert all(n in (a, beside[a]) for a, n in zip(anchor, near, strict=True))
    assert (anchor != far).all()
    assert np.isin(far, rows).all()
    anchor, near, far = np.split(photo_triplets(data, rows, 50, rng)[:, 0, 0, 0], 3)
    assert (anchor == near).all()
    assert (anchor != far).all()


def test_augmentation_moves_pixels_and_changes_none():
    draw = torch.Generator().manual_seed(0)
    tiles = torch.rand(64, 3, 6, 6)
    moved = turned(tiles, draw)
    assert torch.equal(moved.flatten(2).sort().values, tiles.flatten(2).sort().values)
    assert (moved != tiles).flatten(1).any(1).float().mean() > 0.7
    photos = torch.rand(64, 3, 4, 6)
    swapped = mirrored(photos, draw)
    same = (swapped == photos).flatten(1).all(1)
    assert torch.equal(swapped[~same], photos[~same].flip(3))
    assert 16 < int(same.sum()) < 48


def test_pixels_become_centred_channels_and_only_real_photos_are_drawn():
    white = network_input(np.full((1, 2, 4, 3), 255, np.uint8))
    assert white.shape == (1, 3, 2, 4)
    assert float(white.mean()) == pytest.approx(2.2)
    there = np.array([[True, False, True], [False, False, False], [True, True, True]])
    pairs = drawn_photos(there, 2, np.random.default_rng(0))
    assert np.bincount(pairs[:, 0], minlength=3).tolist() == [2, 0, 2]
    assert there[pairs[:, 0], pairs[:, 1]].all()
