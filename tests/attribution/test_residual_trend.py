"""A proxy whose sign is wrong is found by what residuals still follow, and no other is."""

import numpy as np
import pandas as pd

from aespa_core.attribution.residual_trend import residual_trends
from aespa_core.schema import PROXY_IDS

TRACTS = 200


def town(slopes: dict[str, float], seed: int = 0) -> pd.DataFrame:
    """Draw two metros whose residuals follow proxies by stated slopes, °C per unit."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(rng.uniform(0.1, 0.5, (TRACTS, 5)), columns=list(PROXY_IDS))
    table["metro"] = np.repeat(["ashton", "birch"], TRACTS // 2)
    # proxies go together, as leaves and crowns do
    table["ndvi"] += 0.8 * table["canopy"]
    table["residual_c"] = rng.normal(0, 0.1, TRACTS) + 3.0 * (table["metro"] == "birch")
    for name, slope in slopes.items():
        table["residual_c"] += slope * table[name]
    return table


def test_the_slopes_are_found_and_only_the_wrong_sign_is_named():
    trends = {t.proxy: t for t in residual_trends(town({"ndvi": 2.0, "canopy": -3.0}))}
    assert set(trends) == set(PROXY_IDS)
    for name, slope in (("ndvi", 2.0), ("canopy", -3.0), ("albedo", 0.0)):
        assert trends[name].low95_c < slope < trends[name].high95_c
    # greener is warmer: against the sign; canopy is only stronger than its curve
    assert [name for name, trend in trends.items() if trend.contradicts] == ["ndvi"]


def test_a_curve_that_is_only_too_strong_contradicts_nothing():
    """Labels cool by 2 °C per unit of canopy, or warm by 2: the curve says −3 both times."""
    for slope, contradicted in ((-2.0, False), (2.0, True)):
        table = town({"canopy": slope + 3.0}).assign(contribution_shadow_c=0.0)
        table["contribution_canopy_c"] = -3.0 * (table["canopy"] - table["canopy"].median())
        trend = {t.proxy: t for t in residual_trends(table)}["canopy"]
        assert trend.low95_c < slope < trend.high95_c
        # straight curves and least squares: one is the sum of the others to the last digit
        assert abs(trend.slope_c - (trend.residual_slope_c - 3.0)) < 1e-9
        assert trend.contradicts == contradicted


def test_chance_seldom_contradicts():
    found = [t.contradicts for seed in range(40) for t in residual_trends(town({}, seed))]
    assert sum(found) <= 1


def test_missing_proxies_and_few_tracts_say_nothing():
    table = town({"ndvi": 2.0})
    assert residual_trends(table.head(20)) == ()
    without = residual_trends(table.assign(canopy=np.nan))
    assert [trend.proxy for trend in without] == ["ndvi", "impervious", "albedo", "shadow"]
    alone = residual_trends(table.drop(columns="metro").assign(shadow=0.2))
    assert "shadow" not in [trend.proxy for trend in alone]
