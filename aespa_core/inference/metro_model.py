"""One metro's model: fitted without the metro, with an interval for each pattern of gaps."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.metro_split import MetroSplit
from aespa_core.datasets.national_tracts import LEARNED
from aespa_core.datasets.tract_features import TractFeatures
from aespa_core.errors import ArtifactError
from aespa_core.inference.cross_calibration import (
    FOLDS,
    Pattern,
    calibrated_proxies,
    cross_fit,
    pattern_intervals,
)
from aespa_core.inference.interval_features import NAMES, interval_features
from aespa_core.inference.intervals import IntervalModel, ScaleModel
from aespa_core.inference.tract_estimate import estimate_tracts
from aespa_core.models.tract_model import TractModel
from aespa_core.models.tract_weights import MAKE, load_model, save_model
from aespa_core.studies.atomic import write_text
from aespa_core.training.tract_fit import FitSettings, fit_tract_model

Array = npt.NDArray[np.float64]
Measured = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class MetroModel:
    """A model with its intervals.

    Attributes
    ----------
    model
        Fitted without the metro.
    intervals
        Missing proxies → interval; the empty pattern among them.
    facts
        Plain values for the model card: what it was trained on and how.
    """

    model: TractModel
    intervals: Mapping[Pattern, IntervalModel]
    facts: Mapping[str, Any]


def fit_metro_model(
    split: MetroSplit,
    settings: FitSettings,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
) -> MetroModel:
    """Fit the model and, on folds of its training areas, its intervals.

    Parameters
    ----------
    split
        What the metro's model may learn from.
    settings, seed
        How to learn.
    progress
        Called with the share of the work that is done, 0 to 1.
    """
    steps = settings.steps * (FOLDS + 1)
    model = fit_tract_model(split.training, settings, seed, lambda n: progress(n / steps))
    cross = cross_fit(
        split.training, settings, seed, progress=lambda n: progress((settings.steps + n) / steps)
    )
    patterns = subsets(calibrated_proxies(split.training))
    return MetroModel(model, pattern_intervals(cross, patterns), facts_of(split, settings, seed))


def subsets(names: tuple[str, ...]) -> list[Pattern]:
    """List every set of missing proxies, none first; each in the order of LEARNED."""
    patterns: list[Pattern] = [()]
    for name in names:
        patterns += [(*pattern, name) for pattern in patterns]
    return patterns


def facts_of(split: MetroSplit, settings: FitSettings, seed: int) -> dict[str, Any]:
    """Say in plain values what a model was trained on and how."""
    features = split.training.features
    curves = {}
    for k, name in enumerate(LEARNED):
        seen = np.isfinite(features.proxies[:, k, 0])
        areas, counts = np.unique(features.area[seen], return_counts=True)
        curves[name] = dict(zip(areas.tolist(), counts.tolist(), strict=True))
    digest = hashlib.sha256("".join(features.geoid).encode()).hexdigest()
    return {
        "tracts": len(features.geoid),
        "areas": len(np.unique(features.area)),
        "left_out": list(split.own_areas),
        "proxies": list(split.proxies),
        "curves": curves,
        "training_sha256": digest,
        "settings": asdict(settings),
        "seed": seed,
        "calibration_folds": FOLDS,
    }


def half_widths_c(fitted: MetroModel, features: TractFeatures, measured: Measured) -> Array:
    """Half the width of each tract's interval, °C, shape (B,).

    A tract that lacks a proxy never gets a narrower interval than it would have with it.

    Parameters
    ----------
    fitted
        Model with its intervals.
    features
        All tracts of the metro.
    measured
        Which proxies each tract has, shape (B, K).
    """
    width = np.zeros(len(measured))
    for pattern, interval in fitted.intervals.items():
        estimate = estimate_tracts(fitted.model, features, pattern)
        here = interval.half_width_c(interval_features(estimate, features))
        lacks = ~measured[:, [LEARNED.index(name) for name in pattern]]  # (B, missing)
        width = np.where(lacks.all(1), np.maximum(width, here), width)
    return width


def save_metro_model(fitted: MetroModel, folder: Path, name: str) -> None:
    """Write ``<name>.safetensors`` and, with intervals and facts, ``<name>.json``."""
    save_model(fitted.model, folder / f"{name}.safetensors")
    intervals = [
        {
            "missing": list(pattern),
            "centre": interval.scale.centre.tolist(),
            "spread": interval.scale.spread.tolist(),
            "coefficients": interval.scale.coefficients.tolist(),
            "quantile": interval.quantile,
        }
        for pattern, interval in fitted.intervals.items()
    ]
    words = {"facts": dict(fitted.facts), "features": list(NAMES), "intervals": intervals}
    write_text(folder / f"{name}.json", json.dumps(words, indent=1, allow_nan=False) + "\n")


def load_metro_model(folder: Path, name: str) -> MetroModel:
    """Read what :func:`save_metro_model` wrote.

    Raises
    ------
    ArtifactError
        If a file is missing or garbled, or was made for other inputs.
    """
    model = load_model(folder / f"{name}.safetensors")
    path = folder / f"{name}.json"
    if not path.is_file():
        raise ArtifactError(f"{path} is missing: {MAKE}.")
    try:
        words = json.loads(path.read_text(encoding="utf-8"))
        features = words["features"]
        intervals = {
            tuple(entry["missing"]): IntervalModel(
                ScaleModel(
                    *(np.array(entry[k], float) for k in ("centre", "spread", "coefficients"))
                ),
                float(entry["quantile"]),
            )
            for entry in words["intervals"]
        }
        facts = dict(words["facts"])
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path} does not hold intervals ({error!r}): {MAKE}.") from error
    if features != list(NAMES):
        raise ArtifactError(f"{path} was made for widths from {features}: {MAKE}.")
    return MetroModel(model, intervals, facts)
