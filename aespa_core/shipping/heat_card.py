"""The card of the multimodal model that ships: what it knows, from where, and how well."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Final

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.inference.model_card import coded
from aespa_core.schema import PROXY_IDS, metro_label
from aespa_core.shipping.demo_scores import ALL

MODEL: Final = "heat_model"
MADE_BY: Final = "aespa demo build"
LABEL: Final = (
    "Summer daytime surface temperature per census tract, °C, as difference from the median of its "
    "metro, as a base plus one contribution a proxy; and the temperature itself where the study "
    "has weather. The night is not among its estimates."
)
SIGNS: Final = (
    "More NDVI, canopy, albedo or shadow never raises an estimate, more sealed ground never lowers "
    "one, for any weights."
)
MODALITIES: Final = {
    "teacher": ("satellite tile", "street photos", "mobility by hour of the week"),
    "student": ("satellite tile", "street photos"),
}
LIMITS: Final = (
    "A simulated world. It learned from no real place and is not for real cities: train it on "
    "real data with `aespa train` for that.",
    "The demo's tracts, streets and people are new to it; the climates are not, since they are "
    "two of the eight that it learned in. Its error in an unseen climate is that of the benchmark "
    "where metros are left out.",
    "How hot an unseen metro is as a whole it tells from its climate alone, and eight climates "
    "teach little of that: trust differences within a metro, not the level.",
    "The interval is that of tracts drawn like those that stopped the learning; it is one width "
    "for all tracts, and in another metro it need not cover nine in ten.",
    "A tract whose context or proxies lie more than a tenth of their range outside what it learned "
    "from is flagged *extrapolated*; the estimate there is a guess.",
    "Contributions are exact for the model: with the base they add up to the estimate. They are "
    "not causal effects. The sign of each curve is given by construction, not found in the data.",
)
LICENCE: Final = "MIT: weights, card, and the simulator that made what it learned from."


def differences(settings: Any, defaults: Any, prefix: str = "") -> dict[str, Any]:  # noqa: ANN401
    """List what settings change of their defaults, ``part.name`` → value."""
    found: dict[str, Any] = {}
    for name in (field.name for field in fields(defaults)):
        own, usual = getattr(settings, name), getattr(defaults, name)
        if is_dataclass(usual):
            found |= differences(own, usual, f"{prefix}{name}.")
        elif own != usual:
            found[f"{prefix}{name}"] = own
    return found


def card_of(
    code: str,
    learned: Mapping[str, Any],
    settings: Mapping[str, Any],
    models: Mapping[str, Mapping[str, Any]],
    demo: Mapping[str, Any],
) -> dict[str, Any]:
    """Put the card in plain values.

    Parameters
    ----------
    code
        Version of what the weights follow from.
    learned
        ``study``, ``vintage``, ``metros`` (id → tracts), ``tiles``, ``photos``.
    settings
        ``experiment``, ``split``, ``seed``, ``changed`` (what differs from the defaults).
    models
        Mode → numbers, as :func:`aespa_core.shipping.heat_shipping.facts_of` gives them.
    demo
        ``study``, ``vintage``.
    """
    return {
        "model": MODEL,
        "made_by": MADE_BY,
        "code": code,
        "estimates": LABEL,
        "guarantee": SIGNS,
        "inputs": {
            "modalities": {mode: list(MODALITIES[mode]) for mode in models},
            "context": list(CONTEXT),
            "proxies": list(PROXY_IDS),
        },
        "learned_from": dict(learned),
        "settings": dict(settings),
        "models": {mode: dict(facts) for mode, facts in models.items()},
        "demo": dict(demo),
        "limits": list(LIMITS),
        "licence": LICENCE,
    }


def card_as_markdown(card: Mapping[str, Any]) -> str:
    """Render the card for people."""
    learned, settings, inputs = card["learned_from"], card["settings"], card["inputs"]
    metros = ", ".join(f"{metro_label(name)} {n}" for name, n in learned["metros"].items())
    changed = ", ".join(f"{name} {value}" for name, value in settings["changed"].items())
    seen = [f"the {mode} sees {', '.join(has)}" for mode, has in inputs["modalities"].items()]
    lines = [
        "# Heat model (simulated metros)",
        "",
        f"Teacher and student of the multimodal model. Code {card['code']}. Made by "
        f"`{card['made_by']}`.",
        "",
        "## What it estimates",
        card["estimates"],
        "",
        "## Inputs",
        f"- Images and movement: {'; '.join(seen)}. Any of them may be missing.",
        f"- Context: {coded(inputs['context'])}.",
        f"- Proxies, read off the images: {coded(inputs['proxies'])}. {card['guarantee']}",
        "- Nothing social: no income, poverty, race, education, tenure or age.",
        "",
        "## Where it learned",
        f"{learned['study']} ({learned['vintage']}): {sum(learned['metros'].values()):,} tracts "
        f"with {learned['tiles']:,} satellite tiles and {learned['photos']:,} street photos. "
        f"{metros}. No place of it exists.",
        "",
        "## Numbers",
        *numbers_table(card["models"]),
        "",
        "Parameters are those of the whole file, image encoders included. The validation tracts "
        "chose the epoch and set the interval; they did not move the weights.",
        "",
        f"## On the demo: {card['demo']['study']} ({card['demo']['vintage']})",
        "Tracts that it never saw, each told as difference from its metro's median.",
        "",
        *demo_table(card["models"]),
        "",
        "## Settings",
        f"Experiment `{settings['experiment']}`, split `{settings['split']}`, seed "
        f"{settings['seed']}. Different from the defaults: {changed or 'nothing'}.",
        "",
        "## Limits",
        *(f"- {limit}" for limit in card["limits"]),
        "",
        "## Licence",
        card["licence"],
    ]
    return "\n".join(lines) + "\n"


def numbers_table(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lay out one row a model."""
    rows = [
        "| model | trained on | validation error | half of 90 % interval | parameters | files |",
        "|---|---|---|---|---|---|",
    ]
    for mode, facts in models.items():
        files = ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in facts["bytes"].items())
        rows.append(
            f"| {mode} | {facts['train_tracts']} tracts, {facts['epochs']} epochs | "
            f"{facts['validation_mae_c']:.3f} °C on {facts['validation_tracts']} tracts | "
            f"{facts['half_width_c']:.2f} °C | {facts['parameters']:,} | {files} |"
        )
    return rows


def demo_table(models: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Lay out one row a model and metro."""
    rows = [
        "| model | metro | tracts | mean absolute error | Pearson | inside the 90 % interval |",
        "|---|---|---|---|---|---|",
    ]
    for mode, facts in models.items():
        for score in facts["demo"]:
            metro = "all" if score["metro"] == ALL else metro_label(score["metro"])
            rows.append(
                f"| {mode} | {metro} | {score['tracts']} | {score['mae_c']:.3f} °C | "
                f"{score['pearson']:.3f} | {100 * score['coverage_90']:.0f} % |"
            )
    return rows
