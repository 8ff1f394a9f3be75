"""What labels contradict is said in words, of the metro or of all of them; else nothing is."""

import pandas as pd

from aespa_core.analysis.scenarios.words import measure_named
from aespa_core.analysis.trends import (
    UNTESTED,
    Disagreement,
    Trends,
    doubt,
    sentences,
    trends_of,
    warnings,
)
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.folder import add_explanations
from aespa_core.studies.trend_table import ALL, ANOTHER, THIS
from tests.analysis.scenarios.made_metro import RUN
from tests.made_trends import write_trend_town
from tests.tiny_study import METRO


def against(proxy: str, slope_c: float, *, everywhere: bool = False) -> Trends:
    """One proxy contradicted."""
    found = Disagreement(proxy, slope_c, slope_c - 1, slope_c + 1, -0.5, 0.2, everywhere)
    return Trends(PROXY_IDS, (found,), learned_from=ANOTHER)


def test_a_warning_names_slope_and_what_is_in_doubt():
    (said,) = warnings(against("albedo", 3.1))
    assert said == (
        "Measured temperature rises with albedo here, the other proxies alike (+3.1 °C per unit, "
        "95 % +2.1 to +4.1; 0.20 °C for a standard deviation; the model has -0.5), against the "
        "expected sign. The model cannot follow: contributions of albedo and cool roofs are not to "
        "be trusted in this metro."
    )
    (sealed,) = warnings(against("impervious", -3.0))
    assert "falls with sealed ground" in sealed
    # vegetation is no measure's own proxy, but two work through it
    (green,) = warnings(against("ndvi", 3.0))
    assert "contributions of vegetation are not to be trusted" in green
    assert "the part of tree planting and depaving that works through it" in green


def test_a_measure_is_in_doubt_by_its_own_proxy():
    trends = against("albedo", 3.1, everywhere=True)
    assert "over all metros of this study together" in doubt(trends, measure_named("cool_roofs"))
    assert doubt(trends, measure_named("planting")) == ""
    assert trends.of(("canopy", "ndvi")).against == ()


def test_labels_that_the_model_learned_from_are_said_to_hide_trends():
    (own,) = sentences(Trends(("albedo",), learned_from=THIS))
    assert "weaker than they are" in own
    (other,) = sentences(Trends(("albedo", "canopy"), learned_from=ANOTHER))
    assert "no clear trend against the expected sign of albedo and tree canopy" in other
    assert "weaker" not in other
    (warned,) = sentences(Trends(("albedo",), against("albedo", 3.0).against, learned_from=THIS))
    assert warned.endswith("trends show weaker than they are.")
    assert sentences(UNTESTED) == ()


def test_a_metros_own_trend_comes_before_that_of_all(tmp_path):
    study = write_trend_town(tmp_path / "town", 4.0)
    assert trends_of(study, "elsewhere", RUN) == UNTESTED
    (own,) = trends_of(study, METRO, RUN).against
    assert (own.proxy, own.everywhere) == ("albedo", False)
    table = study.read_run(RUN, "trends")
    pooled = table.assign(metro=ALL, slope_c=table["slope_c"] / 2)
    study = add_explanations(study, RUN, {"trends": pooled})
    (all_,) = trends_of(study, METRO, RUN).against
    assert all_.everywhere
    assert all_.slope_c == own.slope_c / 2
    assert trends_of(study, METRO, "no_such_run") == UNTESTED


def test_a_curve_beyond_what_is_measured_is_cautioned(tmp_path):
    """Measured −2 (−2.6 to −1.4) where the curve has −4; −2.5 would do."""
    study = write_trend_town(tmp_path / "town", -4.0)
    row = study.read_run(RUN, "trends").query("proxy == 'canopy'").iloc[0]
    measured = {"slope_c": -2.0, "low95_c": -2.6, "high95_c": -1.4, "a_deviation_c": -0.2}
    for residual, cautioned in ((2.0, True), (0.5, False), (-2.0, False)):
        told = row.to_dict() | measured | {"residual_slope_c": residual, "contradicts": False}
        trends = trends_of(
            add_explanations(study, RUN, {"trends": pd.DataFrame([told])}), METRO, RUN
        )
        said = sentences(trends)
        assert [one.proxy for one in trends.too_strong] == ["canopy"] * cautioned
        assert trends.against == ()
        assert any("less than the model says (-2.0 °C per unit" in line for line in said) == (
            cautioned
        )
        assert any("no clear trend against" in line for line in said)
