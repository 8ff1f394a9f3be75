"""The estimator finds a law it was given, and the tile counts within its tract only."""

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box
from sklearn.linear_model import Ridge

from aespa_core.datasets.proxies.image_estimator import fit_image_estimator, ridge
from aespa_core.datasets.proxies.satellite_proxies import satellite_proxies
from aespa_core.datasets.proxies.study_images import image_table, images_of, inside_of
from aespa_core.schema import PROXY_IDS
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.study import build_world


def made(rows, noise, seed=0):
    rng = np.random.default_rng(seed)
    numbers = pd.DataFrame(rng.normal(size=(rows, 6)), columns=list("abcdef"))
    numbers["constant"] = 1.0
    law = rng.normal(0, 0.03, (6, 5))
    truth = pd.DataFrame(0.4 + numbers[list("abcdef")].to_numpy() @ law, columns=list(PROXY_IDS))
    return numbers, truth + noise * rng.normal(size=truth.shape), np.arange(rows) % 3


def test_a_linear_law_is_found_on_new_rows():
    numbers, truth, metro = made(600, 0.01)
    keep = np.arange(600) < 400
    estimator = fit_image_estimator(numbers[keep], truth[keep], metro[keep])
    found = estimator(numbers[~keep])
    assert "constant" not in estimator.columns
    for name in PROXY_IDS:
        assert np.corrcoef(found[name], truth[name][~keep])[0, 1] > 0.95


def test_noise_chooses_a_stronger_penalty():
    clear = fit_image_estimator(*made(90, 0.005)).penalty
    noisy = fit_image_estimator(*made(90, 0.5)).penalty
    assert noisy.mean() > clear.mean()


def test_estimates_stay_in_range_and_missing_numbers_are_the_mean():
    numbers, truth, metro = made(200, 0.01)
    estimator = fit_image_estimator(numbers, truth, metro)
    wild = numbers.copy()
    wild["a"] = 1e6
    assert estimator(wild)["canopy"].between(0, 1).all()
    gone = numbers.assign(**dict.fromkeys(estimator.columns, np.nan))
    assert estimator(gone)["canopy"].to_numpy() == pytest.approx(estimator.mean[1])


def test_ridge_agrees_with_scikit_learn():
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(40, 7)), rng.normal(size=(40, 2))
    mean, weights = ridge(x, y, np.array([3.0, 3.0]))
    reference = Ridge(alpha=3.0).fit(x, y)
    assert pytest.approx(reference.coef_) == weights.T
    assert mean == pytest.approx(reference.intercept_)


def test_only_what_lies_in_the_tract_counts():
    rgb = np.zeros((64, 64, 3), np.uint8)
    rgb[:, :32], rgb[:, 32:] = (60, 110, 50), (120, 120, 122)
    inside = inside_of(box(0.0, 0.0, 0.5, 1.0), (0.0, 0.0, 1.0, 1.0), (64, 64))
    assert inside.mean() == 0.5
    assert satellite_proxies(rgb, inside=~inside).impervious == pytest.approx(1.0, abs=0.1)
    assert satellite_proxies(rgb, inside=inside).impervious < 0.1


def test_the_table_has_a_row_a_tract_and_follows_the_truth(tmp_path):
    settings = TwinSettings(metros=("boston",), size_px=512, tracts=(10, 12), photos=2)
    study = build_world(settings, tmp_path / "twin")
    table = image_table(images_of(study, "boston"))
    truth = study.read("proxies").set_index("geoid").loc[table.index]
    assert len(table) == len(study.read("tracts"))
    for name in ("ndvi", "canopy", "impervious"):
        assert np.corrcoef(table[f"satellite_mended_{name}"], truth[name])[0, 1] > 0.8, name
    assert table.filter(like="street_share").notna().all().all()
