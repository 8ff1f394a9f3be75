"""Maps of pictures: effects sum to the change, follow the weights, and land in the study."""

import copy
import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from aespa_core.analysis.attention import attention_of
from aespa_core.attribution.image_saliency import (
    TOLERANCE_C,
    TOLERANCE_SHARE,
    day_of,
    image_saliency,
    in_cells,
)
from aespa_core.attribution.saliency_check import Subject, sanity_check
from aespa_core.attribution.study_saliency import saliency_of_study
from aespa_core.attribution.tract_pictures import (
    Looker,
    mean_pictures,
    tract_pictures,
)
from aespa_core.errors import StudyError
from aespa_core.inference import heat_embeddings, heat_study
from aespa_core.inference.heat_predict import asked_of, load_predictor, predict_heat, samples_for
from aespa_core.studies.folder import open_study
from aespa_core.studies.saliency_table import TILE
from aespa_core.studies.validation import validate_study
from aespa_core.training.heat.loop import estimated
from tests.painted_town import NO_PICTURE, NO_TILE
from tests.trained_town import write_trained_town

MAPPED = 3


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    made = write_trained_town(tmp_path_factory.mktemp("looked_at"))
    predict_heat(made.study, made.weights, "mine", made.caches)
    predictor, opened = load_predictor(made.weights), open_study(made.study)
    looker = Looker(predictor.checkpoint.models, predictor.encoders)
    samples = samples_for(predictor, opened)
    return SimpleNamespace(
        **vars(made),
        samples=samples,
        inputs=asked_of(predictor, opened, samples, made.caches).inputs,
        looker=looker,
        keen=keen(looker),
    )


def keen(looker: Looker) -> Looker:
    """Let the base make more of the pictures than a few epochs teach it."""
    models = tuple(copy.deepcopy(model) for model in looker.models)
    for model in models:
        torch.nn.init.normal_(model.day.base.features.weight, generator=torch.manual_seed(1))
    return replace(looker, models=models)


def subjects_of(town, rows) -> list[Subject]:
    (mean,) = mean_pictures(town.samples, town.looker).values()
    return [
        Subject(str(town.samples.geoid[row]), picture, town.inputs.rows(torch.tensor([row])))
        for row in rows
        for picture in tract_pictures(town.samples, row, mean, town.looker)
    ]


def test_of_a_line_the_effects_are_known():
    rng = np.random.default_rng(0)
    weight, picture, mean = rng.normal(size=(3, 3, 4, 4)).astype(np.float32)
    found = image_saliency(
        lambda pictures: (pictures * torch.from_numpy(weight)).sum((1, 2, 3)), picture, mean
    )
    np.testing.assert_allclose(found.effect_c, (weight * (picture - mean)).sum(0), atol=1e-5)


def test_cells_hold_all_of_the_pixels():
    effect = np.random.default_rng(0).normal(size=(56, 56))
    for cells in ((16, 16), (8, 32)):
        summed = in_cells(effect, cells)
        assert summed.shape == cells
        assert summed.sum() == pytest.approx(effect.sum())
    np.testing.assert_allclose(in_cells(effect, (8, 8))[2, 3], effect[14:21, 21:28].sum())
    # fewer pixels than cells
    assert in_cells(effect[:6, :6], (8, 32)).shape == (6, 6)


def test_effects_sum_to_what_the_picture_changes(town):
    """The change is asked of the model in another way: through the inputs of the estimates."""
    changes = []
    for one in subjects_of(town, (0, 5, 70)):
        picture, tract = one.picture, one.tract
        found = image_saliency(picture.day(town.keen, tract), picture.picture, picture.mean)
        encoders, mean = town.looker.encoders, torch.from_numpy(picture.mean[None])
        with torch.no_grad():
            if picture.photo is None:
                usual = replace(tract, satellite=encoders.satellite(mean))
            else:
                usual = replace(tract, street=tract.street.clone())
                usual.street[:, picture.photo] = encoders.street(mean)
        change = np.mean(
            [float(estimated(m, tract).day - estimated(m, usual).day) for m in town.keen.models]
        )
        changes.append(abs(change))
        assert found.effect_c.sum() == pytest.approx(
            change, abs=TOLERANCE_C + TOLERANCE_SHARE * abs(change)
        )
    # the tolerance says something
    assert np.median(changes) > 20 * TOLERANCE_C


def test_maps_vanish_with_the_learned_weights_and_edges_would_not(town):
    subjects = subjects_of(town, range(0, 10, 2))
    check = sanity_check(town.keen, subjects, draws=4)
    assert check.pictures == 10
    assert abs(check.model) < 0.2
    assert abs(check.encoders) < 0.2

    def edges(looker, picture, tract) -> np.ndarray:
        return np.abs(np.gradient(picture.picture.mean(0))[0])

    found = sanity_check(town.keen, subjects, edges, draws=1)
    assert found.model == found.encoders == pytest.approx(1.0)


def test_proxies_are_held_as_they_were_read(town):
    """Where the base sees no feature, a picture does nothing, whatever its proxies are."""
    models = tuple(load_predictor(town.weights).checkpoint.models)
    for model in models:
        torch.nn.init.zeros_(model.day.base.features.weight)
    looker = replace(town.looker, models=models)
    for one in subjects_of(town, (0,)):
        day = one.picture.day(looker, one.tract)
        found = image_saliency(day, one.picture.picture, one.picture.mean)
        assert np.abs(found.effect_c).max() < 1e-9
    before = day_of(models, town.inputs).detach()
    assert before.std() > 0


def test_maps_land_in_the_study_and_gather(town):
    geoid = [str(name) for name in town.samples.geoid]
    first = saliency_of_study(town.study, town.weights, "mine", geoid[:MAPPED], town.caches)
    assert (first.tracts, first.pictures, first.incomplete) == (MAPPED, 2 * MAPPED, 0)
    more = [geoid[NO_TILE], geoid[0]]
    second = saliency_of_study(town.study, town.weights, "mine", more, town.caches)
    study = open_study(town.study)
    table = study.read_run("mine", "saliency")
    assert set(table["geoid"]) == {*geoid[:MAPPED], geoid[NO_TILE]}
    assert set(table.loc[table["geoid"] == geoid[NO_TILE], "image"]) == {"0"}
    own = study.read_tract("mine", "saliency", geoid[1])
    assert len(own) == 16 * 16 + 8 * 16
    assert len(own[own["image"] == TILE]) == 256
    assert validate_study(town.study) == []
    # the check of each picture that was looked at, gathered as the maps are
    check = study.read_run("mine", "saliency_check").set_index(["geoid", "image"])
    assert set(check.index) == {
        *((name, image) for name in geoid[:MAPPED] for image in (TILE, "0")),
        (geoid[NO_TILE], "0"),
    }
    means = check.loc[[geoid[0], geoid[NO_TILE]]].mean()
    assert means["model"] == pytest.approx(second.check.model)
    assert means["encoders"] == pytest.approx(second.check.encoders)
    read = attention_of(study, "mine", geoid[1]).check
    assert (read.pictures, read.model) == (7, pytest.approx(check["model"].mean()))


def test_what_cannot_be_mapped_is_said(town):
    with pytest.raises(StudyError, match="has no tract '99'"):
        saliency_of_study(town.study, town.weights, "mine", ["99"], town.caches)
    alone = str(town.samples.geoid[NO_PICTURE])
    with pytest.raises(StudyError, match="has no picture of these tracts"):
        saliency_of_study(town.study, town.weights, "mine", [alone], town.caches)
    with pytest.raises(StudyError, match="has no estimates of a run 'other'"):
        saliency_of_study(town.study, town.weights, "other", (), town.caches)


def test_a_tract_without_saliency_is_refused(aespa, town):
    code, _, said = aespa("attribute", town.study, "--model", town.weights, "--tract", "1")
    assert code == 2
    assert "give --saliency with it" in said


def test_the_command_says_what_it_mapped(aespa, town, monkeypatch):
    monkeypatch.setattr(heat_study, "NUMBERS", town.caches.numbers)
    monkeypatch.setattr(heat_embeddings, "CACHE", town.caches.embeddings)
    words = ("attribute", town.study, "--model", town.weights, "--run", "mine", "--saliency")
    chosen = ("--tract", town.samples.geoid[3], "--tract", town.samples.geoid[4])
    code, out, err = aespa(*words, *chosen, "--json")
    assert (code, err) == (0, "")
    maps = json.loads(out)["saliency"]
    assert (maps["tracts"], maps["pictures"], maps["incomplete"]) == (2, 4, 0)
    assert set(maps["check"]) == {"model", "encoders", "pictures"}
    # the other tables were written again, and the maps stayed
    there = open_study(town.study).run_tables("mine")
    assert there[-3:] == ("saliency", "saliency_check", "trends")
    assert len(there) == 7
