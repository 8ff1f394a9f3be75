"""Links that were written to do harm: parameters that pages read, with values that none has."""

from typing import Final

import numpy as np

from aespa_core.analysis.scenarios.scenario_link import LINK_KEYS
from tests.cases.doors import PAGES
from tests.checks.hostile_text import some_string

Rng = np.random.Generator
KEYS: Final = {
    "heat_map": ("metro", "run", "layer", "degrees", "tract", "near", "below", "embed"),
    "what_if": (*LINK_KEYS[1:], "tract", "degrees", "unknown"),
    "disparity": ("metro", "outcome", "degrees", "terms", "controls", "effects", "weights",
                  "errors", "cutoff", "kernel", "neighbours", "quantiles", "kappa", "blocks"),
    "baselines": ("study", "metro", "split", "target", "method", "metric", "board", "blocks"),
}  # fmt: skip
USUAL: Final = {
    "metro": ("gridville", "seattle"), "degrees": ("°C", "°F"),
    "run": ("heat_teacher", "tract_model"),
    "layer": ("estimate", "canopy"), "tract": ("01001020165", "01001020100"),
    "hottest_share": ("0.2",),
    "planting_of_limit": ("0.5", "1"), "budget": ("1e6",), "objective": ("equity",),
    "terms": ("income_sd",), "errors": ("HC1", "conley"), "neighbours": ("rook", "knn_6"),
    "conditions": ("poverty_share above 0.1",),
}  # fmt: skip


def hostile_link(rng: Rng, studies: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """Draw a page and the parameters of a link to it."""
    page = str(rng.choice([name for name in PAGES if name in KEYS]))
    query: dict[str, str] = {}
    if rng.uniform() < 0.85:
        query["study"] = str(rng.choice(studies))
    elif rng.uniform() < 0.8:
        query["study"] = some_string(rng)
    for key in rng.choice(KEYS[page], int(rng.integers(1, 4)), replace=False):
        usual = USUAL.get(str(key))
        if usual and rng.uniform() < 0.4:
            query[str(key)] = str(rng.choice(usual))
        else:
            query[str(key)] = some_string(rng)
    if rng.uniform() < 0.05:
        query[some_string(rng)[:200] or "x"] = some_string(rng)
    return page, query
