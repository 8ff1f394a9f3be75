"""Intervals: the guarantee holds for new areas, the scale follows the error, few areas say inf."""

import numpy as np
import pytest

from aespa_core.inference.intervals import (
    area_weights,
    fit_intervals,
    fit_scale,
    hierarchical_quantile,
)


def areas(rng, count):
    """Areas whose errors have a shared part; their size and noise differ widely."""
    name, residual, feature = [], [], []
    for number in range(count):
        size = int(rng.integers(5, 200))
        noise = rng.uniform(0.3, 1.5)
        log_noise = np.log(noise) + rng.normal(0, 0.1)
        name += [f"a{number:03d}"] * size
        residual.append(noise * (rng.normal() * 0.5 + rng.normal(size=size)))
        feature.append(np.column_stack([np.full(size, log_noise), rng.normal(size=size)]))
    return np.array(name), np.concatenate(residual), np.concatenate(feature)


def test_coverage_of_new_areas_is_the_level():
    """Mean coverage over new areas, each counting once, over many worlds."""
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(40):
        name, residual, feature = areas(rng, 45)
        known = name < "a030"
        model = fit_intervals(residual[known], feature[known], name[known])
        inside = np.abs(residual[~known]) <= model.half_width_c(feature[~known])
        covered.append(area_weights(name[~known]) @ inside)
    # at least the level; with 30 areas at most about 31/30 of it
    assert 0.895 <= np.mean(covered) <= 0.94


def test_the_scale_follows_the_error():
    rng = np.random.default_rng(1)
    name, residual, feature = areas(rng, 60)
    scale = fit_scale(residual, feature, name)(feature)
    quiet, loud = feature[:, 0] < -0.5, feature[:, 0] > 0.2
    ratio = np.median(np.abs(residual[loud])) / np.median(np.abs(residual[quiet]))
    assert np.median(scale[loud]) / np.median(scale[quiet]) == pytest.approx(ratio, rel=0.25)


def test_quantile_of_equal_areas_of_one_is_split_conformal():
    """With one tract an area this is the usual ⌈(n + 1) level⌉-th smallest score."""
    rng = np.random.default_rng(2)
    scores = rng.exponential(size=99)
    names = np.array([f"a{i:03d}" for i in range(99)])
    assert hierarchical_quantile(scores, names, 0.9) == np.sort(scores)[89]


def test_too_few_areas_give_no_finite_interval():
    names = np.array([f"a{i}" for i in range(8)])
    assert np.isinf(hierarchical_quantile(np.arange(8.0), names, 0.9))


def test_a_large_area_weighs_no_more_than_a_small_one():
    names = np.array(["big"] * 900 + [f"s{i:02d}" for i in range(99)])
    scores = np.concatenate([np.full(900, 100.0), np.linspace(0, 1, 99)])
    assert hierarchical_quantile(scores, names, 0.9) < 1
