"""Means, neighbours, ridge and trees find the law that is theirs to find."""

import numpy as np
import pytest

from aespa_core.baselines.heat.columns import fit_columns
from aespa_core.baselines.heat.metro_mean import fit_metro_mean
from aespa_core.baselines.heat.nearest_tract import fit_nearest_tract
from aespa_core.baselines.heat.proxy_boosting import BoostingSettings, fit_proxy_boosting
from aespa_core.baselines.heat.proxy_ridge import fit_proxy_ridge
from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.splits import METRO_OUT, RANDOM
from tests.baselines.heat.made_heat import METROS, error_on_tested, labelled, made_data

SLOPES = np.array([-4.0, -2.0, 3.0, -5.0, -1.0])


def test_a_tract_is_the_mean_of_its_metros_training_tracts():
    data = made_data()
    law = np.random.default_rng(1).normal(size=180)
    estimate = fit_metro_mean(labelled(data, law), 0)(data)
    for metro in METROS:
        own = data.samples.metro == metro
        assert estimate[own] == pytest.approx(law[own & data.split.train].mean())


def test_an_unseen_metro_is_the_mean_of_the_metros():
    data = made_data(kind=METRO_OUT, metro=METROS[2])
    law = np.repeat([1.0, 3.0, 50.0], 60)
    for fit in (fit_metro_mean, fit_nearest_tract):
        estimate = fit(labelled(data, law), 0)(data)
        assert estimate[data.split.test] == pytest.approx(2.0)


def test_neighbours_reproduce_a_smooth_field_and_know_no_other_metro():
    data = made_data(kind=RANDOM)
    east, north = data.samples.place_km.T
    offset = np.repeat([0.0, 40.0, -40.0], 60)
    law = 2 * np.sin(east / 2) + north / 2 + offset
    estimate = fit_nearest_tract(labelled(data, law), 0)(data)
    assert error_on_tested(data, estimate, law) < 0.45
    assert error_on_tested(data, fit_metro_mean(labelled(data, law), 0)(data), law) > 1.0


def test_noise_is_averaged_over_more_neighbours():
    data = made_data(kind=RANDOM)
    noise = np.random.default_rng(2).normal(size=180)
    few = fit_nearest_tract(labelled(data, noise), 0, neighbours=(1,))(data)
    chosen = fit_nearest_tract(labelled(data, noise), 0)(data)
    assert error_on_tested(data, chosen, noise) < 0.85 * error_on_tested(data, few, noise)


def test_ridge_recovers_planted_slopes():
    data = made_data()
    law = data.proxies @ SLOPES + np.random.default_rng(3).normal(0, 0.02, 180)
    predict = fit_proxy_ridge(labelled(data, law), 0)
    for at, slope in enumerate(SLOPES):
        step = np.zeros(5)
        step[at] = 0.1
        moved = predict(data.with_proxies(data.proxies + step)) - predict(data)
        assert moved == pytest.approx(0.1 * slope, abs=0.01)


def test_ridge_takes_embeddings_where_they_help_and_only_there():
    data = made_data()
    shared = np.random.default_rng(4).normal(size=180).astype(np.float32)
    data.satellite[...] += 5 * shared[:, None, None]
    law = data.proxies @ SLOPES
    told = labelled(data, law + 2 * shared)
    with_embeddings, without = (fit_proxy_ridge(told, 0, sizes=sizes) for sizes in ((0, 2), (0,)))
    assert with_embeddings.size == 2
    found, blind = (
        error_on_tested(data, fit(told), law + 2 * shared) for fit in (with_embeddings, without)
    )
    assert found < 0.3 * blind


def test_an_unseen_metros_penalty_is_chosen_by_leaving_metros_out():
    """An offset that nothing tells is an error of every setting, and must not hide the slopes."""
    data = made_data(kind=METRO_OUT, metro=METROS[2])
    offset = np.repeat([-30.0, 30.0, 0.0], 60)
    law = data.proxies @ SLOPES + offset
    predict = fit_proxy_ridge(labelled(data, law), 0)
    centred = predict(data) - law
    own = data.samples.metro == METROS[2]
    assert np.abs(centred[own] - centred[own].mean()).mean() < 0.2


def test_trees_find_a_step_that_no_line_follows():
    data = made_data()
    law = data.proxies @ SLOPES + 4.0 * (np.abs(data.proxies[:, 0] - 0.5) < 0.25)
    told = labelled(data, law)
    grid = (BoostingSettings(linear=False), BoostingSettings())
    trees = error_on_tested(data, fit_proxy_boosting(told, 0, grid, 1)(told), law)
    line = error_on_tested(data, fit_proxy_ridge(told, 0)(told), law)
    assert trees < 0.6 * line


def test_columns_are_standard_on_training_tracts_and_say_what_is_missing():
    data = made_data()
    data.proxies[::7, 2] = np.nan
    columns = fit_columns(data)
    values = columns(data)
    count = len(CONTEXT)
    known = np.isfinite(data.proxies).all(axis=1) & data.split.train
    proxies = values[data.split.train][:, count : count + 5]
    assert proxies.mean(axis=0) == pytest.approx(0.0, abs=1e-9)
    assert proxies[known[data.split.train]][:, 2].std() == pytest.approx(1.0, abs=0.02)
    flag = values[:, count + 5]
    np.testing.assert_array_equal(flag, np.isnan(data.proxies[:, 2]))
    np.testing.assert_array_equal(values[:, count + 6 :].argmax(axis=1), np.repeat([0, 1, 2], 60))
