"""Layers that the heat map can show: which column, in which unit, on which colours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.schema import PROXIES
from aespa_core.views.colors import NEUTRAL, Scale, diverging_scale, sequential_scale


@dataclass(frozen=True)
class Layer:
    """A thing to colour the map by.

    Attributes
    ----------
    id
        Name in links.
    column
        Column of :class:`aespa_core.analysis.places.Places`.
    label, unit, meaning
        Words on screen; the unit is ``°C``, ``°C difference``, ``K`` or ``share`` or ``index``.
    kind
        ``diverging`` around zero, ``sequential``, or ``cooling`` for proxies (batlow).
    """

    id: str
    column: str
    label: str
    unit: str
    kind: str
    meaning: str


LAYERS: Final = (
    Layer(
        "estimate",
        "anomaly_c",
        "Estimated heat",
        "°C difference",
        "diverging",
        "Estimated summer daytime surface temperature minus the metro's median tract.",
    ),
    Layer(
        "estimate_absolute",
        "estimate_c",
        "Estimated temperature",
        "°C",
        "sequential",
        "Estimated summer daytime surface temperature; only where the metro has satellite labels.",
    ),
    Layer(
        "uncertainty",
        "width90_c",
        "Width of the 90 % interval",
        "°C difference",
        "sequential",
        "How far apart the ends of the 90 % interval are: wide means less sure.",
    ),
    *(
        Layer(
            f"because_{proxy.id}",
            f"contribution_{proxy.id}_c",
            f"Because of {proxy.label.lower()}",
            "°C difference",
            "diverging",
            f"Part of the difference that the model credits to {proxy.label.lower()}.",
        )
        for proxy in PROXIES
    ),
    Layer(
        "base",
        "base_c",
        "Not explained by the proxies",
        "°C difference",
        "diverging",
        "Part of the difference that comes from the surroundings, not from a measured property.",
    ),
    Layer(
        "observed",
        "observed_c",
        "Observed temperature",
        "°C",
        "sequential",
        "Summer daytime surface temperature seen by satellite.",
    ),
    Layer(
        "observed_night",
        "observed_night_c",
        "Observed night temperature",
        "°C",
        "sequential",
        "Summer surface temperature at night.",
    ),
    Layer(
        "residual",
        "residual_c",
        "Observed minus estimated",
        "°C difference",
        "diverging",
        "Where the model is too cool (positive) or too warm (negative).",
    ),
    Layer(
        "brightness",
        "brightness_day_k",
        "Brightness temperature",
        "K",
        "sequential",
        "Top-of-atmosphere brightness temperature of one clear satellite scene.",
    ),
    *(
        Layer(
            f"true_{proxy.id}",
            f"effect_{proxy.id}_c",
            f"True effect of {proxy.label.lower()}",
            "°C difference",
            "diverging",
            f"Simulated temperature as it is, minus with {proxy.label.lower()} at its reference.",
        )
        for proxy in PROXIES
    ),
    *(
        Layer(
            proxy.id,
            proxy.id,
            proxy.label,
            "index" if proxy.low < 0 else "share",
            "proxy",
            proxy.meaning,
        )
        for proxy in PROXIES
    ),
)


def layers_in(frame: pd.DataFrame) -> Mapping[str, Layer]:
    """Layers of which the frame has at least one value, by id, in their fixed order."""
    return {
        layer.id: layer
        for layer in LAYERS
        if layer.column in frame and np.isfinite(frame[layer.column].to_numpy(float)).any()
    }


def scale_of(layer: Layer, values: pd.Series) -> Scale:
    """Colour classes of a layer for the values on screen."""
    if layer.kind == "diverging":
        return diverging_scale(values)
    if layer.kind == "proxy":
        return sequential_scale(values, NEUTRAL, reverse=True)
    return sequential_scale(values, reverse=True)
