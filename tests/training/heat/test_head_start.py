"""The line that a model starts from: a reference solver, its signs, and metros told apart."""

import numpy as np
import pytest
import torch
from scipy.optimize import nnls

from aespa_core.models.heat.heat_model import SIGNS
from aespa_core.training.heat.head_start import climate_slopes, fit_line
from aespa_core.training.heat.loop import started_model


def drawn(seed: int, noise: float = 0.0):
    rng = np.random.default_rng(seed)
    metro = np.repeat(np.arange(6), 30)
    climate = rng.normal(size=(6, 2))[metro]
    tract = rng.normal(size=(180, 2))
    proxies = rng.normal(size=(180, 5))
    y = 4 + climate @ [1.0, 0.0] + tract @ [0.5, -0.2] + proxies * np.array(SIGNS) @ [1, 2, 3, 0, 1]
    return np.hstack([climate, tract]), proxies, metro, y + noise * rng.normal(size=180)


def test_planted_slopes_are_found():
    context, proxies, metro, y = drawn(0)
    line = fit_line(context, proxies, metro, y, 6)
    assert line.proxies == pytest.approx([1, 2, 3, 0, 1], abs=0.05)
    assert line.context[2:] == pytest.approx([0.5, -0.2], abs=0.05)
    assert line.context[0] > 0.7
    assert line(context, proxies, metro) == pytest.approx(y, abs=0.15)


def test_a_slope_of_the_wrong_sign_is_zero_and_the_others_are_those_of_nnls():
    context, proxies, metro, y = drawn(1, noise=0.5)
    y = y + 6.0 * proxies[:, 0]  # vegetation warms here
    line = fit_line(context, proxies, metro, y, 6)
    assert line.proxies[0] == pytest.approx(0, abs=1e-9)
    # Lawson and Hanson's own algorithm, levels and contexts taken out first
    free = np.hstack([np.eye(6)[metro], context[:, 2:]])
    rest = np.eye(180) - free @ np.linalg.pinv(free)
    slopes, _ = nnls(rest @ (proxies * np.array(SIGNS)), rest @ y)
    assert line.proxies == pytest.approx(slopes, abs=0.05)


def test_an_unseen_metro_has_no_level_of_its_own():
    context, proxies, metro, y = drawn(2)
    line = fit_line(context, proxies, metro, y, 6)
    unknown = np.full(180, -1)
    known = line(context, proxies, metro) - line.metro[metro]
    assert line(context, proxies, unknown) == pytest.approx(known)


def test_a_climate_that_says_nothing_gets_next_to_no_slope():
    rng = np.random.default_rng(0)
    sizes = [
        np.abs(climate_slopes(rng.normal(size=(7, 4)), rng.normal(size=7))).max() for _ in range(40)
    ]
    assert np.median(sizes) < 0.25
    assert (climate_slopes(np.ones((2, 3)), np.array([1.0, 2.0])) == 0).all()


def test_a_model_begins_as_its_line(data, small):
    """Bends are small: the first estimate is the line's to a tenth of a degree."""
    torch.manual_seed(0)
    model = started_model(data, small).eval()
    train = data.inputs.rows(data.train)
    context = model.standard_context(train.context).double().numpy()
    proxies = model.standard_proxies(train.proxies).double().numpy()
    labels = data.labels.day[data.train].double().numpy()
    line = fit_line(context, proxies, train.metro.numpy(), labels, len(data.shape.metros))
    with torch.no_grad():
        day = model(train).day.numpy()
    assert np.abs(day - line(context, proxies, train.metro.numpy())).max() < 0.1
