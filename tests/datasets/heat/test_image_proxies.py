"""No tract's proxies come from an estimator that learned on it; what images do not tell is NaN."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets.heat.folds import blocks_of, training_folds
from aespa_core.datasets.heat.image_proxies import image_proxies
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT, RANDOM, heat_split
from tests.baselines.heat.made_heat import METROS, made_data

SAMPLES = made_data().samples


def planted(seed=0):
    """Numbers of images, and proxies that follow them: 180 tracts in three metros."""
    rng = np.random.default_rng(seed)
    numbers = pd.DataFrame(rng.normal(size=(180, 6)), index=SAMPLES.geoid).add_prefix("tile_")
    proxies = 0.4 + numbers.to_numpy() @ rng.normal(0, 0.04, (6, 5))
    return numbers, replace(SAMPLES, proxies=proxies + rng.normal(0, 0.005, (180, 5)))


@pytest.mark.parametrize("kind", [BLOCKS, RANDOM, METRO_OUT])
def test_the_law_is_found_on_every_side(kind):
    numbers, samples = planted()
    split = heat_split(samples, kind, 0, METROS[0])
    found = image_proxies(numbers, samples, split)
    for side in (split.train, split.validation, split.test):
        assert np.abs(found - samples.proxies)[side].mean() < 0.01


@pytest.mark.parametrize("kind", [BLOCKS, RANDOM, METRO_OUT])
def test_a_training_tract_is_read_without_its_fold_and_a_tested_one_by_all(kind):
    numbers, samples = planted()
    split = heat_split(samples, kind, 0, METROS[0])
    fold = training_folds(samples, split)
    mine = fold == fold[split.train][0]
    wild = replace(samples, proxies=np.where(mine[:, None], 0.9, samples.proxies))
    before, after = (image_proxies(numbers, s, split) for s in (samples, wild))
    np.testing.assert_array_equal(before[mine], after[mine])
    assert (before[split.test] != after[split.test]).all()
    apart = split.test | split.validation
    told = replace(samples, proxies=np.where(apart[:, None], 0.9, samples.proxies))
    np.testing.assert_array_equal(before, image_proxies(numbers, told, split))


def test_folds_hold_whole_blocks_or_whole_metros():
    for kind, group in ((BLOCKS, blocks_of(SAMPLES)), (METRO_OUT, SAMPLES.metro)):
        split = heat_split(SAMPLES, kind, 0, METROS[0])
        fold = training_folds(SAMPLES, split)
        assert (fold >= 0).tolist() == split.train.tolist()
        for name in np.unique(group[split.train]):
            assert len(np.unique(fold[split.train & (group == name)])) == 1
        assert len(np.unique(fold[split.train])) == (5 if kind == BLOCKS else 2)


def test_what_images_do_not_tell_and_nobody_measured_is_missing():
    numbers, samples = planted()
    split = heat_split(samples, BLOCKS, 0)
    blind = np.arange(180) % 10 == 0
    numbers[blind] = np.nan
    measured = samples.proxies.copy()
    measured[:, 3] = np.nan
    measured[split.train & (np.arange(180) % 3 == 0), 1] = np.nan
    found = image_proxies(numbers, replace(samples, proxies=measured), split)
    assert np.isnan(found[blind]).all()
    assert np.isnan(found[:, 3]).all()
    assert np.isfinite(found[~blind][:, [0, 1, 2, 4]]).all()
    assert np.abs(found[~blind, 1] - samples.proxies[~blind, 1]).mean() < 0.01


def test_a_study_without_images_has_no_proxies_of_images():
    none = pd.DataFrame(index=SAMPLES.geoid)
    split = heat_split(SAMPLES, BLOCKS, 0)
    assert np.isnan(image_proxies(none, SAMPLES, split)).all()
