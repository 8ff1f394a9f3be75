"""The rows of an estimates table for one metro."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.metro_split import own_areas
from aespa_core.datasets.national_tracts import LEARNED, NationalTracts
from aespa_core.datasets.tract_features import TractFeatures, build_features
from aespa_core.errors import StudyError, UnknownMetroError
from aespa_core.inference.metro_model import MetroModel, half_widths_c
from aespa_core.inference.tract_estimate import estimate_tracts
from aespa_core.models.tract_model import raw_inputs
from aespa_core.schema import METRO_IDS, Metro, metro_named
from aespa_core.studies.folder import Study

# Six decimals: parts still add up to the whole within 1e-4 °C.
DECIMALS = 6


def metro_estimates(
    fitted: MetroModel,
    national: NationalTracts,
    metro_id: str,
    geoids: Sequence[str],
    origin: str = "the study",
) -> pd.DataFrame:
    """Estimate every tract of a metro.

    Parameters
    ----------
    fitted
        The metro's model.
    national
        All tracts of the country.
    metro_id
        Id of the metro.
    geoids
        All tracts of the metro.
    origin
        Where they come from, for messages.

    Returns
    -------
    pandas.DataFrame
        As :data:`aespa_core.studies.tables.ESTIMATES` declares; a contribution only for proxies
        that have a curve in this model.

    Raises
    ------
    StudyError
        If one of them is no tract of 2010.
    """
    ids = np.array(sorted(geoids), str)
    features = build_features(national, ids, np.full(len(ids), metro_id), origin)
    estimate = estimate_tracts(fitted.model, features)
    measured = np.isfinite(estimate.contribution_c)  # (B, K)
    half = half_widths_c(fitted, features, measured)
    columns: dict[str, object] = {
        "geoid": ids,
        "metro": metro_id,
        "anomaly_c": estimate.anomaly_c,
        "low90_c": estimate.anomaly_c - half,
        "high90_c": estimate.anomaly_c + half,
        "base_c": estimate.base_c,
    }
    for k, name in enumerate(LEARNED):
        if fitted.model.learned[k]:
            columns[f"contribution_{name}_c"] = estimate.contribution_c[:, k]
    columns |= {
        "lst_day_c": absolute_c(estimate.anomaly_c, national.table, ids),
        "measured": measured_words(measured),
        "extrapolated": estimate.outside | lacks_context(features),
    }
    return pd.DataFrame(columns).round(DECIMALS)


def estimated_metro(study: Study) -> tuple[Metro, list[str]]:
    """Metro and tracts of a study that the stored models can estimate.

    Raises
    ------
    StudyError
        If it is not an observed study of one metro.
    UnknownMetroError
        If that metro is not one of the eight.
    """
    if study.info.kind != "observed":
        raise StudyError(
            f"{study.path} is a study of kind '{study.info.kind}': the stored models know real "
            "tracts only; make such a study with `aespa study ingest`."
        )
    tracts = study.read("tracts")
    metros = sorted(tracts["metro"].unique())
    if len(metros) != 1:
        raise StudyError(
            f"{study.path} holds {len(metros)} metros ({', '.join(metros)}): "
            "give the folder of a study of one."
        )
    if metros[0] not in METRO_IDS:
        raise UnknownMetroError(
            f"{study.path} is of the metro '{metros[0]}', and stored models are of "
            f"{', '.join(METRO_IDS)}: if it is one of them, name it so in the column 'metro' of "
            "tracts.parquet; else give weights that `aespa train` wrote with --model."
        )
    return metro_named(metros[0]), tracts["geoid"].tolist()


def absolute_c(
    anomaly_c: npt.NDArray[np.float64], table: pd.DataFrame, ids: npt.NDArray[np.str_]
) -> npt.NDArray[np.float64]:
    """Add the median label of the metro's own urban area; only tracts with such a label get one.

    The level comes from labels, the differences from the model alone.
    """
    here = table.loc[ids]
    own = here["lst_day_c"].notna() & here["urban_area"].isin(own_areas(table, list(ids)))
    labelled = own.to_numpy()
    if not labelled.any():
        return np.full(len(ids), np.nan)
    level = np.median(here["lst_day_c"].to_numpy(float)[labelled])
    return np.where(labelled, anomaly_c - np.median(anomaly_c[labelled]) + level, np.nan)


def measured_words(measured: npt.NDArray[np.bool_]) -> list[str]:
    """Name each tract's measured proxies, joined by '+', or ``none``."""
    return [
        "+".join(name for name, has in zip(LEARNED, row, strict=True) if has) or "none"
        for row in measured
    ]


def lacks_context(features: TractFeatures) -> npt.NDArray[np.bool_]:
    """Mark tracts of which some of the context is unknown, such as those without land."""
    unknown = np.isnan(raw_inputs(features).context).any(1)
    return np.asarray(unknown)
