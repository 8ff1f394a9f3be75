"""Before, after and what changed, as maps: the borders stay, one digit a tract is sent anew."""

import json
import math
from dataclasses import dataclass
from typing import Any, Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pydeck as pdk

from aespa_core.analysis.scenarios.outcome import Outcome
from aespa_core.views.colors import (
    DIVERGING,
    MISSING,
    Rgb,
    Scale,
    classes_of,
    diverging_scale,
    palette,
)
from aespa_core.views.maps import outlined

CHANGE_CLASSES: Final = 5
# a fifth of each is short, too
NICE: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)


@dataclass(frozen=True)
class ScenarioMap:
    """One of the three maps.

    Attributes
    ----------
    id
        ``before``, ``after`` or ``change``.
    label
        On screen.
    values
        °C, by geoid; NaN is drawn grey.
    scale
        Classes; before and after have the same.
    grey
        What grey stands for.
    """

    id: str
    label: str
    values: pd.Series
    scale: Scale
    grey: str

    @property
    def codes(self) -> npt.NDArray[np.int64]:
        """Class of each tract, (B,)."""
        return classes_of(self.values, self.scale)


def scenario_maps(outcome: Outcome, geoid: pd.Index) -> tuple[ScenarioMap, ...]:
    """Make the three maps for these tracts, in this order."""
    table = outcome.table.reindex(geoid)
    heat = diverging_scale(table["anomaly_c"])
    changed = table["effect_c"].where(table["effect_c"] < 0)
    return (
        ScenarioMap("before", "Before", table["anomaly_c"], heat, "no estimate"),
        ScenarioMap("after", "After", table["after_c"], heat, "no estimate"),
        ScenarioMap("change", "Change", changed, change_scale(changed), "no change"),
    )


def change_scale(changed: pd.Series) -> Scale:
    """Equal classes from the strongest cooling up to 0; ends in round numbers, so that they stay.

    The warm half of the colours is left to maps that warm.
    """
    strongest = float(-changed.min()) if changed.notna().any() else 1.0
    power = 10.0 ** math.floor(math.log10(max(strongest, 1e-3)))
    reach = next((nice * power for nice in NICE if nice * power >= strongest), 10 * power)
    # an end at rest needs no sign: −0.0 would be written so
    edges = np.append(np.linspace(-reach, 0.0, CHANGE_CLASSES + 1)[:-1], 0.0)
    colours = palette(DIVERGING, 2 * CHANGE_CLASSES + 3, trim=0.08)[:CHANGE_CLASSES]
    return Scale(tuple(map(float, edges)), tuple(colours))


def fill_by_row(codes: npt.NDArray[np.int64], colours: tuple[Rgb, ...]) -> str:
    """Deck expression: the tract's row gives its digit, the digit gives its colour.

    The parentheses matter: deck's expressions index only what stands in some.
    """
    digits = "".join(map(str, codes))
    shades = [[*colour, 255] for colour in colours] + [[*MISSING, 90]]
    return f"({json.dumps(shades)})[('{digits}')[properties.row]]"


def scenario_deck(
    data: str | dict[str, Any],
    shown: ScenarioMap,
    view: pdk.ViewState,
    chosen: gpd.GeoSeries | None,
    outline: Rgb,
) -> pdk.Deck:
    """Draw one of the maps on borders that the browser has already."""
    fill = fill_by_row(shown.codes, shown.scale.colours)
    layers = [
        pdk.Layer(
            "GeoJsonLayer",
            id=f"tracts-{shown.id}",
            data=data,
            stroked=False,
            pickable=True,
            auto_highlight=True,
            get_fill_color=fill,
            # tells deck that the colours are others, whatever it compares by itself
            update_triggers={"getFillColor": fill},
        )
    ]
    if chosen is not None:
        layers.append(outlined(chosen, outline))
    return pdk.Deck(
        layers=layers,
        initial_view_state=view,
        map_provider=None,
        tooltip={"text": "Tract {geoid}"},
    )
