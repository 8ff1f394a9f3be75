"""The interval covers what is drawn like its calibration; a range is what was learned from."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
import torch

from aespa_core.datasets.heat.splits import RANDOM, heat_split
from aespa_core.errors import ArtifactError
from aespa_core.inference.heat_scope import (
    AIR,
    NO_REFERENCE,
    half_width_c,
    reference_of,
    scope_in,
    scope_of,
)
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.training.heat.loop import estimated, started_model
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import training_set
from tests.made_heat import made_heat

SMALL = replace(
    TrainSettings(), model=ModelSettings(width=8, heads=2, hidden=8, mobility_hidden=4, dropout=0.0)
)


@pytest.mark.parametrize("count", [9, 19, 36, 100])
def test_the_half_width_is_the_order_statistic_of_the_formula(count):
    residual = np.random.default_rng(count).normal(size=count)
    rank = math.ceil((count + 1) * 0.9)
    assert half_width_c(residual) == sorted(np.abs(residual))[rank - 1]


def test_fewer_than_nine_tracts_give_no_interval():
    assert half_width_c(np.ones(8)) == np.inf


def test_it_covers_nine_of_ten_tracts_that_the_model_never_saw():
    """Towns of one law, drawn anew each time: intervals from 40 tracts, tried on 40 others."""
    torch.set_num_threads(1)
    covered = []
    for seed in range(12):
        made = made_heat(seed, noise_c=0.5)
        split = heat_split(made.samples, RANDOM, seed)
        proxies = made.samples.proxies
        data = training_set(made.samples, split, proxies, made.satellite, made.street)
        day = estimated(started_model(data, SMALL), data.inputs).day.double().numpy()
        residual = made.samples.lst_day_c - made.samples.reference_c - day
        half = half_width_c(residual[split.validation])
        covered.append(np.abs(residual[split.test]) <= half)
    # the standard deviation of this share is about 2 %
    assert 0.86 < np.concatenate(covered).mean() < 0.95


def test_a_range_is_that_of_training_tracts_and_survives_the_words():
    made = made_heat()
    data = training_set(made.samples, made.split, made.samples.proxies, made.satellite, made.street)
    train = data.inputs.rows(data.train)
    residual = np.random.default_rng(0).normal(size=30)
    # no training tract says how windy it is
    train.context[:, 3] = np.nan
    scope = scope_of(made.samples, train, residual, "abc")
    assert scope_in(json.loads(json.dumps(scope.words())), "file") == scope
    assert not scope.outside(train).any()
    rows = data.inputs.rows(torch.arange(3))
    middle = train.context.nanmean(0)
    rows.context[:] = torch.where(middle.isnan(), 99.0, middle)
    rows.proxies[:] = train.proxies.nanmean(0)
    assert not scope.outside(rows).any()
    # a tenth of a range more is nothing new
    wet, dark = train.context[:, 5], train.proxies[:, 4]
    rows.context[0, 5] = wet.max() + 0.09 * (wet.max() - wet.min())
    assert not scope.outside(rows).any()
    rows.context[0, 5] = wet.max() + 0.11 * (wet.max() - wet.min())
    rows.context[1, 5] = np.nan
    rows.proxies[2, 4] = dark.min() - 0.11 * (dark.max() - dark.min())
    assert scope.outside(rows).all()
    rows.proxies[2, 4] = np.nan
    assert scope.outside(rows).tolist() == [True, True, False]


def test_the_reference_is_the_airs_where_every_tract_has_it():
    samples = made_heat().samples
    assert reference_of(samples) == AIR
    samples.context.loc[3, AIR] = np.nan
    assert reference_of(samples) == NO_REFERENCE


@pytest.mark.parametrize("words", [{}, {"scope": "{"}, {"scope": "[]"}, {"scope": '{"a": 1}'}])
def test_a_checkpoint_that_does_not_say_is_refused(words):
    with pytest.raises(ArtifactError, match=r"old\.safetensors does not say what it may be asked"):
        scope_in(words, "old.safetensors")
