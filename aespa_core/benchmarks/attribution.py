"""Are explanations right? Metros left out, every method's answer kept, so a stopped run goes on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.attribution.residual_trend import residual_trends
from aespa_core.baselines.heat.contract import HeatData
from aespa_core.benchmarks.attribution_methods import AESPA, EXPLAIN, OURS, PLACEBO, UNSHARED
from aespa_core.benchmarks.attribution_truth import (
    DAY,
    SPLIT,
    Array,
    Explained,
    attribution_rows,
    truth_of,
)
from aespa_core.benchmarks.heat_benches import QUICK, QUICK_STEPS, quick_world
from aespa_core.benchmarks.heat_benches import RUNS as HEAT_RUNS
from aespa_core.benchmarks.heat_methods import Family
from aespa_core.benchmarks.heat_world import HeatWorld, kept_world, split_data
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.workers import each_in_workers
from aespa_core.datasets.heat.splits import heat_split
from aespa_core.inference.fit_cache import code_version
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.catalogue import ROOT
from aespa_core.studies.folder import open_study
from aespa_core.training.heat.settings import experiment
from aespa_core.twin.settings import TWIN_VERSION, TwinSettings, world_settings
from aespa_core.twin.study import build_world

RUNS: Final = ROOT / "runs" / "bench_attribution"
WORLDS: Final = ("twin", "stress")
SEEDS: Final = (0, 1, 2)
ALL: Final = "all"
EXPERIMENT: Final = "twin_explained"
# The same without what shares effects out; it is the one that the heat benchmark scores.
UNSHARED_EXPERIMENT: Final = "twin_small"
CODE: Final = (
    "datasets/heat/*.py", "datasets/proxies/*.py", "models/heat/*.py", "models/physics_head.py",
    "pretraining/*.py", "training/heat/*.py", "experiments/*.toml", "baselines/heat/columns.py",
    "benchmarks/attribution*.py", "benchmarks/heat_methods.py", "inference/heat_estimates.py",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A metro that is left out of a simulated study.

    Attributes
    ----------
    study
        Folder of the study.
    metro, seed
        Who is left out; of everything random.
    folder
        Where answers are kept.
    experiment, steps
        Of our networks, and of their encoders' pretraining.
    """

    study: Path
    metro: str
    seed: int
    folder: Path
    experiment: str = EXPERIMENT
    steps: int = 0

    def part(self, method: str) -> Path:
        """File of one method's answer."""
        return self.folder / f"{self.metro}_{self.seed}" / f"{method}.parquet"

    def missing(self) -> list[str]:
        """Methods without an answer yet."""
        return [name for name in EXPLAIN if not self.part(name).is_file()]


def settings_of(world: str) -> TwinSettings:
    """Say what a simulated world is like; the quick one is small."""
    return quick_world() if world == QUICK else world_settings(world)


def world_path(world: str) -> Path:
    """Folder of a simulated world; the twin is that of the heat benchmark."""
    if world == "twin":
        return HEAT_RUNS / f"world_{TWIN_VERSION}"
    return RUNS / f"{world}_world_{TWIN_VERSION}"


def build_if_missing(world: str) -> Path:
    """Simulate a world once."""
    path = world_path(world)
    if not path.is_dir():
        build_world(settings_of(world), path)
    return path


def cases_of(world: str, seeds: Iterable[int] = SEEDS) -> list[Case]:
    """List the metros of a world to leave out, seed by seed; of the quick world only the last."""
    quick = world == QUICK
    steps = QUICK_STEPS if quick else experiment(EXPERIMENT).pretrain_steps
    folder = RUNS / f"{world}_{code_version(CODE)}"
    metros = sorted(settings_of(world).metros)
    return [
        Case(world_path(world), metro, seed, folder, steps=steps)
        for seed in seeds
        for metro in (metros[-1:] if quick else metros)
    ]


def run_cases(cases: list[Case], done: Callable[[Case], None], cores: int) -> None:
    """Run what is missing; ``done`` is told of each case, kept ones included."""
    for case in cases:
        if not case.missing():
            done(case)
    left = [case for case in cases if case.missing()]
    if cores == 1:
        for case in left:
            run_case(case)
            done(case)
        return
    for case, _ in each_in_workers(run_case, left, cores):
        done(case)


def run_case(case: Case) -> None:
    """Let the methods without an answer explain the metro that is left out."""
    settings = experiment(case.experiment).model
    world = kept_world(case.study, settings)
    split = heat_split(world.samples, SPLIT, case.seed, case.metro)
    folder = case.part(AESPA).parent
    data = split_data(world, split, settings, case.steps, folder)
    truth = truth_of(open_study(case.study), world.samples.geoid)
    for name in case.missing():
        seen = with_shuffled_proxies(data, case.seed) if name == PLACEBO else data
        used = UNSHARED_EXPERIMENT if name == UNSHARED else case.experiment
        family = Family(seen, case.seed, used)
        said = EXPLAIN[name](seen, truth.step, family)
        day = family.taught()(seen).day_c if name in OURS else np.full(len(split.test), np.nan)
        keep(case.part(name), world, seen, said, day)


def with_shuffled_proxies(data: HeatData, seed: int) -> HeatData:
    """Give each tract the proxies of another of its metro: nothing is left to explain by them."""
    rng = np.random.default_rng(seed)
    order = np.arange(len(data.proxies))
    for name in np.unique(data.samples.metro):
        own = np.flatnonzero(data.samples.metro == name)
        order[own] = rng.permutation(own)
    return replace(data, proxies=data.proxies[order])


def keep(path: Path, world: HeatWorld, data: HeatData, said: Explained, day_c: Array) -> None:
    """Write what a method says of the metro that is left out."""
    samples, tested = world.samples, data.split.test
    table = pd.DataFrame({"geoid": samples.geoid, "metro": samples.metro})
    for k, name in enumerate(PROXY_IDS):
        table[name] = data.proxies[:, k]
        table[f"contribution_{name}_c"] = said.contribution_c[:, k]
        table[f"per_unit_{name}_c"] = said.per_unit_c[:, k]
    table["residual_c"] = samples.lst_day_c - samples.reference_c - day_c
    write_parquet(path, table[tested].reset_index(drop=True))


def rows_of(world: str, cases: list[Case]) -> list[Row]:
    """Score all answers: metro by metro, and all tracts of a seed together."""
    rows = []
    study = world if world.endswith("twin") else f"{world}_twin"
    opened = open_study(cases[0].study)
    places = pd.Index(opened.read("tracts")["geoid"])
    whole = truth_of(opened, places.to_numpy(str))
    for seed in sorted({case.seed for case in cases}):
        own = [case for case in cases if case.seed == seed]
        for method in EXPLAIN:
            tables = [pd.read_parquet(case.part(method)) for case in own]
            for metro, table in [
                *((case.metro, table) for case, table in zip(own, tables, strict=True)),
                (ALL, pd.concat(tables, ignore_index=True)),
            ]:
                truth = whole.rows(places.get_indexer(table["geoid"]))
                rows += attribution_rows(study, method, metro, seed, truth, said_in(table))
                if method in OURS:
                    rows.append(error_row(study, method, metro, seed, table))
                if method == AESPA:
                    rows += trend_rows(study, metro, seed, table)
    return rows


def said_in(table: pd.DataFrame) -> Explained:
    """Read an answer back."""
    return Explained(
        table[[f"contribution_{name}_c" for name in PROXY_IDS]].to_numpy(float),
        table[[f"per_unit_{name}_c" for name in PROXY_IDS]].to_numpy(float),
    )


def error_row(study: str, method: str, metro: str, seed: int, table: pd.DataFrame) -> Row:
    """Say what the explained estimate itself is wrong by, metros' levels aside."""
    residual = table["residual_c"] - table.groupby("metro")["residual_c"].transform("mean")
    error = float(residual.abs().mean())
    return Row(study, method, metro, SPLIT, DAY, seed, "estimate_mae_within", error, "°C")


def trend_rows(study: str, metro: str, seed: int, table: pd.DataFrame) -> list[Row]:
    """Say what labels follow of the proxies, beyond our estimates and in all."""
    rows = []
    for trend in residual_trends(table):
        for metric, value, unit in (
            (f"residual_trend_{trend.proxy}", trend.residual_slope_c, "°C per unit"),
            (f"measured_trend_{trend.proxy}", trend.slope_c, "°C per unit"),
            (f"wrong_sign_{trend.proxy}", float(trend.contradicts), "yes/no"),
        ):
            rows.append(Row(study, AESPA, metro, SPLIT, DAY, seed, metric, value, unit))
    return rows
