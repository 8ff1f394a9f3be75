"""A run learns what the towns hide, stops, resumes to the same weights, uses its settings."""

from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from aespa_core.errors import ArtifactError
from aespa_core.models.heat.encoders import TractPixels, encoders_of
from aespa_core.models.heat.settings import EncoderSettings
from aespa_core.training.heat.augmentation import augmented
from aespa_core.training.heat.loop import Fitted, estimated, fit_heat_model, started_model
from aespa_core.training.heat.objectives import Objective
from aespa_core.training.heat.optimisation import optimiser_of
from aespa_core.training.heat.run_state import STATE_FILE
from aespa_core.training.heat.training_set import training_set


def error_c(fitted, data) -> float:
    """Mean absolute error of the best epoch on validation."""
    return min(epoch.validation_mae_c for epoch in fitted.epochs)


def weights_of(fitted) -> torch.Tensor:
    return torch.cat([p.detach().flatten() for p in fitted.model.parameters()])


@pytest.fixture(scope="module")
def teacher(data, small):
    return fit_heat_model(data, replace(small, epochs=25), seed=0)


def test_a_teacher_learns_what_no_proxy_tells(teacher, data, made):
    """The start is the best line; images and mobility hide .4 and .5 °C of deviation beyond it."""
    assert teacher.epochs[0].validation_mae_c > 0.4
    assert error_c(teacher, data) < 0.25


def test_without_mobility_its_part_stays_unknown(teacher, data, small):
    blind = replace(small, epochs=25, model=replace(small.model, use_mobility=False))
    # half a degree of deviation is .4 °C of mean absolute error
    assert error_c(fit_heat_model(data, blind, 0), data) > error_c(teacher, data) + 0.1


def test_killed_after_an_epoch_it_ends_at_the_same_weights(data, small, tmp_path):
    whole = fit_heat_model(data, small, 3)

    def kill(epoch) -> None:
        if epoch.number == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit_heat_model(data, small, 3, folder=tmp_path, done=kill)
    seen = []
    resumed = fit_heat_model(data, small, 3, folder=tmp_path, done=seen.append)
    assert [epoch.number for epoch in seen] == [2, 3]
    assert torch.equal(weights_of(resumed), weights_of(whole))
    assert resumed.epochs == whole.epochs


def test_a_soft_run_resumes_with_its_bank(data, small, tmp_path):
    soft = replace(small, model=replace(small.model, physics="soft"))
    whole = fit_heat_model(data, soft, 3)
    fit_heat_model(data, replace(soft, epochs=4), 3, folder=tmp_path)
    state = torch.load(tmp_path / STATE_FILE, weights_only=True)
    assert state["learner"]["bank.filled"] > 0
    assert torch.equal(
        weights_of(fit_heat_model(data, soft, 3, folder=tmp_path)), weights_of(whole)
    )


def test_another_runs_state_is_refused(data, small, tmp_path):
    fit_heat_model(data, replace(small, epochs=1), 0, folder=tmp_path)
    with pytest.raises(ArtifactError, match="other settings"):
        fit_heat_model(data, small, 0, folder=tmp_path)
    # so is one that another teacher taught
    odd = estimated(started_model(data, small), data.inputs)
    with pytest.raises(ArtifactError, match="or teacher"):
        fit_heat_model(data, replace(small, epochs=1), 0, taught=odd, folder=tmp_path)
    (tmp_path / STATE_FILE).write_bytes(b"not a state")
    with pytest.raises(ArtifactError, match="not the state of a run"):
        fit_heat_model(data, small, 0, folder=tmp_path)


def test_it_stops_when_validation_no_longer_falls(data, small):
    still = replace(small, epochs=30, patience=2, learning_rate=1e-12)
    assert len(fit_heat_model(data, still, 0).epochs) <= 5


def test_every_parameter_has_its_place_in_the_optimiser(data, small):
    """MMAQ's uncertainty weights never learned: they were in no group."""
    for physics in ("monotone", "soft", "none"):
        settings = replace(small, model=replace(small.model, physics=physics))
        learner = Objective(started_model(data, settings), settings)
        grouped = {id(p) for g in optimiser_of(learner, settings).param_groups for p in g["params"]}
        assert grouped == {id(p) for p in learner.parameters() if p.requires_grad}


def test_every_parameter_learns(data, small):
    """A gradient reaches each parameter within a step or two."""
    settings = replace(small, hide_modality=0.3)
    learner = Objective(started_model(data, settings), settings)
    # what starts at zero behind another zero gets its gradient after a first step
    with torch.no_grad():
        for parameter in learner.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    torch.manual_seed(0)
    inputs = augmented(data.inputs.rows(data.train), torch.ones(data.shape.context), settings)
    labels = data.labels.rows(data.train)
    learner(vars(inputs), vars(labels), None)["loss"].backward()
    silent = [n for n, p in learner.named_parameters() if p.grad is None or not p.grad.any()]
    assert silent == []


def test_a_student_comes_closer_to_its_teacher_when_told_to(teacher, data, small):
    def last(term: str, **told: float) -> float:
        weights = replace(small.weights, **{"kd": 0.0, "fd": 0.0, **told})
        student = replace(
            small, epochs=5, weights=weights, model=replace(small.model, use_mobility=False)
        )
        return (
            fit_heat_model(data, student, 1, taught=estimated(odd, data.inputs))
            .epochs[-1]
            .terms[term]
        )

    # a teacher that is wrong in a way that labels would never teach
    odd = deepcopy(teacher.model)
    with torch.no_grad():
        odd.day.base.level.add_(1.0)
    assert last("fd", fd=1.0) < 0.8 * last("fd")
    assert last("kd", kd=5.0) < 0.8 * last("kd")


def test_labels_of_tested_tracts_are_never_read(made, data, small):
    changed = made.samples.lst_day_c.copy()
    changed[made.split.test] += 100.0
    other = training_set(
        replace(made.samples, lst_day_c=changed),
        made.split, made.samples.proxies, made.satellite, made.street,
    )  # fmt: skip
    assert torch.equal(
        weights_of(fit_heat_model(other, small, 0)), weights_of(fit_heat_model(data, small, 0))
    )
    assert data.labels.day[torch.from_numpy(made.split.test)].isnan().all()


def seen_set(made):
    """Lay the towns out with images: each pixel's brightness is the tract's hidden thing."""
    rng = np.random.default_rng(0)
    count, hidden = len(made.samples), made.satellite[:, 0, 5]
    hidden = np.nan_to_num(hidden, nan=0.0)
    bright = np.clip(128 + 40 * hidden, 0, 255)[:, None, None, None]
    tiles = np.clip(bright + rng.normal(0, 5, (count, 16, 16, 3)), 0, 255).astype(np.uint8)
    photos = np.zeros((count, 2, 16, 16, 3), np.uint8)
    satellite, street = np.zeros((count, 5, 8), np.float32), np.zeros((count, 2, 8), np.float32)
    return training_set(
        made.samples, made.split, made.samples.proxies, satellite, street,
        TractPixels(tiles, photos),
    )  # fmt: skip


@pytest.mark.parametrize("adaptation", ["lora", "adapters", "whole"])
def test_encoders_learn_with_the_model_and_resume(made, small, adaptation, tmp_path):
    data = seen_set(made)

    def fitted(how: str, folder: Path) -> Fitted:
        tiny = EncoderSettings(
            image_px=16, patch_px=8, width=8, depth=1, heads=2, rank=4, adaptation=how
        )
        model = replace(
            small.model, satellite=tiny, street=tiny, grid=2, photos=2, use_mobility=False
        )
        settings = replace(small, epochs=6, learning_rate=2e-2, model=model)
        return fit_heat_model(data, settings, 0, encoders=encoders_of(model), folder=folder)

    learned = fitted(adaptation, tmp_path)
    start = encoders_of(learned.model.settings).state_dict()
    moved = [n for n, v in learned.encoders.state_dict().items() if not torch.equal(v, start[n])]
    assert moved
    if adaptation != "whole":
        # the checkpoint's own weights stay
        added = {n for n, p in learned.encoders.named_parameters() if p.requires_grad}
        assert set(moved) <= added
        assert len(added) < len(start)
    again = fitted(adaptation, tmp_path)
    assert again.epochs == learned.epochs
