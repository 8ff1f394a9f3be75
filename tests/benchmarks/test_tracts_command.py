"""The tract benchmark as a command on the real data: quick, resumable, a row a method."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.benchmarks import fold_runner
from aespa_core.benchmarks.tract_methods import METHODS, OURS

pytestmark = pytest.mark.slow


@pytest.mark.timeout(900)
def test_a_quick_run_scores_every_method_and_goes_on_where_it_was(
    aespa, mirror, tmp_path, monkeypatch
):
    monkeypatch.setattr(fold_runner, "RUNS", tmp_path / "runs")
    tables, folds = [], []
    for name in ("first", "second"):
        code, _, error = aespa("bench", "tracts", "--quick", "--json", "--out", tmp_path / name)
        assert code == 0, error
        tables.append(pd.read_csv(tmp_path / name / "tracts.csv"))
        files = sorted((tmp_path / "runs").rglob("*.parquet"))
        folds.append([(path.name, path.stat().st_mtime_ns) for path in files])
    # nothing is fitted again
    assert folds[0] == folds[1] != []
    first, second = tables
    assert first.equals(second)

    pooled = first[(first["metro"] == "all") & (first["target"] == "lst_day")]
    rmse = pooled[pooled["metric"] == "rmse"].set_index("method")["value"]
    assert set(METHODS) <= set(rmse.index)
    assert (rmse.drop("area_mean") < rmse["area_mean"]).all()
    violations = pooled[pooled["metric"] == "violations"].set_index("method")["value"]
    assert violations[OURS] == 0
    coverage = first[(first["metric"] == "coverage_90") & (first["metro"] == "all")]["value"]
    assert np.isfinite(coverage).all()
