"""Parts of the tract model: they meet the estimates, and own and neighbours' parts add up."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aespa_core.analysis.response import from_rows
from aespa_core.attribution import tract_attribution, tract_parts
from aespa_core.attribution.response_rows import response_rows
from aespa_core.attribution.tract_attribution import explain_metro
from aespa_core.attribution.tract_response import tract_curves, tract_ground
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.errors import StudyError
from aespa_core.inference.metro_estimates import metro_estimates
from aespa_core.inference.metro_model import MetroModel
from aespa_core.inference.tract_estimate import estimate_tracts, median_proxies
from aespa_core.models.tract_model import raw_inputs
from aespa_core.schema import PROXIES
from aespa_core.studies.run_tables import ATTRIBUTIONS, BASE
from tests.made_tract_model import FULL_METRO, MEMBERS, model_of_chance, town_features

ORIGIN = Path("made")


@pytest.fixture(scope="module")
def features(nation):
    return town_features(nation)


@pytest.fixture(scope="module")
def model(features):
    return model_of_chance(features)


@pytest.fixture(scope="module")
def estimates(nation, model, features):
    return metro_estimates(
        MetroModel(model, {}, {}), nation, FULL_METRO[0], features.geoid.tolist()
    )


def moved(features, own: np.ndarray, near: np.ndarray):
    """Put own and neighbouring proxies where these (B, K, 1 + S) have them."""
    anomaly = np.concatenate([own[:, :, :1], near[:, :, 1:]], 2)
    return replace(features, proxies=features.proxy_mean + anomaly)


def test_parts_are_those_of_the_estimates(model, features):
    parts, estimate = tract_parts.tract_parts(model, features), estimate_tracts(model, features)
    assert parts.base_c.shape == (MEMBERS, 64)
    np.testing.assert_allclose(parts.anomaly_c, estimate.anomaly_c, atol=1e-9)
    np.testing.assert_allclose(parts.base_c.mean(0), estimate.base_c, atol=1e-9)
    np.testing.assert_allclose(parts.contribution_c.mean(0), estimate.contribution_c, atol=1e-9)


def test_own_parts_are_what_is_left_without_the_neighbours(model, features):
    """The ablation: with all neighbours at their medians a contribution is its own part."""
    parts = tract_parts.tract_parts(model, features)
    anomaly = raw_inputs(features).anomaly
    alone = estimate_tracts(model, moved(features, anomaly, median_proxies(anomaly)))
    np.testing.assert_allclose(parts.own_c.mean(0), alone.contribution_c, atol=2e-6)


def test_own_and_neighbours_parts_add_up(model, features):
    parts = tract_parts.tract_parts(model, features)
    anomaly = raw_inputs(features).anomaly
    here, near_median = (
        model(model.standardise(raw_inputs(f)).for_members(MEMBERS)).contribution.detach().numpy()
        for f in (features, moved(features, anomaly, median_proxies(anomaly)))
    )
    neighbours = here - near_median
    np.testing.assert_allclose(parts.own_c + neighbours, parts.contribution_c, atol=2e-6)
    # neither part is nothing
    assert np.abs(neighbours).max(axis=(0, 1)).min() > 0.05
    assert np.nanmax(np.abs(parts.own_c), axis=(0, 1)).min() > 0.05


def test_own_parts_lie_on_the_curves(model, features):
    """Walking the table's curve from the median to the tract's value gives its own part."""
    parts = tract_parts.tract_parts(model, features)
    anomaly = raw_inputs(features).anomaly
    median = median_proxies(anomaly)
    start = moved(features, median, median)
    curves = from_rows(response_rows(tract_ground(model, start), tract_curves(model, start)))
    ids = [proxy.id for proxy in PROXIES]
    for k, name in enumerate(LEARNED):
        change = np.zeros((64, len(PROXIES)))
        change[:, ids.index(name)] = (anomaly - median)[:, k, 0]
        np.testing.assert_allclose(curves.effect_c(change), parts.own_c[:, :, k], atol=2e-5)


def test_rows_are_as_declared_and_meet_the_estimates(nation, model, estimates):
    explained = explain_metro(model, nation, estimates, ORIGIN)
    rows = explained.tables["attributions"]
    ATTRIBUTIONS.validate(rows)
    assert explained.largest_gap_c <= 1e-6
    total = rows.groupby("geoid")["effect_c"].sum()
    said = estimates.set_index("geoid")["anomaly_c"]
    assert (total - said).abs().max() < 1e-4
    assert set(rows["part"]) == {BASE, *LEARNED}
    assert (rows["low90_c"] < rows["effect_c"]).mean() > 0.9
    assert (rows["low90_c"] <= rows["effect_c"]).all()
    assert (rows["high90_c"] >= rows["effect_c"]).all()


def shifted_reference(anomaly):
    """Refer to the area's mean instead of its median."""
    return np.where(np.isfinite(anomaly), 0.0, np.nan)


def without_canopy(model, features):
    parts = MADE(model, features)
    contribution = parts.contribution_c.copy()
    contribution[:, :, 1] = np.nan
    return replace(parts, contribution_c=contribution)


def one_member(model, features):
    parts = MADE(model, features)
    return tract_parts.TractParts(parts.base_c[:1], parts.contribution_c[:1], parts.own_c[:1])


MADE = tract_parts.tract_parts


@pytest.mark.parametrize(
    ("room", "name", "broken"),
    [
        (tract_parts, "median_proxies", shifted_reference),
        (tract_attribution, "tract_parts", without_canopy),
        (tract_attribution, "tract_parts", one_member),
    ],
)
def test_a_broken_construction_is_refused(
    nation, model, estimates, monkeypatch, room, name, broken
):
    monkeypatch.setattr(room, name, broken)
    with pytest.raises(StudyError, match="were not made by this model from this data"):
        explain_metro(model, nation, estimates, ORIGIN)
