"""A run taken apart: parts meet the estimates, modalities add up, another model is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.response import responses_of
from aespa_core.attribution.heat_attribution import attribute_heat, attribution_rows
from aespa_core.attribution.modality_share import modality_effects, with_modalities
from aespa_core.errors import StudyError
from aespa_core.inference import heat_embeddings, heat_study
from aespa_core.inference.heat_estimates import day_parts
from aespa_core.inference.heat_predict import asked_of, load_predictor, predict_heat, samples_for
from aespa_core.inference.heat_run import heat_run
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import add_explanations, add_run, open_study, write_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.run_tables import BASE
from aespa_core.studies.trend_table import THIS
from aespa_core.studies.validation import validate_study
from aespa_core.training.heat.loop import estimated
from tests.painted_town import NO_PHOTO
from tests.tiny_study import METRO
from tests.trained_town import MODEL, SETTINGS, TrainedTown, run_of, write_trained_town


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> TrainedTown:
    made = write_trained_town(tmp_path_factory.mktemp("attributed"))
    predict_heat(made.study, made.weights, "mine", made.caches)
    attribute_heat(made.study, made.weights, "mine", made.caches)
    return made


def test_base_and_contributions_are_those_of_the_estimates(town, tmp_path):
    study = open_study(town.study)
    estimates = study.read_run("mine").set_index("geoid")
    parts = study.read_run("mine", "attributions").pivot(
        index="geoid", columns="part", values="effect_c"
    )
    own = parts[[BASE, *(name for name in PROXY_IDS if name in parts)]].sum(axis=1)
    assert np.abs(own - estimates["anomaly_c"]).max() < 1e-4
    assert validate_study(town.study) == []
    # a part that is not the estimates' is found
    copy = open_study(shutil.copytree(town.study, tmp_path / "town"))
    broken = study.read_run("mine", "attributions")
    broken.loc[0, "effect_c"] += 2e-4
    with pytest.raises(StudyError, match=r"Nothing is written.*is not base_c"):
        add_explanations(copy, "mine", {"attributions": broken})
    write_parquet(copy.run_file("mine", "attributions"), broken)
    write_manifest(copy.path)
    (fault,) = validate_study(copy.path)
    assert "is not base_c of estimates/mine.parquet" in str(fault)


def test_intervals_hold_the_mean_and_have_two_members_behind_them(town):
    parts = open_study(town.study).read_run("mine", "attributions")
    assert (parts["low90_c"] <= parts["effect_c"]).all()
    assert (parts["effect_c"] <= parts["high90_c"]).all()
    assert (parts["high90_c"] > parts["low90_c"]).any()


def test_the_bases_interval_knows_no_level_that_a_members_tracts_share(town):
    predictor, study = load_predictor(town.weights), open_study(town.study)
    samples = samples_for(predictor, study)
    asked = asked_of(predictor, study, samples, town.caches)
    parts = day_parts(predictor.checkpoint.models, asked.inputs, samples.metro)
    apart = replace(parts, base_c=parts.base_c + np.array([[4.0], [-4.0]]))
    rows, moved = (attribution_rows(predictor, one, asked) for one in (parts, apart))
    pd.testing.assert_frame_equal(moved, rows, atol=2e-6)
    base = rows[rows["part"] == BASE]
    assert (base["high90_c"] > base["low90_c"]).all()


def test_modalities_add_up_to_what_the_images_and_the_week_change(town):
    predictor, study = load_predictor(town.weights), open_study(town.study)
    samples = samples_for(predictor, study)
    asked = asked_of(predictor, study, samples, town.caches)
    models = predictor.checkpoint.models
    effects = modality_effects(models, asked.inputs)
    assert set(effects) == {"satellite", "street", "mobility"}
    for member, model in enumerate(models):
        whole = estimated(model, asked.inputs).day.double().numpy()
        none = estimated(model, with_modalities(asked.inputs, ())).day.double().numpy()
        total = sum(effect[member] for effect in effects.values())
        np.testing.assert_allclose(total, whole - none, atol=1e-5)
    # who has no photo is moved by none
    assert np.abs(effects["street"][:, NO_PHOTO]).max() < 1e-6


def test_attention_is_shared_out_among_a_tracts_photos(town):
    attention = open_study(town.study).read_run("mine", "attention")
    total = attention.groupby("geoid")["attention"].sum()
    np.testing.assert_allclose(total, 1.0, atol=1e-6)
    # 144 tracts, two of them without a photo
    assert len(attention) == 142


def test_responses_know_only_proxies_that_were_measured_somewhere(town):
    curves = responses_of(open_study(town.study), METRO, "mine")
    assert curves.proxies == ("ndvi", "canopy")
    assert curves.line.shape[0] == SETTINGS.members


def test_estimates_of_another_model_are_not_explained(town, tmp_path):
    study = shutil.copytree(town.study, tmp_path / "town")
    opened = open_study(study)
    table = opened.read_run("mine")
    # by another model, and in themselves right
    table[["anomaly_c", "base_c", "low90_c", "high90_c"]] += 0.01
    again = add_run(opened, "mine", table)
    # explanations go with the estimates that they explained
    assert again.run_tables("mine") == ("estimates",)
    with pytest.raises(StudyError, match="was not made by this model"):
        attribute_heat(study, town.weights, "mine", town.caches)
    with pytest.raises(StudyError, match="has no estimates of a run 'other'"):
        attribute_heat(study, town.weights, "other", town.caches)


def test_a_model_without_curves_has_parts_but_no_responses(town, tmp_path):
    study = shutil.copytree(town.study, tmp_path / "town")
    free = replace(SETTINGS, members=1, model=replace(MODEL, physics="none"))
    weights = heat_run(run_of(study, tmp_path / "run", free), caches=town.caches).weights
    predict_heat(study, weights, "free", town.caches)
    made = attribute_heat(study, weights, "free", town.caches)
    assert "responses" not in made.tables
    parts = open_study(study).read_run("free", "attributions")
    assert set(parts["part"]) == {BASE, "satellite", "street", "mobility"}
    assert parts["low90_c"].isna().all()
    assert validate_study(study) == []


def relabelled(town: TrainedTown, folder: Path, canopy_c: float | None) -> Path:
    """Copy the town; its labels follow canopy, as the curves see it, beyond the estimates."""
    study = open_study(shutil.copytree(town.study, folder))
    (folder / "temperature.parquet").unlink()
    tables = {}
    if canopy_c is not None:
        curves = responses_of(study, METRO, "mine")
        canopy = pd.Series(curves.value[:, PROXY_IDS.index("canopy")], curves.geoid)
        estimate = study.read_run("mine").set_index("geoid")["anomaly_c"]
        noise = np.random.default_rng(0).normal(0.0, 0.05, len(estimate))
        label = 30.0 + estimate + canopy_c * canopy.reindex(estimate.index) + noise
        table = pd.DataFrame({"lst_day_c": label, "source": "made", "n_pixels": 100.0})
        tables["temperature"] = table.rename_axis("geoid").reset_index()
    (folder / "trends" / "mine.parquet").unlink()
    return write_study(folder, study.info, tables).path


@pytest.mark.parametrize(("canopy_c", "contradictions"), [(9.0, 1), (-9.0, 0), (None, None)])
def test_the_command_says_whether_labels_contradict(
    town, tmp_path, aespa, monkeypatch, canopy_c, contradictions
):
    monkeypatch.setattr(heat_study, "NUMBERS", town.caches.numbers)
    monkeypatch.setattr(heat_embeddings, "CACHE", town.caches.embeddings)
    study = relabelled(town, tmp_path / "town", canopy_c)
    command = ("attribute", study, "--model", town.weights, "--run", "mine")
    code, out, err = aespa(*command, "--json")
    assert (code, err) == (0, "")
    said = json.loads(out)
    assert said["contradictions"] == contradictions
    assert ("trends" in said["tables"]) == (canopy_c is not None)
    assert validate_study(study) == []
    if canopy_c is not None:
        trends = open_study(study).read_run("mine", "trends").set_index("proxy")
        assert abs(trends.loc["canopy", "residual_slope_c"] - canopy_c) < 1.0
        # the model learned from this town, by its name
        assert set(trends["learned_from"]) == {THIS}
        assert ("1 of the trends" in aespa(*command)[1]) == (canopy_c > 0)
