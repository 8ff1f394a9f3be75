"""Labels that a proxy moves the other way are found, in one metro or several; else nothing is."""

import numpy as np
import pytest

from aespa_core.attribution.run_trends import trend_rows
from aespa_core.studies.trend_table import ALL, ANOTHER
from aespa_core.studies.validation import validate_study
from tests.analysis.scenarios.made_metro import RUN
from tests.made_trends import write_trend_town
from tests.tiny_study import METRO


@pytest.mark.parametrize(("slope", "contradicted"), [(4.0, ["albedo"]), (-4.0, []), (0.0, [])])
def test_the_slope_of_the_labels_is_found(tmp_path, slope, contradicted):
    study = write_trend_town(tmp_path / "town", slope)
    trends = study.read_run(RUN, "trends").set_index("proxy")
    assert set(trends["metro"]) == {METRO}
    # one of 144 was never measured
    assert set(trends["tracts"]) == {143}
    albedo = trends.loc["albedo"]
    assert albedo["low95_c"] < slope < albedo["high95_c"]
    assert trends.index[trends["contradicts"]].tolist() == contradicted
    assert validate_study(study.path) == []


def test_without_labels_there_is_no_table(tmp_path):
    study = write_trend_town(tmp_path / "town", 4.0, labels=False)
    assert "trends" not in study.run_tables(RUN)


def test_several_metros_are_told_one_by_one_and_together(tmp_path):
    study = write_trend_town(tmp_path / "town", 4.0)
    estimates, responses = study.read_run(RUN), study.read_run(RUN, "responses")
    # the second metro is 5 °C warmer than its estimates say: that is no trend
    east = np.arange(len(estimates)) % 2 == 0
    estimates["metro"] = np.where(east, "ashton", "birch")
    estimates["anomaly_c"] -= np.where(east, 5.0, 0.0)
    trends = trend_rows(study, estimates, responses, ANOTHER).set_index(["metro", "proxy"])
    albedo = trends.xs("albedo", level="proxy")
    assert albedo["contradicts"].to_dict() == {"ashton": True, "birch": True, ALL: True}
    assert albedo.loc[ALL, "tracts"] == albedo.loc[["ashton", "birch"], "tracts"].sum() == 143
    assert abs(albedo.loc[ALL, "slope_c"] - 4.0) < 0.5
    assert not trends.drop("albedo", level="proxy")["contradicts"].any()


def test_a_metro_of_few_tracts_speaks_only_with_the_others(tmp_path):
    study = write_trend_town(tmp_path / "town", 4.0)
    estimates, responses = study.read_run(RUN), study.read_run(RUN, "responses")
    estimates["metro"] = np.where(np.arange(len(estimates)) < 20, "hamlet", METRO)
    trends = trend_rows(study, estimates, responses, ANOTHER)
    assert set(trends["metro"]) == {METRO, ALL}
    few = estimates.head(20)
    assert trend_rows(study, few, responses, ANOTHER).empty
