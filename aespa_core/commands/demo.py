"""``aespa demo``: train on simulated metros, estimate others, write what ships of it."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aespa_core.commands.command_line import Commands, when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.options import Json, seed_option
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.shipping.demo_build import DemoBuild

app = Commands(no_args_is_help=True, help="Build the simulated demo that ships.")

EXPERIMENT: Final = "twin_explained"
# Not that of the metros it learns from: with their seed the demo would be two of them again.
DEMO_SEED: Final = 2027
NAME: Final = "Heat model demo"
STEPS: Final = ("metros", "images", "encoders", "teacher", "student", "demo")


@app.callback()
def root() -> None:
    """Build the simulated demo that ships."""


@app.command("build")
@when_stopped(
    "Metros and whole epochs are kept under runs/: the same command goes on from there. What ships "
    "is as it was."
)
def build_command(
    out_models: Annotated[
        Path | None, typer.Option(help="Folder of the weights; assets/models/heat_model if none.")
    ] = None,
    out_demo: Annotated[
        Path | None, typer.Option(help="Folder of the study; assets/demo if none.")
    ] = None,
    seed: Annotated[int, seed_option("Of the split, the weights, everything.")] = 0,
    as_json: Json = False,
) -> None:
    """Train teacher and student on eight simulated metros and show them two new ones.

    A stopped build goes on where it was; the same seed gives the same files on the same machine.
    """
    import torch

    from aespa_core.benchmarks.heat_benches import twin_bench
    from aespa_core.shipping.demo_build import (
        MODELS,
        RUNS,
        DemoPlan,
        build_demo,
        check_targets,
        runs_of,
    )
    from aespa_core.studies.catalogue import DEMO
    from aespa_core.training.heat.settings import experiment
    from aespa_core.twin.settings import chosen_world
    from aespa_core.twin.study import build_world, is_built

    world = twin_bench(cores=1)
    # `make run` also simulates a demo, with pictures: two of one name would be taken for each other
    settings = replace(chosen_world("twin", "demo", DEMO_SEED), name=NAME)
    shown = RUNS / "world"
    plan = DemoPlan(
        experiment(EXPERIMENT), EXPERIMENT, world.path, shown, runs_of(world.path, seed),
        out_models or MODELS, out_demo or DEMO, seed=seed,
    )  # fmt: skip
    check_targets(plan)
    # sums in another order differ in the last digit: the same seed shall make the same files
    torch.set_num_threads(1)
    with counting_bar() as bar:
        lines = {step: bar.add_task(step, total=100) for step in STEPS}

        def told(step: str, share: float) -> None:
            bar.update(lines[step], completed=100 * share)

        world.build_if_missing(lambda share: told("metros", share / 2))
        if not is_built(settings, shown):
            build_world(settings, shown)
        told("metros", 1.0)
        built = build_demo(plan, told)
    report(built, as_json=as_json)


def report(built: "DemoBuild", *, as_json: bool) -> None:
    """Say what was written and how well it does."""
    paths = {"models": built.models, "demo": built.demo, "card": built.words}
    if as_json:
        words = {name: str(path) for name, path in paths.items()} | {"says": built.card}
        typer.echo(json_text(words))
        return
    for mode, facts in built.card["models"].items():
        score = facts["demo"][0]
        typer.echo(
            f"{mode}: {facts['validation_mae_c']:.3f} °C where it learned; on the demo's "
            f"{score['tracts']} tracts {score['mae_c']:.3f} °C as difference from the metro's "
            f"median, Pearson {score['pearson']:.3f}, {100 * score['coverage_90']:.0f} % inside "
            "the 90 % interval."
        )
    for name, path in paths.items():
        typer.echo(f"{name}: {path}")
