"""Why the tract model says what it says of a metro, and what would change it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from aespa_core.attribution.attributed_run import TOLERANCE_C, Attribution
from aespa_core.attribution.response_rows import response_rows
from aespa_core.attribution.run_trends import contradictions_in, trend_rows
from aespa_core.attribution.tract_parts import TractParts, attribution_rows, tract_parts
from aespa_core.attribution.tract_response import tract_curves, tract_ground
from aespa_core.datasets.national_tracts import LEARNED, NationalTracts
from aespa_core.datasets.tract_features import build_features
from aespa_core.datasets.tract_vintage import refuse_unknown_tracts
from aespa_core.errors import StudyError
from aespa_core.inference.metro_estimates import estimated_metro
from aespa_core.inference.metro_model import load_metro_model
from aespa_core.models.tract_model import TractModel
from aespa_core.studies.folder import Study, add_explanations
from aespa_core.studies.trend_table import ANOTHER


@dataclass(frozen=True)
class MetroExplanation:
    """Tables of one metro by id, and their largest distance from the estimates, °C."""

    tables: Mapping[str, pd.DataFrame]
    largest_gap_c: float


def attribute_tracts(
    study: Study, run: str, weights: Path, national: Callable[[], NationalTracts]
) -> Attribution:
    """Explain a run of the tract model in a study of one metro.

    Parameters
    ----------
    study
        Observed, with the run's estimates.
    run
        Name of the estimates.
    weights
        Folder of the models that made them.
    national
        Reads all tracts of the country; called once everything else is in order.

    Raises
    ------
    StudyError
        If the study is not of that kind, has no such estimates, or others made them.
    """
    metro, geoids = estimated_metro(study)
    if run not in study.runs:
        # or the advice would not help
        refuse_unknown_tracts(geoids, national().table.index, str(study.path))
        raise StudyError(
            f"{study.path} has no estimates of a run '{run}': make them first with "
            f"`aespa predict {study.path}`."
        )
    model = load_metro_model(weights, metro.id).model
    estimates = study.read_run(run)
    explained = explain_metro(model, national(), estimates, study.path)
    tables = dict(explained.tables)
    # a metro's model never learned from the metro
    trends = trend_rows(study, estimates, tables["responses"], ANOTHER)
    if len(trends):
        tables["trends"] = trends
    add_explanations(study, run, tables)
    return Attribution(
        study.path, run, tuple(tables), len(estimates), model.settings.members,
        explained.largest_gap_c, contradictions_in(tables.get("trends")),
    )  # fmt: skip


def explain_metro(
    model: TractModel, national: NationalTracts, estimates: pd.DataFrame, origin: Path,
    *, with_values: bool = True,
) -> MetroExplanation:  # fmt: skip
    """Take the estimates of a metro apart and lay out what moves them.

    Parameters
    ----------
    model
        Of the metro.
    national
        All tracts of the country.
    estimates
        Of all tracts of the metro.
    origin
        Where they were read, for messages.
    with_values
        Whether the proxies' own values may be told.

    Raises
    ------
    StudyError
        If the parts are not those of the estimates.
    """
    estimates = estimates.sort_values("geoid")
    features = build_features(
        national,
        estimates["geoid"].to_numpy(str),
        estimates["metro"].to_numpy(str),
        str(origin),
    )
    parts = tract_parts(model, features)
    gap = largest_gap_c(parts, estimates)
    if not gap <= TOLERANCE_C:
        metro = estimates["metro"].iloc[0]
        raise StudyError(
            f"{origin}: the estimates of '{metro}' were not made by this model from this data "
            f"(they or their parts differ by up to {gap:.3g} °C): run the command that made them "
            "again, or give the models that did."
        )
    curves, ground = tract_curves(model, features), tract_ground(model, features)
    tables = {
        "attributions": attribution_rows(features.geoid, parts),
        "responses": response_rows(ground, curves, with_values=with_values),
    }
    return MetroExplanation(tables, gap)


def largest_gap_c(parts: TractParts, estimates: pd.DataFrame) -> float:
    """Compare the parts and their sum with the estimates, row by row; the largest distance, °C.

    Infinite where one of them has a part that the other lacks.
    """
    pairs = [
        (parts.anomaly_c, estimates["anomaly_c"]),
        (parts.base_c.mean(0), estimates["base_c"]),
    ]
    for k, name in enumerate(LEARNED):
        said = estimates.get(f"contribution_{name}_c", pd.Series(np.nan, estimates.index))
        pairs.append((parts.contribution_c[:, :, k].mean(0), said))
    gaps = []
    for mine, said in pairs:
        theirs = said.to_numpy(float)
        if (np.isfinite(mine) != np.isfinite(theirs)).any():
            return float("inf")
        gaps.append(float(np.nan_to_num(np.abs(mine - theirs)).max()))
    return max(gaps)
