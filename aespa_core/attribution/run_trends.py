"""Rows of a trends table: what a study's labels follow of the proxies, beside a run's curves."""

from dataclasses import asdict
from typing import Final

import pandas as pd

from aespa_core.attribution.residual_trend import residual_trends
from aespa_core.studies.folder import Study
from aespa_core.studies.trend_table import ALL, TRENDS

LABELS: Final = "temperature"


def trend_rows(
    study: Study, estimates: pd.DataFrame, responses: pd.DataFrame, learned_from: str
) -> pd.DataFrame:
    """Find the trends of each metro and of all together.

    Parameters
    ----------
    study
        Whose table ``temperature`` holds the labels.
    estimates, responses
        Tables of one run. Proxies are taken as the curves see them, from the responses.
    learned_from
        Which study the model learned from, in the words of the table.

    Returns
    -------
    pandas.DataFrame
        As :data:`aespa_core.studies.trend_table.TRENDS` declares; no rows where there are no
        labels, or too few. A single metro is not told twice.
    """
    tracts = tracts_with_residuals(study, estimates, responses)
    parts = dict(list(tracts.groupby("metro")))
    if len(parts) > 1:
        parts[ALL] = tracts
    found = [
        {"metro": metro} | asdict(trend) | {"learned_from": learned_from}
        for metro, rows in parts.items()
        for trend in residual_trends(rows)
    ]
    return pd.DataFrame(found, columns=list(TRENDS.columns))


def tracts_with_residuals(
    study: Study, estimates: pd.DataFrame, responses: pd.DataFrame
) -> pd.DataFrame:
    """Lay out ``metro``, ``residual_c``, proxies and contributions of the labelled tracts."""
    value = responses[responses["member"] == 0].pivot(
        index="geoid", columns="proxy", values="value"
    )
    parts = [name for name in estimates if name.startswith("contribution_")]
    tracts = estimates.set_index("geoid")[["metro", "anomaly_c", *parts]].join(value)
    label = pd.Series(dtype=float)
    if LABELS in study.tables and "lst_day_c" in (table := study.read(LABELS)):
        label = table.set_index("geoid")["lst_day_c"]
    # an estimate is told against its metro's median: within a metro that is no matter
    tracts["residual_c"] = label.reindex(tracts.index) - tracts["anomaly_c"]
    return tracts.drop(columns="anomaly_c").dropna(subset="residual_c")


def contradictions_in(trends: pd.DataFrame | None) -> int | None:
    """Count the rows that contradict; None where there is no table."""
    return None if trends is None else int(trends["contradicts"].sum())
