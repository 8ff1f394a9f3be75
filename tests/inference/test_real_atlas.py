"""The atlas that ships beside the real labels its models never saw, and in an ingested study."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets.metro_split import metro_split, own_areas
from aespa_core.datasets.national_tracts import NationalTracts, read_national_tracts
from aespa_core.datasets.tract_training import training_tracts
from aespa_core.inference.metro_estimates import estimated_metro, metro_estimates
from aespa_core.inference.metro_model import load_metro_model
from aespa_core.sources.metro_study import ingest_metro
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.catalogue import ATLAS, ROOT
from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import validate_study

pytestmark = pytest.mark.slow

WEIGHTS = ROOT / "assets" / "models" / "tract_model"
LEFT_OUT = {
    "washington": "Washington, DC--VA--MD",
    "minneapolis": "Minneapolis--St. Paul, MN--WI",
    "seattle": "Seattle, WA",
    "st_louis": "St. Louis, MO--IL",
}


@pytest.fixture(scope="module")
def country(mirror: Path) -> NationalTracts:
    """Read the country once."""
    return read_national_tracts(Mirror(mirror))


@pytest.fixture(scope="module")
def estimates() -> pd.DataFrame:
    """Read the estimates that ship."""
    return open_study(ATLAS).read("estimates").set_index("geoid")


def test_estimates_agree_with_labels_that_the_model_never_saw(country, estimates):
    labels = country.table[["lst_day_c", "urban_area"]].reindex(estimates.index)
    inside = []
    for metro, area in LEFT_OUT.items():
        assert own_areas(country.table, list(estimates.index[estimates["metro"] == metro])) == (
            area,
        )
        here = (estimates["metro"] == metro) & (labels["urban_area"] == area)
        here &= labels["lst_day_c"].notna()
        mine, label = estimates[here], labels.loc[here, "lst_day_c"]
        error = (label - label.mean()) - (mine["anomaly_c"] - mine["anomaly_c"].mean())
        assert mine["anomaly_c"].corr(label) > 0.7, metro
        assert np.sqrt((error**2).mean()) < 1.0, metro
        inside.append(error.abs() <= (mine["high90_c"] - mine["low90_c"]) / 2)
        assert 0.7 < inside[-1].mean() < 0.98, metro
    assert 0.82 < pd.concat(inside).mean() < 0.96


def test_no_label_of_a_metro_reaches_its_model(country, estimates):
    tracts = training_tracts(country)
    for metro in estimates["metro"].unique():
        geoids = list(estimates.index[estimates["metro"] == metro])
        left = metro_split(tracts, country.table, geoids).training
        assert not np.isin(left.features.geoid, geoids).any()
        assert LEFT_OUT.get(metro) not in left.features.area
        # and the weights that ship were made from just these tracts
        facts = load_metro_model(WEIGHTS, metro).facts
        assert facts["tracts"] == len(left.group)


def test_an_ingested_study_has_the_atlas_and_the_weights_give_it_again(
    mirror, country, estimates, tmp_path, monkeypatch
):
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(mirror))
    study = ingest_metro("st_louis", tmp_path / "st_louis")
    assert study.runs == ("atlas",)
    assert study.run_tables("atlas") == ("estimates", "attributions", "responses")
    assert validate_study(study.path) == []
    metro, geoids = estimated_metro(study)
    fitted = load_metro_model(WEIGHTS, metro.id)
    again = metro_estimates(fitted, country, metro.id, geoids).set_index("geoid")
    for name in ("anomaly_c", "low90_c", "base_c", "contribution_canopy_c", "lst_day_c"):
        # another processor may sum in another order
        np.testing.assert_allclose(again[name], estimates.loc[again.index, name], atol=1e-3)
