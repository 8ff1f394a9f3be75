"""The atlas and the weights that ship, read as a user gets them: no source data needed."""

import json
import re

import numpy as np
import pytest

from aespa_core.analysis.response import responses_of
from aespa_core.inference.metro_model import load_metro_model
from aespa_core.schema import METRO_IDS
from aespa_core.studies.catalogue import ATLAS, ROOT
from aespa_core.studies.declared import DECLARED
from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import validate_study

TRACTS = {
    "dallas": 1312, "washington": 1360, "miami": 1216, "boston": 1005, "seattle": 719,
    "minneapolis": 785, "st_louis": 615, "pittsburgh": 711,
}  # fmt: skip
MEMBERS = 8
CANOPY = {"washington", "minneapolis", "seattle", "st_louis"}
WEIGHTS = ROOT / "assets" / "models" / "tract_model"


@pytest.fixture(scope="module")
def estimates():
    """Read the estimates that ship."""
    return open_study(ATLAS).read("estimates")


def test_it_is_valid_and_whole(estimates):
    assert validate_study(ATLAS) == []
    assert estimates["metro"].value_counts().to_dict() == TRACTS


def test_base_and_contributions_add_up_in_every_tract(estimates):
    parts = estimates.filter(like="contribution_")
    total = estimates["base_c"] + parts.fillna(0).sum(axis=1)
    assert (total - estimates["anomaly_c"]).abs().max() <= 1e-4
    assert estimates.groupby("metro")["anomaly_c"].median().abs().max() < 1e-3


def test_a_contribution_stands_exactly_where_its_proxy_is_measured(estimates):
    names = [name.removeprefix("contribution_").removesuffix("_c") for name in estimates
             if name.startswith("contribution_")]  # fmt: skip
    assert names == ["ndvi", "canopy", "impervious"]
    measured = estimates["measured"].str.split("+")
    for name in names:
        has = measured.map(lambda words, name=name: name in words)
        assert (estimates[f"contribution_{name}_c"].notna() == has).all()
    canopied = estimates[estimates["contribution_canopy_c"].notna()]["metro"].unique()
    assert set(canopied) == CANOPY


def test_missing_canopy_widens_the_interval(estimates):
    width = estimates["high90_c"] - estimates["low90_c"]
    for metro in CANOPY:
        here = estimates["metro"] == metro
        lacks = estimates["contribution_canopy_c"].isna()
        assert width[here & lacks].median() > width[here & ~lacks].median(), metro


def test_absolute_temperature_only_in_metros_with_labels(estimates):
    levelled = estimates[estimates["lst_day_c"].notna()]
    assert set(levelled["metro"]) == CANOPY


def test_it_is_small_and_holds_model_output_only():
    files = [path for path in ATLAS.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 5e6
    assert max(path.stat().st_size for path in files) < 3e6
    assert {path.name for path in files} == {
        "estimates.parquet", "cells.parquet", "attributions.parquet", "responses.parquet",
        "study.toml", "manifest.json", "tables.json",
    }  # fmt: skip
    # tables of statistics: no tract of any source among them
    assert not re.search(r'"\d{11}"', (ATLAS / "disparity" / "tables.json").read_text("utf-8"))
    atlas = open_study(ATLAS)
    for name in atlas.tables:
        assert set(atlas.read(name)) <= set(DECLARED["estimated"][name].columns)


def test_parts_are_those_of_the_estimates_and_stand_where_a_curve_does(estimates):
    atlas = open_study(ATLAS)
    assert atlas.info.notes[-1].startswith("Attributions hold base")
    parts = atlas.read("attributions").pivot(index="geoid", columns="part", values="effect_c")
    table = estimates.set_index("geoid").loc[parts.index]
    assert (parts.sum(axis=1) - table["anomaly_c"]).abs().max() <= 1e-4
    curves = atlas.read("responses")
    for name in ("ndvi", "canopy", "impervious"):
        said = table[f"contribution_{name}_c"]
        assert (parts[name].notna() == said.notna()).all()
        assert (parts[name] - said).abs().max() <= 1e-5
        mine = curves[curves["proxy"] == name]
        assert set(mine["geoid"]) == set(said.index[said.notna()])
        assert (mine.groupby("geoid")["member"].nunique() == MEMBERS).all()
    assert set(curves["metro"][curves["proxy"] == "canopy"]) == CANOPY


def test_explanations_tell_no_value_of_a_source():
    curves = open_study(ATLAS).read("responses")
    assert curves["value"].isna().all()
    for name in ("lowest", "highest", "usual_lowest", "usual_highest"):
        hundredths = curves[name].to_numpy() * 100
        np.testing.assert_allclose(hundredths, hundredths.round(), atol=1e-6)


def test_planting_cools_wherever_canopy_was_learned():
    atlas = open_study(ATLAS)
    for metro in METRO_IDS:
        curves = responses_of(atlas, metro, "atlas")
        change = np.zeros(curves.known.shape)
        change[:, 1] = np.where(curves.known[:, 1], np.minimum(curves.highest[:, 1], 0.1), 0.0)
        cooling = curves.effect_c(change).mean(0)
        assert (cooling <= 0).all()
        if metro in CANOPY:
            # ten points of canopy: some tenths of a degree
            assert -1.0 < np.median(cooling[change[:, 1] > 0]) < -0.2, metro


def test_weights_ship_for_every_metro_without_pickle():
    files = [path for path in WEIGHTS.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".safetensors", ".json"}
    assert sum(path.stat().st_size for path in files) < 2e6
    for metro in METRO_IDS:
        fitted = load_metro_model(WEIGHTS, metro)
        assert () in fitted.intervals
        assert all(np.isfinite(interval.quantile) for interval in fitted.intervals.values())
        assert bool(fitted.model.learned[1]) == (metro in CANOPY)


def test_the_card_lists_every_metro_and_where_curves_were_learned():
    card = json.loads((WEIGHTS / "card.json").read_text(encoding="utf-8"))
    assert set(card["metros"]) == set(METRO_IDS)
    assert card["proxies_without_a_curve"] == ["albedo", "shadow"]
    washington = card["metros"]["washington"]
    assert washington["left_out"] == ["Washington, DC--VA--MD"]
    assert set(washington["curves"]["impervious"]) == {
        "Baltimore, MD", "Barnstable Town, MA", "Providence, RI--MA", "Springfield, MA--CT"
    }  # fmt: skip
    assert (WEIGHTS.with_suffix(".md")).is_file()
