"""The proof of explanations: known answers scored, methods on a known law, and all of it once."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.benchmarks import attribution, heat_world
from aespa_core.benchmarks.attribution import trend_rows, with_shuffled_proxies
from aespa_core.benchmarks.attribution_methods import (
    EXPLAIN,
    OURS,
    by_aespa,
    by_integrated_gradients,
    by_ols,
    by_shap,
    by_signed_proxy,
    unit_effects,
)
from aespa_core.benchmarks.attribution_truth import Explained, Truth, attribution_rows
from aespa_core.benchmarks.heat_methods import Family
from aespa_core.datasets.heat.splits import METRO_OUT, heat_split
from aespa_core.inference.heat_estimates import at_median
from aespa_core.schema import PROXIES, PROXY_IDS
from tests.made_heat import EFFECTS_C, METROS, made_heat

MADE = made_heat()
OUT = METROS[-1]
SIGNS = np.array([proxy.sign for proxy in PROXIES])


@pytest.fixture(scope="module")
def data() -> HeatData:
    """Leave the last of the made towns out."""
    split = heat_split(MADE.samples, METRO_OUT, 0, OUT)
    count = len(MADE.samples)
    return HeatData(
        samples=MADE.samples.hiding_labels(~(split.train | split.validation)),
        split=split,
        proxies=MADE.samples.proxies,
        satellite=MADE.satellite,
        street=MADE.street,
        tiles=np.zeros((count, 0)),
        photos=np.zeros((count, 0)),
        has_tile=np.ones(count, bool),
        has_photo=np.ones((count, 4), bool),
    )


@pytest.fixture(scope="module")
def family(data) -> Family:
    """Networks of the benchmark, one member each."""
    return Family(data, 0, "tables_only")


def truth(seed: int = 0, count: int = 60) -> Truth:
    rng = np.random.default_rng(seed)
    per_unit = rng.normal(size=(count, 5)) + 3.0
    away = rng.normal(size=(count, 5))
    return Truth(per_unit, np.full((count, 5), 0.2), per_unit * away)


def scores(said: Explained, true: Truth) -> dict[str, float]:
    return {row.metric: row.value for row in attribution_rows("s", "m", "all", 0, true, said)}


def test_the_truth_has_no_error():
    true = truth()
    found = scores(Explained(true.contribution_c, true.per_unit_c), true)
    assert found["mae"] == found["mae_unit_canopy"] == 0
    assert found["calibration_slope"] == pytest.approx(1)
    assert found["spearman_unit"] == pytest.approx(1)


def test_twice_too_strong_has_half_the_slope_and_the_same_ranks():
    true = truth()
    found = scores(Explained(2 * true.contribution_c, 2 * true.per_unit_c), true)
    assert found["calibration_slope"] == pytest.approx(0.5)
    assert found["spearman_unit"] == pytest.approx(1)
    assert found["mae"] == pytest.approx(np.abs(true.contribution_c).mean())


def test_one_number_for_all_tracts_ranks_nothing_and_says_so():
    true = truth()
    flat = np.broadcast_to(true.per_unit_c.mean(0), true.per_unit_c.shape)
    found = scores(Explained(true.contribution_c, flat), true)
    assert not [name for name in found if name.startswith("spearman")]


def test_where_a_proxy_cannot_move_nothing_is_scored():
    true = truth()
    holes = true.contribution_c.copy()
    holes[:30, 1] = np.nan
    wrong = true.contribution_c.copy()
    wrong[:30, 1] += 100.0
    found = scores(Explained(wrong, true.per_unit_c), replace(true, contribution_c=holes))
    assert found["mae"] == 0


def test_the_line_within_metros_finds_the_law(data, family):
    step = np.full(data.proxies.shape, 0.1)
    said = by_ols(data, step, family)
    assert said.per_unit_c[0] == pytest.approx(EFFECTS_C, abs=0.8)
    away = data.proxies - at_median(data.proxies, data.samples.metro)
    assert said.contribution_c == pytest.approx(away * said.per_unit_c)


def test_the_signed_proxy_gives_every_proxy_the_same_strength(data, family):
    said = by_signed_proxy(data, np.full(data.proxies.shape, 0.1), family)
    seen = data.proxies[data.split.train | data.split.validation]
    strength = said.per_unit_c[0] * SIGNS * np.nanstd(seen, axis=0)
    assert (strength > 0).all()
    assert np.ptp(strength) < 0.05 * strength.mean()


def test_ours_and_the_usual_ones_follow_the_law_in_a_town_left_out(data, family):
    """Shuffled proxies explain nothing; all the others see which way each proxy works."""
    step, tested = np.full(data.proxies.shape, 0.1), data.split.test
    away = data.proxies - at_median(data.proxies, data.samples.metro)
    true = (away * EFFECTS_C)[tested]
    nothing = float(np.abs(true).mean())
    methods = {"aespa": by_aespa, "gradients": by_integrated_gradients, "shap": by_shap}
    for name, explain in methods.items():
        wrong = np.abs(explain(data, step, family).contribution_c[tested] - true).mean()
        assert wrong < 0.6 * nothing, name
    shuffled = with_shuffled_proxies(data, 0)
    placebo = by_aespa(shuffled, step, Family(shuffled, 0, "tables_only"))
    assert np.abs(placebo.contribution_c[tested]).mean() < 0.35 * nothing


def test_a_straight_answer_moves_by_its_slope_whatever_the_step(data):
    step = np.random.default_rng(0).normal(size=data.proxies.shape) * 0.1
    found = unit_effects(lambda proxies: 5 + proxies @ EFFECTS_C, data, step)
    assert found == pytest.approx(np.broadcast_to(EFFECTS_C, found.shape))


def test_shuffling_stays_within_metros_and_keeps_rows_whole(data):
    shuffled = with_shuffled_proxies(data, 0)
    for name in METROS:
        own = data.samples.metro == name
        before, after = (np.sort(d.proxies[own], axis=0) for d in (data, shuffled))
        assert before == pytest.approx(after)
    assert (shuffled.proxies != data.proxies).any(1).mean() > 0.9


def test_a_proxy_against_its_sign_is_among_the_rows():
    """What is left of the estimate rises with albedo, which ought to cool."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.normal(size=(200, 5)), columns=list(PROXY_IDS)).assign(metro="a")
    table["residual_c"] = 0.5 * table["albedo"] + 0.2 * rng.normal(size=200)
    rows = {row.metric: row.value for row in trend_rows("s", "a", 0, table)}
    assert rows["wrong_sign_albedo"] == 1
    assert rows["residual_trend_albedo"] == pytest.approx(0.5, abs=0.1)
    assert sum(rows[f"wrong_sign_{name}"] for name in PROXY_IDS) == 1


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_quick_run_scores_every_method_and_goes_on_where_it_was(aespa, monkeypatch, tmp_path):
    monkeypatch.setattr(attribution, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(heat_world, "NUMBERS", tmp_path / "numbers")
    spoken, kept = [], []
    for _ in range(2):
        code, said, error = aespa("bench", "attribution", "--quick", "--cores", 1, "--json")
        assert code == 0, error
        spoken.append(json.loads(said))
        files = sorted((tmp_path / "runs").rglob("*.parquet"))
        kept.append([(path.name, path.stat().st_mtime_ns) for path in files])
    assert kept[0] == kept[1] != []
    assert spoken[0] == spoken[1]
    assert spoken[0]["table"] is None
    rows = pd.DataFrame(spoken[0]["rows"])
    assert set(rows["method"]) == set(EXPLAIN)
    assert set(rows.loc[rows["metric"] == "estimate_mae_within", "method"]) == set(OURS)


def test_an_unknown_world_is_named(aespa):
    code, _, error = aespa("bench", "attribution", "--world", "mars")
    assert code == 2
    assert "mars" in error
