"""The study that ships beside the atlas: simulated metros without pictures, with estimates."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.errors import StudyError
from aespa_core.studies.atomic import replacing_folder
from aespa_core.studies.folder import INFO_FILE, Study, open_study, read_info, write_study
from aespa_core.studies.validation import validate_study
from aespa_core.target_folder import check_target

# Tables that speak of pictures, which do not ship, and hours of the true air, which are large.
LEFT_OUT: Final = ("tiles", "photos", "truth/photo_shares", "truth/air_hours")
# Tables of a run that do so.
PICTURED: Final = ("attention", "saliency", "saliency_check")
SOURCE_BEGINS: Final = "Estimates: the multimodal heat model that ships"
SOURCE: Final = (
    f"{SOURCE_BEGINS} (card: assets/models/heat_model.md), which "
    "learned from other simulated metros and never saw these tracts."
)
NOTES: Final = (
    "Pictures do not ship: `aespa demo build` makes them again under runs/demo.",
    "The run heat_teacher saw satellite tiles, street photos and movement; heat_student saw images "
    "alone.",
)


def check_demo_target(folder: Path) -> None:
    """Refuse to write over anything but a demo or an empty folder.

    Raises
    ------
    StudyError
        If a file or another study stands there.
    """
    check_target(folder, is_demo, "a demo", "--out-demo")


def is_demo(folder: Path) -> bool:
    """Whether a folder holds a demo that was built here."""
    if not (folder / INFO_FILE).is_file():
        return False
    info = read_info(folder)
    if info.kind != "simulated" or (folder / "images").exists():
        what = f"of kind '{info.kind}'" if info.kind != "simulated" else "with images"
        raise StudyError(
            f"{folder} is a study {what}, no demo: choose another folder with --out-demo."
        )
    return any(source.startswith(SOURCE_BEGINS) for source in info.sources)


def run_tables(world: Study, run: str) -> dict[str, pd.DataFrame]:
    """Read all tables of a run but those that speak of pictures, which do not ship."""
    names = (name for name in world.run_tables(run) if name not in PICTURED)
    return {name: world.read_run(run, name) for name in names}


def write_demo(world: Study, runs: tuple[str, ...], out: Path) -> Study:
    """Write a world's small tables and these runs as a study of its own.

    Parameters
    ----------
    world
        Simulated metros with estimates.
    runs
        Names of the estimates that ship.
    out
        Folder; an older demo there is replaced when the new one is whole.

    Raises
    ------
    StudyError
        If the world is not simulated, or what would ship is no valid study.
    """
    check_demo_target(out)
    if world.info.kind != "simulated":
        raise StudyError(
            f"{world.path} is a study of kind '{world.info.kind}': only simulated ones may ship."
        )
    info = replace(
        world.info,
        sources=(*world.info.sources, SOURCE),
        notes=(*world.info.notes, *NOTES),
    )
    tables = {name: world.read(name) for name in world.tables if name not in LEFT_OUT}
    with replacing_folder(out) as temporary:
        write_study(temporary, info, tables, {run: run_tables(world, run) for run in runs})
        if faults := validate_study(temporary):
            raise StudyError(
                f"{world.path} would ship with {len(faults)} faults, the first: {faults[0]}. Build "
                "it again."
            )
    return open_study(out)
