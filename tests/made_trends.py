"""The town of ``tests/tiny_study.py`` with curves, and labels that follow albedo as they are told.

Neither the curves nor the estimates know of it: only what is measured beyond the estimates does.
"""

from pathlib import Path

import numpy as np

from aespa_core.attribution.run_trends import trend_rows
from aespa_core.schema import PROXIES
from aespa_core.studies.folder import Study, StudyInfo, add_explanations, write_study
from tests.analysis.scenarios.made_metro import RUN, chance_rows
from tests.tiny_study import tiny_tables


def write_trend_town(
    folder: Path, albedo_c: float, *, labels: bool = True, learned_from: str = "another"
) -> Study:
    """Write it; labels rise by ``albedo_c`` °C per unit of albedo beyond the estimates."""
    rng = np.random.default_rng(1)
    tables, estimates = tiny_tables()
    value = {proxy.id: rng.uniform(0.2, 0.6, len(estimates)) for proxy in PROXIES}
    noise = rng.normal(0, 0.1, len(estimates))
    # one tract was never measured, in the tiny study too
    known = tables["temperature"]["lst_day_c"].notna()
    label = 30.0 + estimates["anomaly_c"] + albedo_c * value["albedo"] + noise
    tables["temperature"] = tables["temperature"].assign(lst_day_c=label.where(known))
    if not labels:
        del tables["temperature"]
    responses = chance_rows(estimates["geoid"].tolist())
    for name, values in value.items():
        own = responses["proxy"] == name
        by_tract = dict(zip(estimates["geoid"], values, strict=True))
        responses.loc[own, "value"] = responses.loc[own, "geoid"].map(by_tract)
    info = StudyInfo("Trend town", "simulated", "imaginary", ("made by tests",), ("tests",))
    study = write_study(folder, info, tables, runs={RUN: {"estimates": estimates}})
    trends = trend_rows(study, estimates, responses, learned_from)
    explained = {"responses": responses} | ({"trends": trends} if len(trends) else {})
    return add_explanations(study, RUN, explained)
