"""What labels do not tell apart is shared out between the proxies, and only that."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from aespa_core.models.heat.heat_model import SIGNS
from aespa_core.training.heat.head_start import fit_line
from aespa_core.training.heat.loop import fit_heat_model, started_model
from aespa_core.training.heat.losses import sharing_loss
from aespa_core.training.heat.settings import TrainSettings, experiment


def test_equal_slopes_cost_nothing_and_others_their_spread():
    known = torch.ones(2, 3)
    assert sharing_loss(torch.full((2, 3), 0.7), known) == 0
    slopes = torch.tensor([[0.0, 1.0, 2.0], [1.0, 1.0, 1.0]])
    assert sharing_loss(slopes, known).item() == pytest.approx((1 + 0 + 1) / 2)


def test_a_proxy_that_is_not_known_has_no_say():
    slopes = torch.tensor([[9.0, 1.0, 3.0]])
    seen = torch.tensor([[0.0, 1.0, 1.0]])
    assert sharing_loss(slopes, seen).item() == pytest.approx(2.0)
    assert sharing_loss(slopes, torch.zeros(1, 3)) == 0


@pytest.mark.parametrize(
    ("together", "expected"), [(0.999, [0.4] * 5), (0.0, [2.0, 0.0, 0.0, 0.0, 0.0])]
)
def test_the_line_shares_what_goes_together_and_leaves_what_does_not(together, expected):
    """Only the first of five proxies acts, by 2 °C a deviation."""
    rng = np.random.default_rng(0)
    metro, first = np.repeat(np.arange(4), 200), rng.normal(size=(800, 1))
    alike = together * first + np.sqrt(1 - together**2) * rng.normal(size=(800, 4))
    acting = np.hstack([first, alike])
    y = 2.0 * first[:, 0] + 0.1 * rng.normal(size=800)
    line = fit_line(np.zeros((800, 1)), acting * np.array(SIGNS), metro, y, 4, share=0.1)
    assert line.proxies == pytest.approx(expected, abs=0.2)


def test_slopes_are_what_the_curves_do(data, small):
    torch.manual_seed(0)
    model = started_model(data, small).eval()
    inputs, step = data.inputs, 0.5
    with torch.no_grad():
        slopes = model.day_slopes(inputs)
        for k, sign in enumerate(SIGNS):
            deviation = float(model.proxy_scale[k])
            moved = [
                model(inputs.with_proxies(moved_by(inputs, k, way * step * deviation))).day
                for way in (1, -1)
            ]
            assert torch.allclose(slopes[:, k], sign * (moved[0] - moved[1]), atol=1e-4)
    assert (slopes >= 0).all()


def moved_by(inputs, k: int, change: float) -> np.ndarray:
    proxies = inputs.proxies.double().numpy().copy()
    proxies[:, k] += change
    return proxies


def test_training_brings_the_slopes_together(data, small):
    """The made towns' proxies act unlike; held alike, what is learned is more so."""

    def spread(share: float) -> float:
        settings = replace(small, weights=replace(small.weights, share=share))
        model = fit_heat_model(data, settings, seed=0).model.eval()
        with torch.no_grad():
            slopes = model.day_slopes(data.inputs)
        return float(slopes.std(1).mean())

    assert spread(3.0) < 0.7 * spread(0.0)


def test_the_explained_experiment_is_the_small_one_with_sharing():
    explained, small = experiment("twin_explained"), experiment("twin_small")
    assert explained.weights.share > 0
    assert replace(explained, weights=small.weights) == small
    assert TrainSettings().weights.share == 0
