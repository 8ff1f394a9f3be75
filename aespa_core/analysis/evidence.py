"""What a study holds of one tract beside numbers: pictures and the week of its visits."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.studies.folder import Study
from aespa_core.studies.tables import HOURS_OF_WEEK

MOVEMENTS: Final = ("visits", "outbound", "stay")


@dataclass(frozen=True)
class Evidence:
    """Pictures and movement of one tract; what the study lacks is None or empty.

    Attributes
    ----------
    geoid
        The tract.
    satellite
        Its satellite picture.
    photos
        Its street photos, in the order of their numbers.
    masks
        True class of every pixel of each photo, in the same order; empty where nobody knows.
    week
        Index ``hour_of_week`` 0 to 167, columns :data:`MOVEMENTS`, visits an hour.
    """

    geoid: str
    satellite: Path | None
    photos: tuple[Path, ...]
    masks: tuple[Path, ...]
    week: pd.DataFrame | None


def has_evidence(study: Study) -> bool:
    """Whether the study holds pictures or movement of any tract."""
    return (study.path / "images").is_dir() or "mobility" in study.tables


def evidence_of(study: Study, geoid: str) -> Evidence:
    """Collect what the study holds of one tract."""
    images = study.path / "images"
    satellite = images / "satellite" / f"{geoid}.png"
    return Evidence(
        geoid,
        satellite if satellite.is_file() else None,
        numbered(images / "street" / geoid, ".jpg"),
        numbered(images / "street_masks" / geoid, ".png"),
        week_of(study, geoid),
    )


def numbered(folder: Path, suffix: str) -> tuple[Path, ...]:
    """Files of a folder named by a number, in the order of their numbers."""
    return tuple(sorted(folder.glob(f"*{suffix}"), key=lambda path: int(path.stem)))


def week_of(study: Study, geoid: str) -> pd.DataFrame | None:
    """Week of one tract, None where the study has no movement of it."""
    if "mobility" not in study.tables:
        return None
    table = study.read("mobility")
    hours = table[table["geoid"] == geoid].set_index("hour_of_week")
    if hours.empty:
        return None
    return hours.reindex(range(HOURS_OF_WEEK))[[m for m in MOVEMENTS if m in hours]]
