"""Fitted metro models kept under ``runs/``, so that a stopped build goes on where it was."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np

from aespa_core.datasets.metro_split import MetroSplit
from aespa_core.errors import ArtifactError
from aespa_core.inference.code_version import code_version
from aespa_core.inference.metro_model import (
    MetroModel,
    fit_metro_model,
    load_metro_model,
    save_metro_model,
)
from aespa_core.models.tract_model import raw_inputs
from aespa_core.studies.catalogue import ROOT
from aespa_core.training.tract_fit import FitSettings

CACHE: Final = ROOT / "runs" / "atlas"
# What a fitted model follows from; the files of the other rooms may change without a new fit.
CODE: Final = (
    "datasets/*.py", "models/*.py", "training/*.py",
    "inference/tract_estimate.py", "inference/interval*.py", "inference/cross_calibration.py",
    "inference/metro_model.py",
)  # fmt: skip


def fit_key(split: MetroSplit, settings: FitSettings, seed: int) -> str:
    """Hash everything that a fitted model follows from: code, settings, seed and data."""
    digest = hashlib.sha256(json.dumps([code_version(CODE), asdict(settings), seed]).encode())
    features, labels = split.training.features, split.training.labels
    raw = raw_inputs(features)
    digest.update("".join(features.geoid).encode())
    for values in (raw.anomaly, raw.context, raw.descriptors, raw.proxy_descriptors):
        digest.update(np.nan_to_num(values, nan=-999.0).tobytes())
    digest.update(labels.lst_day_c.tobytes() + labels.n_blocks.tobytes())
    return digest.hexdigest()[:16]


def fitted_or_fit(
    split: MetroSplit,
    settings: FitSettings,
    seed: int,
    progress: Callable[[float], None] = lambda share: None,
    cache: Path | None = None,
) -> MetroModel:
    """Take a fitted model from the cache, or fit it and keep it.

    Metros that lack labels and measure the same proxies share one model. The cache is
    ``runs/atlas`` if none is given.
    """
    cache = cache or CACHE
    key = fit_key(split, settings, seed)
    try:
        fitted = load_metro_model(cache, key)
    except ArtifactError:
        # not there, or cut off while it was written
        fitted = fit_metro_model(split, settings, seed, progress)
        save_metro_model(fitted, cache, key)
    progress(1.0)
    return fitted
