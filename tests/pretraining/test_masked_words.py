"""The objective against its formula in numpy, and its parts against counting by hand."""

import numpy as np
import pytest
import torch

from aespa_core.errors import ConfigError
from aespa_core.pretraining.color_words import coarse_colors, learn_words, word_shares
from aespa_core.pretraining.masked_words import (
    IMAGE_FLOOR,
    PATCH_FLOOR,
    WordEstimates,
    WordPredictor,
    masked_words_loss,
    word_scale,
)
from aespa_core.pretraining.views import mirrored, standardised, turned
from aespa_core.pretraining.visible_patches import drawn_patches
from tests.pretraining.made_ground import made_ground

N, P, K, V = 6, 9, 5, 4


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).random(shape)).float()


def test_the_loss_is_its_formula():
    shares = drawn(N, P, K) / K
    visible = drawn_patches(N, P, V, torch.Generator().manual_seed(1))
    told = WordEstimates(drawn(N, P, K, seed=1), drawn(N, V, K, seed=2), drawn(N, K, seed=3))
    h = shares.numpy().astype(float)
    flat, whole = h.reshape(-1, K), h.mean(1)
    patch = (h - flat.mean(0)) / (flat.std(0, ddof=1) + PATCH_FLOOR)
    image = (whole - whole.mean(0)) / (whole.std(0, ddof=1) + IMAGE_FLOOR)
    hidden, seen = [], []
    for n in range(N):
        shown = list(visible[n])
        hidden += [(told.everywhere[n, p].numpy() - patch[n, p]) ** 2 for p in range(P)
                   if p not in shown]  # fmt: skip
        seen += [(told.seen[n, v].numpy() - patch[n, p]) ** 2 for v, p in enumerate(shown)]
    expected = np.mean(hidden) + np.mean(seen) + np.mean((told.whole.numpy() - image) ** 2)
    loss = masked_words_loss(told, shares, visible, word_scale(shares))
    assert loss.item() == pytest.approx(expected, rel=1e-5)


def test_the_decoder_puts_each_token_at_its_patch():
    """A patch's estimate changes most with its own token; a hidden one has none to change with."""
    torch.manual_seed(0)
    predictor = WordPredictor(8, P, K, 16)
    predictor.mix = torch.nn.Identity()  # type: ignore[assignment]
    visible = torch.tensor([[1, 4, 6, 7]])
    tokens = torch.randn(1, 1 + V, 8)
    moved = tokens.clone()
    moved[0, 1 + 2] += torch.randn(8)  # the third shown patch is number 6
    change = predictor(moved, visible).everywhere - predictor(tokens, visible).everywhere
    assert change.abs().sum((0, 2)).nonzero().flatten().tolist() == [6]


def test_shares_of_words_are_counted():
    images = torch.from_numpy(made_ground(3, 0).tiles)
    words = learn_words(images, 4, 0)
    shares = word_shares(images, words, 4)
    assert shares.shape == (3, 16, 4)
    assert torch.allclose(shares.sum(-1), torch.ones(3, 16))
    corner = (images[1, 4:8, 8:12].reshape(-1, 3) // 8 * 8 + 3.5).numpy()  # row 1, column 2 of 4
    near = ((corner[:, None] - words.colors.numpy()) ** 2).sum(-1).argmin(1)
    assert np.allclose(shares[1, 6], np.bincount(near, minlength=4) / 16)


def test_words_are_the_colours_that_are_there():
    paint = np.array([[250, 250, 250], [20, 60, 20], [120, 80, 60]], np.uint8)
    images = paint[np.random.default_rng(0).integers(0, 3, (4, 8, 8))]
    words = learn_words(torch.from_numpy(images), 3, 0)
    assert {tuple(np.round(c).astype(int)) for c in words.colors.numpy()} == set(map(tuple, paint))
    with pytest.raises(ConfigError, match=r"show 3 colours, too few for words = 4"):
        learn_words(torch.from_numpy(images), 4, 0)


def test_every_coarse_colour_has_its_nearest_word():
    middle = coarse_colors().numpy()
    assert middle[(3 * 32 + 1) * 32 + 31].tolist() == [27.5, 11.5, 251.5]
    words = learn_words(torch.from_numpy(made_ground(3, 0).tiles), 4, 0)
    distance = ((middle[:, None] - words.colors.numpy()) ** 2).sum(-1)
    chosen = np.take_along_axis(distance, words.word.numpy()[:, None], 1)[:, 0]
    assert np.allclose(chosen, distance.min(1), rtol=1e-4)


def test_drawn_patches_are_distinct_and_ascending():
    visible = drawn_patches(50, P, V, torch.Generator().manual_seed(0))
    assert (visible[:, 1:] > visible[:, :-1]).all()
    assert np.ptp(np.bincount(visible.flatten(), minlength=P)) < 30


@pytest.mark.parametrize("view", [mirrored, turned])
def test_a_view_moves_pixels_and_changes_none(view):
    images = torch.from_numpy(made_ground(64, 1).tiles)
    seen = view(images, torch.Generator().manual_seed(0))
    assert not torch.equal(seen, images)
    for before, after in zip(images, seen, strict=True):
        turns = range(4) if view is turned else (0,)
        known = [m.rot90(k, (0, 1)) for m in (before, before.flip(1)) for k in turns]
        assert any(torch.equal(after, k) for k in known)
    again = view(images, torch.Generator().manual_seed(0))
    assert torch.equal(seen, again)


def test_standardised_channels():
    white = torch.full((1, 2, 2, 3), 255, dtype=torch.uint8)
    assert standardised(white)[0, :, 1, 1].tolist() == pytest.approx(
        [(1 - m) / s for m, s in ((0.485, 0.229), (0.456, 0.224), (0.406, 0.225))], rel=1e-5
    )
