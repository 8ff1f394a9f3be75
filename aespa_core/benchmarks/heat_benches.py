"""The heat benchmarks that can be asked for: on what study, with what settings, kept where."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from aespa_core.benchmarks.heat_plan import (
    SEEDS,
    SplitTask,
    plan,
    plan_without_images,
    quick_plan,
)
from aespa_core.benchmarks.heat_runner import Job
from aespa_core.benchmarks.table import FOLDER
from aespa_core.errors import ConfigError
from aespa_core.inference.code_version import code_version
from aespa_core.sources.joined_study import ingest_together
from aespa_core.sources.metro_study import STEPS as INGEST_STEPS
from aespa_core.studies.catalogue import ROOT
from aespa_core.training.heat.settings import experiment
from aespa_core.twin.settings import TWIN_VERSION, TwinSettings, world_settings
from aespa_core.twin.study import build_world

Progress = Callable[[float], None]

RUNS: Final = ROOT / "runs" / "bench_heat"
CODE: Final = (
    "datasets/heat/*.py", "datasets/proxies/*.py", "models/heat/*.py", "models/physics_head.py",
    "pretraining/*.py", "training/heat/*.py", "baselines/heat/*.py", "experiments/*.toml",
    "benchmarks/heat_methods.py", "benchmarks/heat_runner.py", "benchmarks/heat_world.py",
)  # fmt: skip
TWIN: Final = "twin"
REAL: Final = "seattle_minneapolis"
# Where temperature and hourly movement were both measured.
REAL_METROS: Final = ("seattle", "minneapolis")
# Rows of a quick run have a name of their own, so that none takes the place of a whole one's.
QUICK: Final = "quick_twin"
QUICK_STEPS: Final = 20


@dataclass(frozen=True)
class HeatBench:
    """A benchmark that is asked for.

    Attributes
    ----------
    study
        Its id in tables.
    experiment
        Name of our methods' settings.
    path
        Folder of the study.
    build
        Makes the study; called where there is none yet.
    tasks
        Splits and methods.
    steps
        Of pretraining.
    cores
        Worker processes.
    folder
        Where answers are kept.
    singles
        Folder of the tables of single tracts, if no other is asked for.
    """

    study: str
    experiment: str
    path: Path
    build: Callable[[Path, Progress], None]
    tasks: tuple[SplitTask, ...]
    steps: int
    cores: int
    folder: Path
    singles: Path

    def jobs(self) -> list[Job]:
        """Lay the work out."""
        return [
            Job(self.path, self.experiment, self.steps, self.folder, task) for task in self.tasks
        ]

    def build_if_missing(self, done: Progress = lambda share: None) -> None:
        """Make the study once."""
        if not self.path.is_dir():
            self.build(self.path, done)
        done(1.0)


def twin_bench(cores: int) -> HeatBench:
    """Plan the benchmark on the simulated metros."""
    return HeatBench(
        study=TWIN,
        experiment="twin_small",
        path=RUNS / f"world_{TWIN_VERSION}",
        build=build_twin,
        tasks=tuple(plan(tuple(sorted(world_settings("twin").metros)), SEEDS)),
        steps=experiment("twin_small").pretrain_steps,
        cores=cores,
        folder=RUNS / f"twin_{code_version(CODE)}",
        singles=FOLDER,
    )


def build_twin(path: Path, done: Progress) -> None:
    """Simulate the metros of the twin."""
    build_world(world_settings("twin"), path)


def quick_bench(cores: int) -> HeatBench:
    """Plan a look at all of the machinery in a minute: small metros, methods without image nets."""
    metros = quick_world().metros
    return HeatBench(
        study=QUICK,
        experiment="twin_small",
        path=RUNS / f"{QUICK}_world_{TWIN_VERSION}",
        build=build_quick,
        tasks=tuple(quick_plan(metros[-1])),
        steps=QUICK_STEPS,
        cores=cores,
        folder=RUNS / f"{QUICK}_{code_version(CODE)}",
        singles=FOLDER,
    )


def quick_world() -> TwinSettings:
    """Give two metros that are built and read in seconds."""
    return replace(world_settings("tiny"), id=QUICK, size_px=512, tracts=(44, 52), photos=2)


def build_quick(path: Path, done: Progress) -> None:
    """Simulate the two metros."""
    build_world(quick_world(), path)


def real_bench(cores: int) -> HeatBench:
    """Plan the benchmark on real metros: no images, proxies as measured.

    Single tracts hold measured temperatures, whose source states no licence for redistribution:
    they stay under ``runs/`` with the study, and only scores go into the tables that ship.
    """
    # answers follow from what ingestion reads, too
    folder = RUNS / f"{REAL}_{code_version((*CODE, 'sources/*.py'))}"
    return HeatBench(
        study=REAL,
        experiment="tables_only",
        path=folder / "study",
        build=build_real,
        tasks=tuple(plan_without_images()),
        steps=0,
        cores=cores,
        folder=folder,
        singles=folder,
    )


def build_real(path: Path, done: Progress) -> None:
    """Ingest the real metros from the mirror into one study."""
    begun = 0

    def step(name: str) -> None:
        nonlocal begun
        done(begun / (INGEST_STEPS * len(REAL_METROS)))
        begun += 1

    ingest_together(REAL_METROS, path, step)


BENCHES: Final[dict[str, Callable[[int], HeatBench]]] = {TWIN: twin_bench, REAL: real_bench}


def bench_named(study: str, cores: int, *, quick: bool = False) -> HeatBench:
    """Plan the benchmark on a study, by its id.

    Raises
    ------
    ConfigError
        If there is none, or no quick one.
    """
    if study not in BENCHES:
        raise ConfigError(f"--study {study} is unknown: choose {' or '.join(BENCHES)}.")
    if quick and study != TWIN:
        raise ConfigError(f"--quick looks at simulated metros: leave out --study {study}.")
    return quick_bench(cores) if quick else BENCHES[study](cores)
