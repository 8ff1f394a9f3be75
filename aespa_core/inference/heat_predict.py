"""Estimates of a study's tracts by a multimodal model that was trained elsewhere."""

import re
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.embeddings import not_shown
from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import ArtifactError, ConfigError, StudyError
from aespa_core.inference.heat_estimates import heat_estimates
from aespa_core.inference.heat_scope import AIR, HeatScope, reference_of, scope_in
from aespa_core.inference.heat_study import Array, Caches, embeddings_of, own_caches
from aespa_core.inference.own_encoders import own_encoders
from aespa_core.inference.proxy_reader import READER_FILE, ProxyReader, load_reader
from aespa_core.inference.unlabelled import Unlabelled, refuse_placeless, unlabelled_samples
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint
from aespa_core.models.heat.encoders import Encoders
from aespa_core.models.heat.inputs import HeatInputs, heat_inputs
from aespa_core.studies.folder import Study, add_run, open_study

RUN_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True)
class HeatPredictor:
    """A model with all that it takes to ask it elsewhere; no reader where proxies are measured."""

    checkpoint: Checkpoint
    encoders: Encoders
    scope: HeatScope
    reader: ProxyReader | None


@dataclass(frozen=True)
class PredictSeconds:
    """Time of a prediction: files checked and read, images looked at or found, model, writing."""

    open: float
    embed: float
    estimate: float
    write: float


@dataclass(frozen=True)
class HeatPrediction:
    """What a prediction left.

    Attributes
    ----------
    path, run
        File of the estimates, name of the run.
    mode
        ``teacher`` or ``student``.
    metros, tracts, extrapolated
        Number of metros and tracts, and of tracts outside the training range.
    encoded
        Images that were looked at now.
    seconds
        Where the time went.
    """

    path: Path
    run: str
    mode: str
    metros: int
    tracts: int
    extrapolated: int
    encoded: int
    seconds: PredictSeconds

    def words(self) -> dict[str, Any]:
        """Give all of it as plain values."""
        seconds = {name: round(value, 3) for name, value in asdict(self.seconds).items()}
        return asdict(self) | {"path": str(self.path), "seconds": seconds}


def load_predictor(path: Path) -> HeatPredictor:
    """Read a model and what lies beside it.

    Raises
    ------
    ArtifactError
        If a file is missing, garbled or of another model, an encoder has changed, or too few tracts
        stopped the learning to know an interval.
    """
    checkpoint = load_checkpoint(path, CONTEXT)
    scope = scope_in(checkpoint.words, str(path))
    if not np.isfinite(scope.half_width_c):
        raise ArtifactError(
            f"{path} has no 90 % interval, since fewer than nine tracts stopped its learning: "
            "train it on a study with more labelled tracts."
        )
    reader = None
    if checkpoint.settings.proxies == "images":
        reader = load_reader(path.with_name(READER_FILE), scope.reader)
    return HeatPredictor(checkpoint, own_encoders(checkpoint), scope, reader)


def predict_heat(
    study: Path,
    weights: Path,
    run: str | None = None,
    caches: Caches | None = None,
    progress: Callable[[int], None] = not_shown,
) -> HeatPrediction:
    """Estimate all tracts of a study and write them into it.

    Parameters
    ----------
    study
        Folder of any study of places; it needs no labels.
    weights
        What `aespa train` wrote.
    run
        Name of the estimates in the study; ``heat_<mode>`` if None.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    progress
        Told how many more images are embedded.
    """
    if run is not None and not RUN_NAME.fullmatch(run):
        raise ConfigError(f"--run {run} is no name of a run: use a to z, 0 to 9, _ and -.")
    clock = [time.perf_counter()]
    predictor = load_predictor(weights)
    opened = open_study(study)
    samples = samples_for(predictor, opened)
    clock.append(time.perf_counter())
    asked = asked_of(predictor, opened, samples, caches or own_caches(), progress)
    clock.append(time.perf_counter())
    checkpoint = predictor.checkpoint
    table = heat_estimates(checkpoint.models, predictor.scope, samples, asked.inputs)
    clock.append(time.perf_counter())
    name = run or f"heat_{checkpoint.mode}"
    add_run(opened, name, table)
    clock.append(time.perf_counter())
    return HeatPrediction(
        study / "estimates" / f"{name}.parquet", name, checkpoint.mode,
        table["metro"].nunique(), len(table), int(table["extrapolated"].sum()), asked.encoded,
        PredictSeconds(*np.diff(clock).tolist()),
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A study as a model is asked of it: tracts, their inputs, images looked at for that."""

    samples: HeatSamples
    inputs: HeatInputs
    encoded: int


def samples_for(predictor: HeatPredictor, study: Study) -> HeatSamples:
    """Read a study's tracts, labelled or not, if its reference is the model's."""
    samples = unlabelled_samples(Unlabelled(study.path, study.info))
    refuse_other_reference(predictor.scope, samples, study.path)
    return samples


def asked_of(
    predictor: HeatPredictor,
    study: Study,
    samples: HeatSamples,
    caches: Caches,
    progress: Callable[[int], None] = not_shown,
) -> Asked:
    """Look at a study as the model does: proxies by its reader, images by its encoders."""
    checkpoint = predictor.checkpoint
    bare = Unlabelled(study.path, study.info)
    proxies = curve_proxies_of(predictor.reader, bare, samples, caches)
    made = embeddings_of(samples, checkpoint.settings, predictor.encoders, caches, progress)
    inputs = heat_inputs(samples, proxies, made.satellite, made.street, checkpoint.metros)
    return Asked(samples, inputs, made.encoded)


def curve_proxies_of(
    reader: ProxyReader | None, study: Unlabelled, samples: HeatSamples, caches: Caches
) -> Array:
    """Take the proxies that the curves see, (B, 5): as measured, or by the model's own reader."""
    if reader is None:
        return samples.proxies
    refuse_placeless(study, samples)
    return reader(read_image_numbers(study, caches.numbers))


def metros_without(samples: HeatSamples) -> str:
    """Name the metros whose air is not known."""
    lacking = samples.metro[~np.isfinite(samples.context[AIR].to_numpy(float))]
    return "lacking for " + ", ".join(map(repr, map(str, np.unique(lacking))))


def refuse_other_reference(scope: HeatScope, samples: HeatSamples, study: Path) -> None:
    """Refuse a study whose temperatures would be told from another reference than the model's.

    Raises
    ------
    StudyError
        If only one of both knows the weather.
    """
    here = reference_of(samples)
    if here == scope.reference:
        return
    if scope.reference == AIR:
        raise StudyError(
            f"{study} has no weather for every metro ({metros_without(samples)}), and the model "
            "tells temperatures as a difference from the air's daily maximum: add the table "
            "'weather' with temperatures of each, or give a model that was trained without it."
        )
    raise StudyError(
        f"{study} has weather, and the model learned without any: give a model that was trained "
        "with weather."
    )
