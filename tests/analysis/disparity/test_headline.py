"""The first sentence of the page agrees with its numbers, in the reader's degrees."""

import pandas as pd

from aespa_core.analysis.disparity.headline import headline
from aespa_core.analysis.disparity.outcomes import quantity_of
from aespa_core.analysis.units import shown_in


def gaps(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["metro", "estimate", "low95", "high95"])


def test_one_metro_warmer_cooler_or_not_clear():
    shown = shown_in(quantity_of("observed_day", difference=True), "°F")
    said = headline(gaps(("seattle", 1.0, 0.5, 1.5)), "Seattle", shown)
    assert "live 1.8 °F warmer than the richest fifth (+0.9 to +2.7)" in said
    assert "1.0 °C cooler" in headline(
        gaps(("seattle", -1.0, -1.5, -0.5)), "Seattle", shown_in("°C difference", "°C")
    )
    assert "do not differ clearly" in headline(gaps(("seattle", 1.0, -0.5, 2.5)), "Seattle", shown)


def test_several_metros_are_counted_and_the_others_named():
    rows = gaps(("seattle", 1.0, 0.5, 1.5), ("dallas", 0.1, -0.3, 0.5), ("st_louis", -0.2, -1, 0.6))
    said = headline(rows, "", shown_in("°C difference", "°C"))
    assert said.startswith("In 2 of 3 metros")
    assert said.endswith("clearly so in 1; not clearly in Dallas, St. Louis.")


def test_kelvin_of_one_scene_stay_kelvin():
    assert shown_in(quantity_of("brightness_day"), "°F").unit == "K"
    assert quantity_of("observed_day") == "°C"
    assert quantity_of("predicted_day") == "°C difference"
