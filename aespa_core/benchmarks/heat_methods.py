"""Methods of the heat benchmark by their ids: the baselines, and our model in all its forms."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.baselines.heat.registry import REGISTRY
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs, heat_inputs
from aespa_core.training.heat.ensemble import fit_members
from aespa_core.training.heat.loop import estimated
from aespa_core.training.heat.settings import TrainSettings, experiment
from aespa_core.training.heat.training_set import training_set

Array = npt.NDArray[np.float64]

TEACHER: Final = "aespa"
STUDENT: Final = "aespa_student"
SOFT: Final = "aespa_soft"


@dataclass(frozen=True)
class Answer:
    """What a method says of B tracts.

    Attributes
    ----------
    day_c
        Excess over the reference by day, °C, (B,).
    night_c
        By night, °C, NaN where a method has none, (B,).
    curves_c
        Part of the day that goes through the curves, °C, NaN where there are none, (B,).
    """

    day_c: Array
    night_c: Array
    curves_c: Array


Method = Callable[[HeatData], Answer]


@dataclass(frozen=True)
class Ensemble:
    """Models whose mean is the answer."""

    models: tuple[HeatModel, ...]

    def __call__(self, data: HeatData) -> Answer:
        """Estimate B tracts; the proxies are those of the data, images stay as they were read."""
        found = [estimated(model, inputs_of(data, model)) for model in self.models]
        curves = mean([e.contribution.sum(-1).double().numpy() for e in found])
        bound = self.models[0].settings.physics == "monotone"
        return Answer(
            mean([e.day.double().numpy() for e in found]),
            mean([e.night.double().numpy() for e in found]),
            curves if bound else np.full(len(curves), np.nan),
        )


def mean(values: list[Array]) -> Array:
    """Average over members."""
    return np.asarray(np.mean(values, axis=0))


def inputs_of(data: HeatData, model: HeatModel) -> HeatInputs:
    """Lay a benchmark's data out for a model."""
    return heat_inputs(
        data.samples,
        data.proxies,
        data.satellite,
        data.street,
        model.shape.metros,
        read=data.read,
    )


def fit_ensemble(
    data: HeatData, settings: TrainSettings, seed: int, teacher: Ensemble | None = None
) -> Ensemble:
    """Fit the members; each member of a student has one of the teacher's as its own."""
    fitting = training_set(data.samples, data.split, data.proxies, data.satellite, data.street)
    taught = None
    if teacher is not None:
        taught = [estimated(model, fitting.inputs) for model in teacher.models]
    fitted = fit_members(fitting, settings, seed, taught)
    return Ensemble(tuple(one.model for one in fitted))


def changed(name: str, **model: Any) -> TrainSettings:  # noqa: ANN401 (fields of ModelSettings)
    """Take the settings of an experiment with another model."""
    settings = experiment(name)
    return replace(settings, model=replace(settings.model, **model))


@dataclass
class Family:
    """Our methods on one split; a teacher that several of them need is fitted once.

    Attributes
    ----------
    data, seed
        What they are given, and the seed of everything random.
    experiment
        Name of their settings.
    teacher
        None until it is fitted.
    """

    data: HeatData
    seed: int
    experiment: str
    teacher: Ensemble | None = None

    def taught(self) -> Ensemble:
        """Fit the teacher, or give the one that is there."""
        if self.teacher is None:
            self.teacher = fit_ensemble(self.data, changed(self.experiment), self.seed)
        return self.teacher

    def student(self) -> Ensemble:
        """Fit a student."""
        settings = changed(self.experiment, use_mobility=False)
        return fit_ensemble(self.data, settings, self.seed, self.taught())

    def alone(self, **model: Any) -> Ensemble:  # noqa: ANN401 (fields of ModelSettings)
        """Fit a model without a teacher."""
        return fit_ensemble(self.data, changed(self.experiment, **model), self.seed)


OURS: Final[dict[str, Callable[[Family], Ensemble]]] = {
    TEACHER: Family.taught,
    STUDENT: Family.student,
    SOFT: partial(Family.alone, physics="soft"),
    "aespa_no_satellite": partial(Family.alone, use_satellite=False),
    "aespa_no_street": partial(Family.alone, use_street=False),
    "aespa_no_mobility": partial(Family.alone, use_mobility=False),
    "aespa_no_physics": partial(Family.alone, physics="none"),
    # without a teacher and without mobility: the same as the line above, named as a student's
    "aespa_student_no_distillation": partial(Family.alone, use_mobility=False),
}
MAIN: Final = (*REGISTRY, SOFT, TEACHER, STUDENT)
ABLATIONS: Final = tuple(name for name in OURS if name not in MAIN)
TRANSFER: Final = ("proxy_ridge", STUDENT)
# Without images: methods that look at them are left out, and a student without its teacher is
# the model without mobility.
IMAGELESS: Final = (
    "metro_mean", "nearest_tract", "proxy_ridge", "proxy_boosting",
    SOFT, TEACHER, STUDENT, "aespa_no_mobility",
)  # fmt: skip


def fit_method(name: str, data: HeatData, family: Family) -> Method:
    """Fit a method by its id."""
    if name in OURS:
        return OURS[name](family)
    predict = REGISTRY[name].fit(data, family.seed)

    def answer(asked: HeatData) -> Answer:
        day = predict(asked)
        nothing = np.full(len(day), np.nan)
        return Answer(day, nothing, nothing)

    return answer
