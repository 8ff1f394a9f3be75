"""What holds for every baseline: no peeking, same seed same result, unseen metros, lost images."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from aespa_core.baselines.heat.image_training import ImageFitSettings
from aespa_core.baselines.heat.metro_mean import fit_metro_mean
from aespa_core.baselines.heat.nearest_tract import fit_nearest_tract
from aespa_core.baselines.heat.proxy_boosting import BoostingSettings, fit_proxy_boosting
from aespa_core.baselines.heat.proxy_ridge import fit_proxy_ridge
from aespa_core.baselines.heat.registry import REGISTRY
from aespa_core.baselines.heat.resnet import fit_resnet
from aespa_core.baselines.heat.tile2vec import Tile2VecSettings, fit_tile2vec
from aespa_core.baselines.heat.urbanheat_cnn import fit_urbanheat_cnn
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT
from aespa_core.errors import ConfigError
from tests.baselines.heat.made_heat import METROS, labelled, made_data, without_images

SHORT = ImageFitSettings(first_epochs=2, epochs=1, batch=64, hidden=8, bags=1)
TREES = (BoostingSettings(trees=5), BoostingSettings(trees=5, linear=False))
QUICK = {
    "metro_mean": fit_metro_mean,
    "nearest_tract": fit_nearest_tract,
    "proxy_ridge": partial(fit_proxy_ridge, penalties=(1.0, 10.0), sizes=(0, 2)),
    "proxy_boosting": partial(fit_proxy_boosting, grid=TREES, bags=1),
    "resnet": partial(fit_resnet, settings=SHORT, stem=4, stages=(4, 8)),
    "tile2vec": partial(fit_tile2vec, settings=Tile2VecSettings(2, 8, channels=(4, 8))),
    "urbanheat_cnn": partial(fit_urbanheat_cnn, settings=SHORT, channels=(4, 8)),
}
LOOKING = ("resnet", "tile2vec", "urbanheat_cnn")
each = pytest.mark.parametrize("method", QUICK)


def planted(seed=0, kind=BLOCKS, metro="all", tested=np.nan):
    data = made_data(seed, kind=kind, metro=metro)
    law = 3 * data.proxies[:, 0] + np.random.default_rng(seed).normal(0, 0.3, len(data.proxies))
    return labelled(data, law, tested)


def test_the_registry_holds_every_baseline():
    assert set(REGISTRY) == set(QUICK)
    assert all(name == method.id for name, method in REGISTRY.items())


@each
@pytest.mark.parametrize(("kind", "metro"), [(BLOCKS, "all"), (METRO_OUT, METROS[1])])
def test_labels_of_tested_tracts_change_nothing(method, kind, metro):
    hidden = planted(kind=kind, metro=metro)
    wild = planted(kind=kind, metro=metro, tested=np.random.default_rng(9).normal(0, 50, 180))
    first, second = QUICK[method](hidden, 0)(hidden), QUICK[method](wild, 0)(wild)
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("method", sorted(set(QUICK) - {"resnet", "urbanheat_cnn"}))
def test_validation_labels_choose_settings_and_do_nothing_else(method, monkeypatch):
    """Networks stop by them too; of all others the choice is taken away, and nothing may differ."""
    for place in ("nearest_tract", "proxy_ridge", "proxy_boosting"):
        choice = f"aespa_core.baselines.heat.{place}.errors_apart"
        monkeypatch.setattr(choice, lambda data, fit, seed: np.zeros(1))
    data = planted()
    wild = np.where(data.split.validation, 99.0, data.samples.lst_day_c)
    shouted = replace(data, samples=replace(data.samples, lst_day_c=wild))
    first, second = QUICK[method](data, 0)(data), QUICK[method](shouted, 0)(data)
    np.testing.assert_array_equal(first, second)


@each
def test_the_same_seed_gives_the_same_estimates(method):
    data = planted(1)
    np.testing.assert_array_equal(QUICK[method](data, 5)(data), QUICK[method](data, 5)(data))


@each
def test_a_study_without_images_is_refused_or_estimated_from_context(method):
    data = without_images(planted())
    if method in LOOKING:
        with pytest.raises(ConfigError, match=f"{method} learns from images"):
            QUICK[method](data, 0)
    else:
        assert np.isfinite(QUICK[method](data, 0)(data)).all()


@each
def test_a_lost_tile_photo_proxy_or_column_is_no_number(method):
    data = planted(2)
    rng = np.random.default_rng(3)
    lost = rng.random(180) < 0.3
    context = data.samples.context.copy()
    context.loc[rng.random(180) < 0.2, "water_share"] = np.nan
    context["wind_m_s"] = np.nan
    gone = replace(
        data,
        samples=replace(data.samples, context=context),
        proxies=np.where(lost[:, None], np.nan, data.proxies),
        satellite=np.where(lost[:, None, None], np.float32(np.nan), data.satellite),
        street=np.where(lost[:, None, None], np.float32(np.nan), data.street),
        has_tile=~lost,
        has_photo=rng.random((180, 2)) < 0.6,
    )
    assert np.isfinite(QUICK[method](gone, 0)(gone)).all()


@pytest.mark.parametrize("method", LOOKING)
def test_an_image_looked_at_once_tells_the_same_as_looked_at_anew(method):
    data = planted()
    predict = QUICK[method](data, 0)
    moved = data.with_proxies(data.proxies[::-1])
    anew = replace(moved, tiles=data.tiles.copy(), photos=data.photos.copy())
    np.testing.assert_allclose(predict(moved), predict(anew), atol=1e-5)
    assert np.abs(predict(moved) - predict(data)).max() > 0.01
