"""``aespa atlas build``, ``predict``, ``attribute``: end to end on the made nation, bad input."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets import national_tracts
from aespa_core.inference import fit_cache
from aespa_core.sources import mirror as mirror_module
from aespa_core.sources import tract_boundaries
from aespa_core.sources.extract import Extract
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.folder import Study, StudyInfo, open_study, write_study
from aespa_core.studies.validation import validate_study
from aespa_core.training import tract_fit
from tests.made_nation import FAST, LABELLED_METRO, polygons_of

METRO, TOWN = LABELLED_METRO


@pytest.fixture
def made_mirror(nation, monkeypatch, tmp_path):
    """Let the commands read the made nation, with settings that a test can wait for."""

    def boundaries(mirror: Mirror, metro: str) -> Extract:
        shapes = polygons_of(nation, TOWN)
        return Extract(gpd.GeoDataFrame({"geoid": shapes.index}, geometry=shapes.to_numpy()))

    monkeypatch.setattr(mirror_module, "open_mirror", lambda: Mirror(tmp_path))
    monkeypatch.setattr(national_tracts, "read_national_tracts", lambda mirror: nation)
    monkeypatch.setattr(tract_boundaries, "read_tracts", boundaries)
    monkeypatch.setattr(tract_fit, "FitSettings", lambda: FAST)
    monkeypatch.setattr(fit_cache, "CACHE", tmp_path / "cache")
    return nation


@pytest.fixture
def study(nation, tmp_path):
    """Write an observed study of the made metro."""
    shapes = polygons_of(nation, TOWN)
    tracts = gpd.GeoDataFrame(
        {"geoid": shapes.index, "metro": METRO, "aland_m2": 1e6, "awater_m2": 0.0},
        geometry=shapes.to_numpy(),
        crs="EPSG:4326",
    )
    info = StudyInfo("Town", "observed", "2010", (), ())
    return write_study(tmp_path / "study", info, {"tracts": tracts})


def labels_against(study: Study, responses: pd.DataFrame) -> pd.DataFrame:
    """Measure temperatures that rise by 5 °C per unit of NDVI, where the curves fall."""
    estimates = study.read_run("tract_model").set_index("geoid")
    rows = responses[(responses["proxy"] == "ndvi") & (responses["member"] == 0)]
    ndvi = rows.set_index("geoid")["value"].reindex(estimates.index)
    noise = np.random.default_rng(0).normal(0.0, 0.05, len(ndvi))
    label = 35.0 + estimates["base_c"] + 5.0 * ndvi + noise
    table = pd.DataFrame({"lst_day_c": label, "source": "made", "n_pixels": 100.0})
    return table.rename_axis("geoid").reset_index()


def test_build_then_predict_then_attribute_say_the_same(aespa, made_mirror, study, tmp_path):
    out = tmp_path / "assets" / "atlas"
    code, printed, _ = aespa("atlas", "build", "--metro", METRO, "--out", out, "--json")
    assert code == 0
    assert json.loads(printed)["metros"][0]["tracts"] == len(study.read("tracts"))
    assert json.loads(printed)["largest_gap_c"] < 1e-5
    assert validate_study(out) == []
    weights = tmp_path / "assets" / "models" / "tract_model"
    code, printed, _ = aespa("predict", study.path, "--model", weights, "--json")
    assert (code, json.loads(printed)["metro"]) == (0, METRO)
    said_of_inputs(aespa, made_mirror, study, weights, json.loads(printed)["other_inputs"])
    assert validate_study(study.path) == []
    again = open_study(study.path)
    assert again.runs == ("tract_model",)
    assert again.read_run("tract_model").equals(open_study(out).read("estimates"))
    # the weights of the atlas explain both, the study's with its own values
    code, printed, _ = aespa("attribute", study.path, "--model", weights, "--json")
    said = json.loads(printed)
    assert (code, said["run"], said["tables"]) == (0, "tract_model", ["attributions", "responses"])
    assert said["largest_gap_c"] < 1e-5
    assert validate_study(study.path) == []
    mine = open_study(study.path).read_run("tract_model", "responses")
    theirs = open_study(out).read("responses")
    keys = ["geoid", "metro", "proxy", "member"]
    assert set(map(tuple, mine[keys].to_numpy())) == set(map(tuple, theirs[keys].to_numpy()))
    assert mine["value"].notna().all()
    assert theirs["value"].isna().all()
    # with labels it is said whether they contradict: here vegetation warms
    write_study(study.path, study.info, {"temperature": labels_against(again, mine)})
    said = json.loads(aespa("attribute", study.path, "--model", weights, "--json")[1])
    assert (said["contradictions"], said["tables"][-1]) == (1, "trends")
    trends = open_study(study.path).read_run("tract_model", "trends")
    assert trends.loc[trends["contradicts"], "proxy"].tolist() == ["ndvi"]
    assert set(trends["learned_from"]) == {"another"}
    assert validate_study(study.path) == []
    before = (out / "responses.parquet").read_bytes()
    code, printed, _ = aespa("attribute", out, "--model", weights)
    assert code == 0
    assert "the run 'atlas' taken apart into attributions, responses: 64 tracts, 2" in printed
    assert (out / "responses.parquet").read_bytes() == before


def said_of_inputs(aespa, nation, study, weights, bare):
    """Check what is said of a study's own proxies: none, the same, rounded, in percent, no column.

    The study is as it was in the end.
    """
    table = nation.table.loc[study.read("tracts")["geoid"], ["ndvi", "canopy"]]
    measured = table.notna().sum().to_dict()
    # what the study lacks altogether was taken from elsewhere
    assert {one["quantity"]: one["tracts"] for one in bare} == measured
    rows = table.assign(source="made").reset_index(names="geoid")
    for proxies, told in (
        (rows, {}),
        (rows.round(3), {}),
        (rows.assign(canopy=rows["canopy"] / 100), {"canopy": int((rows["canopy"] > 0.001).sum())}),
        (rows.drop(columns="canopy"), {"canopy": measured["canopy"]}),
        (rows.assign(ndvi=rows["ndvi"].where(rows.index > 4)), {"ndvi": 5}),
    ):
        write_study(study.path, study.info, {"proxies": proxies})
        code, printed, _ = aespa("predict", study.path, "--model", weights, "--json")
        found = json.loads(printed)["other_inputs"]
        assert (code, {one["quantity"]: one["tracts"] for one in found}) == (0, told)
        assert all(one["used"] == "AESPA_DATA_MIRROR" for one in found)
    _, printed, _ = aespa("predict", study.path, "--model", weights)
    assert "in 5 of 64 tracts" in printed
    assert "used were the sources in AESPA_DATA_MIRROR" in printed
    (study.path / "proxies.parquet").unlink()
    write_study(study.path, study.info, {})


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--metro", "atlantis"), "There is no metro 'atlantis'"),
        (("--metro", METRO), "AESPA_DATA_MIRROR is not set"),
    ],
)
def test_atlas_build_on_bad_input(aespa, monkeypatch, tmp_path, words, sentence):
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    code, _, error = aespa("atlas", "build", "--out", tmp_path / "atlas", *words)
    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_atlas_build_onto_a_file_or_another_study(aespa, study, tmp_path):
    (tmp_path / "file").write_text("")
    for out, sentence in ((tmp_path / "file", "is a file"), (study.path, "kind 'observed'")):
        code, _, error = aespa("atlas", "build", "--out", out)
        assert code == 2
        assert sentence in error


def test_predict_on_bad_input(aespa, made_mirror, study, tiny_study, tmp_path):
    for words, sentence in (
        ((tmp_path / "nowhere",), "There is no folder"),
        ((tiny_study.path,), "the stored models know real tracts only"),
        ((study.path, "--model", tmp_path), "is missing: make it again with `aespa atlas build`"),
    ):
        code, _, error = aespa("predict", *words)
        assert code == 2
        assert sentence in error
        assert error.count("\n") == 1


def test_attribute_on_bad_input(aespa, made_mirror, study, tiny_study, tmp_path):
    for words, sentence in (
        ((tmp_path / "nowhere",), "There is no folder"),
        ((tiny_study.path,), "the stored models know real tracts only"),
        ((study.path,), "make them first with `aespa predict"),
        ((study.path, "--run", "mine"), "--model is missing: give the best.safetensors that made"),
        ((study.path, "--model", tmp_path / "best.safetensors"), "best.safetensors is missing"),
    ):
        code, _, error = aespa("attribute", *words)
        assert code == 2
        assert sentence in error
        assert error.count("\n") == 1
