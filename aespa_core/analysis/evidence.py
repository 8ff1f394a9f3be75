"""What a study holds of one tract beside numbers: pictures and the week of its visits."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.images.picture_files import photos_of, pictures_in, tiles_in
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
    photos = photos_of(images / "street" / geoid)
    return Evidence(
        geoid,
        tiles_in(images / "satellite").get(geoid),
        photos,
        masks_of(images / "street_masks" / geoid, photos),
        week_of(study, geoid),
    )


def masks_of(folder: Path, photos: tuple[Path, ...]) -> tuple[Path, ...]:
    """Give the mask of each photo, which bears its name; none if one of them has none."""
    masks = {path.stem: path for path in pictures_in(folder)}
    if not all(photo.stem in masks for photo in photos):
        return ()
    return tuple(masks[photo.stem] for photo in photos)


def week_of(study: Study, geoid: str) -> pd.DataFrame | None:
    """Week of one tract, None where the study has no movement of it."""
    if "mobility" not in study.tables:
        return None
    hours = study.read_rows("mobility", geoid).set_index("hour_of_week")
    if hours.empty:
        return None
    return hours.reindex(range(HOURS_OF_WEEK))[[m for m in MOVEMENTS if m in hours]]
