"""``aespa train``: a teacher from all modalities, then a student from images alone."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from aespa_core.commands.command_line import when_stopped
from aespa_core.commands.json_text import json_text
from aespa_core.commands.notices import names_meant, notices_of, tell, with_notices
from aespa_core.commands.options import STUDY_HELP, Json, seed_option
from aespa_core.commands.progress import counting_bar

if TYPE_CHECKING:
    from aespa_core.training.heat.settings import TrainSettings

# any of them: a run that was stopped early has left but the first
RUN_FILES: Final = ("encoders", "best.safetensors", "epochs.csv", "state.pt")
# what the split calls the metro left out where none is
NONE_OUT: Final = "all"
Weight = Annotated[float | None, typer.Option(min=0, max=1e6, help="Weight of a term of the loss.")]


@when_stopped(
    "Whole epochs are kept in --checkpoint-dir: the same command goes on from the last of them."
)
def train_command(
    mode: Annotated[str, typer.Option(help="teacher or student.")],
    data_dir: Annotated[str, typer.Option(help=STUDY_HELP)],
    checkpoint_dir: Annotated[Path, typer.Option(help="Where weights and the run's state go.")],
    config: Annotated[str, typer.Option(help="Experiment, by name.")] = "twin_tiny",
    log_dir: Annotated[Path | None, typer.Option(help="TensorBoard's folder.")] = None,
    teacher_checkpoint: Annotated[
        Path | None, typer.Option(help="Weights of the teacher, for a student.")
    ] = None,
    split: Annotated[
        str, typer.Option(help="spatial_blocks, leave_one_metro_out or random.")
    ] = "spatial_blocks",
    hold_out: Annotated[
        str, typer.Option(help="Metro left out; with --split leave_one_metro_out alone.")
    ] = NONE_OUT,
    seed: Annotated[
        int,
        seed_option("Of the split, the weights, everything random."),
    ] = 0,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:0 or mps.")] = "auto",
    devices: Annotated[int, typer.Option(min=1, max=64, help="Processes, one a device.")] = 1,
    epochs: Annotated[int | None, typer.Option(min=1, max=100_000, help="Most passes.")] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=2, max=100_000, help="Tracts a step.")
    ] = None,
    learning_rate: Annotated[float | None, typer.Option(min=0, max=10, help="Of AdamW.")] = None,
    lambda_phys: Weight = None,
    lambda_proxy: Weight = None,
    lambda_ranking: Weight = None,
    lambda_night: Weight = None,
    lambda_kd: Weight = None,
    lambda_fd: Weight = None,
    as_json: Json = False,
) -> None:
    """Train; a run that was stopped goes on from its last whole epoch.

    Flags that are not given keep the experiment's values.
    """
    from aespa_core.datasets.heat.splits import METRO_OUT, SPLITS
    from aespa_core.errors import ConfigError
    from aespa_core.studies.catalogue import find_study
    from aespa_core.target_folder import check_shared, check_target
    from aespa_core.training.heat.settings import MODES, experiment

    if mode not in MODES:
        raise ConfigError(f"--mode {mode} is unknown: choose one of {', '.join(MODES)}.")
    if split not in SPLITS:
        raise ConfigError(f"There is no split '{split}': choose one of {', '.join(SPLITS)}.")
    if hold_out != NONE_OUT and split != METRO_OUT:
        # a score on tracts that taught would be told as one on tracts held out
        raise ConfigError(
            f"--hold-out {hold_out} is for --split {METRO_OUT}: --split {split} leaves no metro "
            "out; give that split, or no --hold-out."
        )
    if (mode == "student") != (teacher_checkpoint is not None):
        raise ConfigError(
            "--mode student needs --teacher-checkpoint, and --mode teacher takes none: first "
            "train a teacher, then give its best.safetensors."
        )
    check_target(checkpoint_dir, is_run, "a run", "--checkpoint-dir")
    if log_dir is not None:
        check_shared(log_dir, "--log-dir")
    given = {"epochs": epochs, "batch_size": batch_size, "learning_rate": learning_rate}
    weights = {
        "phys": lambda_phys, "proxy": lambda_proxy, "ranking": lambda_ranking,
        "night": lambda_night, "kd": lambda_kd, "fd": lambda_fd,
    }  # fmt: skip
    settings = experiment(config)
    settings = replace(
        settings,
        weights=replace(settings.weights, **stated(weights)),
        **stated(given),  # type: ignore[arg-type]
    )
    words = {"experiment": config, "seed": str(seed), "split": split, "hold_out": hold_out}
    train(
        settings, mode, find_study(data_dir), checkpoint_dir, log_dir, teacher_checkpoint, words,
        device, devices, as_json,
    )  # fmt: skip


def is_run(folder: Path) -> bool:
    """Whether a folder holds what an earlier run, also a stopped one, left."""
    return any(
        path.name in RUN_FILES or path.name.startswith("member_") for path in folder.iterdir()
    )


def stated(flags: dict[str, float | int | None]) -> dict[str, float | int]:
    """Keep the flags that were given."""
    return {name: value for name, value in flags.items() if value is not None}


def train(
    settings: "TrainSettings",
    mode: str,
    data_dir: Path,
    checkpoint_dir: Path,
    log_dir: Path | None,
    teacher: Path | None,
    words: dict[str, str],
    device: str,
    devices: int,
    as_json: bool,
) -> None:
    """Train, showing the epochs, and say where the weights are."""
    from aespa_core.inference.heat_run import HeatRun, heat_run
    from aespa_core.studies.folder import open_study
    from aespa_core.training.heat.run_state import Epoch

    run = HeatRun(
        settings, mode, data_dir, checkpoint_dir, teacher, log_dir, words["split"],
        words["hold_out"], int(words["seed"]), words["experiment"], device, devices,
    )  # fmt: skip
    study = open_study(data_dir)
    notices = notices_of(study)
    with names_meant(study), counting_bar() as bar:
        images = bar.add_task("images read", total=100)
        encoders = bar.add_task("encoders", total=100, visible=False)
        line = bar.add_task("epochs", total=settings.epochs * settings.members)

        def done(member: int, epoch: Epoch) -> None:
            passed = settings.epochs * member + epoch.number + 1
            words = f"member {member}, epoch {epoch.number}: {epoch.validation_mae_c:.3f} °C"
            bar.update(line, completed=passed, description=words)

        result = heat_run(
            run,
            done,
            lambda share: bar.update(images, completed=100 * share),
            lambda share: bar.update(encoders, completed=100 * share, visible=True),
        )
    if not result.first_process:
        return
    tell(notices)
    if as_json:
        typer.echo(json_text(with_notices(result.words(), notices)))
    else:
        typer.echo(
            f"{result.weights}: {mode} of {result.train_tracts} tracts, {result.members} "
            f"member{'s' if result.members > 1 else ''}, {result.epochs} epochs; "
            f"mean absolute error {result.validation_mae_c:.3f} °C on {result.validation_tracts} "
            "tracts that stopped the learning."
        )
