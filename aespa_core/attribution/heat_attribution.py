"""Why the multimodal model says what it says of a study, and what would change it."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.attribution.attributed_run import TOLERANCE_C, Attribution, part_rows
from aespa_core.attribution.member_levels import member_levels
from aespa_core.attribution.modality_share import modality_effects
from aespa_core.attribution.physics_response import heat_curves
from aespa_core.attribution.response_rows import Ground, response_rows
from aespa_core.attribution.run_trends import contradictions_in, trend_rows
from aespa_core.datasets.heat.embeddings import not_shown
from aespa_core.errors import StudyError
from aespa_core.inference.heat_estimates import DayParts, day_parts
from aespa_core.inference.heat_predict import (
    Asked,
    HeatPredictor,
    asked_of,
    load_predictor,
    samples_for,
)
from aespa_core.inference.heat_scope import Bounds
from aespa_core.inference.heat_study import Caches, own_caches
from aespa_core.schema import PROXIES, PROXY_IDS
from aespa_core.spread import spread_of
from aespa_core.studies.folder import Study, add_explanations, open_study
from aespa_core.studies.run_tables import BASE
from aespa_core.studies.trend_table import ANOTHER, THIS, UNKNOWN
from aespa_core.training.heat.loop import estimated

Array = npt.NDArray[np.float64]

DENSITY: Final = "log_people_km2"


def attribute_heat(
    study: Path,
    weights: Path,
    run: str | None = None,
    caches: Caches | None = None,
    progress: Callable[[int], None] = not_shown,
) -> Attribution:
    """Explain a run of the multimodal model: parts, modalities, photos, responses, trends.

    Parameters
    ----------
    study
        Folder of a study with the run's estimates.
    weights
        What made them.
    run
        Name of the estimates; ``heat_<mode>`` if None.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    progress
        Told how many more images are embedded.

    Raises
    ------
    StudyError
        If there are no such estimates, or another model made them.
    """
    predictor = load_predictor(weights)
    opened = open_study(study)
    # before asking for estimates that could not be made
    samples = samples_for(predictor, opened)
    name = run_named(run, predictor, opened, weights)
    asked = asked_of(predictor, opened, samples, caches or own_caches(), progress)
    parts = day_parts(predictor.checkpoint.models, asked.inputs, samples.metro)
    gap = largest_gap_c(opened, name, parts, asked)
    tables = {
        "attributions": attribution_rows(predictor, parts, asked),
        "attention": attention_rows(predictor, asked),
    }
    if predictor.checkpoint.settings.physics == "monotone":
        models = predictor.checkpoint.models
        curves = dict(zip(PROXY_IDS, heat_curves(models, asked.inputs), strict=True))
        tables["responses"] = response_rows(ground_of(predictor, asked), curves)
        tables["trends"] = trend_rows(
            opened, opened.read_run(name), tables["responses"], learned_from(predictor, opened)
        )
    tables = {table: rows for table, rows in tables.items() if len(rows)}
    add_explanations(opened, name, tables)
    return Attribution(
        study, name, tuple(tables), len(samples), len(predictor.checkpoint.models), gap,
        contradictions_in(tables.get("trends")),
    )  # fmt: skip


def run_named(run: str | None, predictor: HeatPredictor, study: Study, weights: Path) -> str:
    """Name the run that is meant.

    Raises
    ------
    StudyError
        If the study has no such estimates.
    """
    name = run or f"heat_{predictor.checkpoint.mode}"
    if name not in study.runs:
        raise StudyError(
            f"{study.path} has no estimates of a run '{name}': make them first with "
            f"`aespa predict {study.path} --model {weights}`."
        )
    return name


def learned_from(predictor: HeatPredictor, study: Study) -> str:
    """Say whether a model learned from a study of this name, as its weights tell."""
    name = predictor.checkpoint.words.get("study")
    if name is None:
        return UNKNOWN
    return THIS if name == study.info.name else ANOTHER


def largest_gap_c(study: Study, run: str, parts: DayParts, asked: Asked) -> float:
    """Compare the parts with the estimates that they explain; give the largest distance, °C.

    Raises
    ------
    StudyError
        If they are not the same.
    """
    table = study.read_run(run).set_index("geoid").reindex(asked.samples.geoid)
    day = parts.day_c - pd.Series(parts.day_c).groupby(asked.samples.metro).transform("median")
    gap = float(np.abs(day.to_numpy() - table["anomaly_c"].to_numpy(float)).max())
    if not gap <= TOLERANCE_C:
        raise StudyError(
            f"{study.path}: the run '{run}' was not made by this model on this study (estimates "
            f"differ by up to {gap:.3g} °C): run `aespa predict` with it again, or give the model "
            "that made them."
        )
    return gap


def attribution_rows(predictor: HeatPredictor, parts: DayParts, asked: Asked) -> pd.DataFrame:
    """Lay out what each part does, one row a tract and part, °C.

    Each member's base is against its own metro's median, as the tract model's is.
    """
    samples = asked.samples
    base_c = parts.base_c - member_levels(parts.member_day_c, samples.metro)
    rows = [part_rows(samples.geoid, BASE, spread_of(base_c))]
    if predictor.checkpoint.settings.physics == "monotone":
        for k, proxy in enumerate(PROXIES):
            effect = spread_of(parts.contribution_c[:, :, k])
            # no neighbour's proxy is an input of this model
            rows.append(part_rows(samples.geoid, proxy.id, effect, effect.mean))
    for name, effects in modality_effects(predictor.checkpoint.models, asked.inputs).items():
        rows.append(part_rows(samples.geoid, name, spread_of(effects)))
    return pd.concat(rows, ignore_index=True).dropna(subset="effect_c").reset_index(drop=True)


def attention_rows(predictor: HeatPredictor, asked: Asked) -> pd.DataFrame:
    """Lay out how much each photo counts, one row a photo."""
    found = [
        estimated(model, asked.inputs).attention.double().numpy()
        for model in predictor.checkpoint.models
    ]
    weight = np.mean(found, axis=0)  # (B, K)
    tract, place = np.nonzero(asked.inputs.has_photo.numpy())
    if not predictor.checkpoint.settings.use_street:
        tract, place = tract[:0], place[:0]
    names = [asked.samples.photos[i][k].stem for i, k in zip(tract, place, strict=True)]
    return pd.DataFrame(
        {
            "geoid": asked.samples.geoid[tract],
            "photo": names,
            "attention": weight[tract, place].clip(0.0, 1.0),
        }
    )


def ground_of(predictor: HeatPredictor, asked: Asked) -> Ground:
    """Say where the curves stand and how far they were learned."""
    scope, samples = predictor.scope, asked.samples
    values = asked.inputs.proxies.double().numpy()
    return Ground(
        samples.geoid,
        samples.metro,
        samples.context[DENSITY].to_numpy(float),
        {name: values[:, k] for k, name in enumerate(PROXY_IDS)},
        bounds_by_proxy(scope.proxy_low),
        bounds_by_proxy(scope.proxy_high),
    )


def bounds_by_proxy(bounds: Bounds) -> dict[str, Array]:
    """Name the ends of a scope's ranges; NaN where a proxy was never seen."""
    return {
        name: np.array(np.nan if end is None else end)
        for name, end in zip(PROXY_IDS, bounds, strict=True)
    }
