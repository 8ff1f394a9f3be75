"""From simulated metros to what ships of the multimodal model: weights, card and a demo study."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aespa_core.attribution.heat_attribution import attribute_heat
from aespa_core.datasets.heat.samples import read_samples
from aespa_core.datasets.heat.splits import BLOCKS
from aespa_core.inference.code_version import code_version
from aespa_core.inference.heat_predict import predict_heat
from aespa_core.inference.heat_run import HeatResult, HeatRun, heat_run
from aespa_core.inference.heat_study import Caches
from aespa_core.shipping.demo_scores import demo_scores
from aespa_core.shipping.heat_card import card_of, differences
from aespa_core.shipping.heat_shipping import (
    check_models_target,
    facts_of,
    ship_models,
    shipped_files,
)
from aespa_core.shipping.shipped_demo import check_demo_target, write_demo
from aespa_core.studies.catalogue import ROOT
from aespa_core.studies.folder import open_study
from aespa_core.training.heat.settings import MODES, TrainSettings

# What the weights follow from; a run by other code is another run.
CODE: Final = (
    "datasets/heat/*.py", "datasets/proxies/*.py", "models/heat/*.py", "models/physics_head.py",
    "pretraining/*.py", "training/heat/*.py", "experiments/*.toml",
    "inference/heat_run.py", "inference/heat_study.py", "inference/heat_scope.py",
    "inference/run_encoders.py", "inference/proxy_reader.py",
)  # fmt: skip
RUNS: Final = ROOT / "runs" / "demo"
MODELS: Final = ROOT / "assets" / "models" / "heat_model"
Told = Callable[[str, float], None]


@dataclass(frozen=True)
class DemoPlan:
    """What to build.

    Attributes
    ----------
    settings, experiment
        How to learn, and what that is called.
    learn, show
        Folders of the study to learn from, and of the one that is shown; the latter gets the
        estimates.
    runs
        Folder of the training runs; they go on where they were stopped.
    models, demo
        Folders that ship.
    split, seed
        Who learns; of everything random.
    """

    settings: TrainSettings
    experiment: str
    learn: Path
    show: Path
    runs: Path
    models: Path
    demo: Path
    split: str = BLOCKS
    seed: int = 0


@dataclass(frozen=True)
class DemoBuild:
    """What was written: folders, the card for people, and what it says."""

    models: Path
    demo: Path
    words: Path
    card: dict[str, Any]


def runs_of(learn: Path, seed: int) -> Path:
    """Folder of the training runs of this code on a study, known by its folder, with a seed."""
    return RUNS / f"{learn.name}_{code_version(CODE)}_{seed}"


def check_targets(plan: DemoPlan) -> None:
    """Refuse folders that hold something else, before hours of training."""
    check_models_target(plan.models)
    check_demo_target(plan.demo)


def build_demo(
    plan: DemoPlan,
    told: Told = lambda step, share: None,
    caches: Caches | None = None,
) -> DemoBuild:
    """Train teacher and student, estimate and explain the demo by both, write what ships.

    Parameters
    ----------
    plan
        What to build.
    told
        Called with a step's name and the share of it that is done.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    """
    check_targets(plan)
    results: dict[str, HeatResult] = {}
    for mode in MODES:
        teacher = results["teacher"].weights if mode == "student" else None
        results[mode] = trained(plan, mode, teacher, told, caches)
        shipped_files(results[mode].weights)
    facts, runs = {}, []
    for number, (mode, result) in enumerate(results.items()):
        told("demo", number / len(results))
        made = predict_heat(plan.show, result.weights, None, caches)
        attribute_heat(plan.show, result.weights, made.run, caches)
        runs.append(made.run)
        facts[mode] = facts_of(result, demo_scores(open_study(plan.show), made.run))
    settings = {
        "experiment": plan.experiment,
        "split": plan.split,
        "seed": plan.seed,
        "changed": differences(plan.settings, TrainSettings()),
    }
    shown = open_study(plan.show)
    demo = {"study": shown.info.name, "vintage": shown.info.vintage}
    card = card_of(code_version(CODE), learned_from(plan.learn), settings, facts, demo)
    write_demo(shown, tuple(sorted(runs)), plan.demo)
    weights = {mode: result.weights for mode, result in results.items()}
    words = ship_models(weights, card, plan.models)
    told("demo", 1.0)
    return DemoBuild(plan.models, plan.demo, words, card)


def trained(
    plan: DemoPlan, mode: str, teacher: Path | None, told: Told, caches: Caches | None
) -> HeatResult:
    """Train one model, or take a finished run up.

    On the processor, since a graphics card may sum in another order each time.
    """
    run = HeatRun(
        plan.settings, mode, plan.learn, plan.runs / mode, teacher, None, plan.split, "all",
        plan.seed, plan.experiment, "cpu", 1,
    )  # fmt: skip
    result = heat_run(
        run,
        lambda member, epoch: told(
            mode,
            (member + (epoch.number + 1) / plan.settings.epochs) / plan.settings.members,
        ),
        lambda share: told("images", share),
        lambda share: told("encoders", share),
        caches,
    )
    told(mode, 1.0)
    return result


def learned_from(path: Path) -> dict[str, Any]:
    """Say what a study holds to learn from."""
    study = open_study(path)
    samples = read_samples(study)
    metros = sorted(set(samples.metro))
    return {
        "study": study.info.name,
        "vintage": study.info.vintage,
        "metros": {str(name): int((samples.metro == name).sum()) for name in metros},
        "tiles": sum(tile is not None for tile in samples.tiles),
        "photos": sum(len(photos) for photos in samples.photos),
    }
