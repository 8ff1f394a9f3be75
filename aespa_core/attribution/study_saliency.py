"""Saliency of the pictures of a study's tracts, written beside the estimates that they moved."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch

from aespa_core.attribution.heat_attribution import largest_gap_c, run_named
from aespa_core.attribution.image_saliency import Saliency, image_saliency, in_cells
from aespa_core.attribution.saliency_check import SanityCheck, Subject, sanity_check
from aespa_core.attribution.tract_pictures import (
    Looker,
    TractPicture,
    mean_pictures,
    tract_pictures,
)
from aespa_core.datasets.heat.embeddings import not_shown
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import ConfigError, StudyError
from aespa_core.inference.heat_estimates import day_parts
from aespa_core.inference.heat_predict import asked_of, load_predictor, samples_for
from aespa_core.inference.heat_study import Caches, own_caches
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.studies.folder import Study, add_explanations, open_study

# Tracts whose tile and first photo the sanity check looks at.
CHECKED: Final = 3


@dataclass(frozen=True)
class StudySaliency:
    """What a look at pictures left.

    Attributes
    ----------
    tracts, pictures
        Number of each.
    largest_gap_c
        Largest distance between a picture's effects and the change that they sum to, °C.
    incomplete
        Pictures whose distance is above the tolerance.
    check
        How far the maps are those of random weights.
    """

    tracts: int
    pictures: int
    largest_gap_c: float
    incomplete: int
    check: SanityCheck

    def words(self) -> dict[str, Any]:
        """Give all of it as plain values."""
        return asdict(self) | {"check": self.check.words()}


def saliency_of_study(
    study: Path,
    weights: Path,
    run: str | None = None,
    tracts: Sequence[str] = (),
    caches: Caches | None = None,
    progress: Callable[[int], None] = not_shown,
) -> StudySaliency:
    """Map what the regions of pictures do to a run's estimates.

    Parameters
    ----------
    study, weights, run
        As :func:`aespa_core.attribution.heat_attribution.attribute_heat` takes them.
    tracts
        Whose pictures; all if empty. Maps of other tracts stay.
    caches
        Where numbers and embeddings are kept; under ``runs/`` if None.
    progress
        Told how many more tracts are done.

    Raises
    ------
    ConfigError
        If the model looks at no pictures.
    StudyError
        If a tract is not in the study, or the estimates are not this model's.
    """
    predictor = load_predictor(weights)
    models, settings = predictor.checkpoint.models, predictor.checkpoint.settings
    refuse_without_pictures(settings, weights)
    opened = open_study(study)
    name = run_named(run, predictor, opened, weights)
    samples = samples_for(predictor, opened)
    rows = rows_of(samples.geoid, tracts, study)
    asked = asked_of(predictor, opened, samples, caches or own_caches())
    largest_gap_c(opened, name, day_parts(models, asked.inputs, samples.metro), asked)
    looker = Looker(models, predictor.encoders)
    means = mean_pictures(samples, looker)
    tables: list[pd.DataFrame] = []
    found: list[Saliency] = []
    subjects: list[Subject] = []
    checked = spread_rows([row for row in rows if looked_at(samples, row, settings)])
    for row in rows:
        tract = asked.inputs.rows(torch.tensor([row]))
        for picture in tract_pictures(samples, row, means[samples.metro[row]], looker):
            saliency = image_saliency(picture.day(looker, tract), picture.picture, picture.mean)
            tables.append(cell_rows(samples.geoid[row], picture, saliency))
            found.append(saliency)
            if row in checked and picture.photo in (None, 0):
                subjects.append(Subject(str(samples.geoid[row]), picture, tract))
        progress(1)
    if not found:
        raise StudyError(
            f"{study} has no picture of {'these' if tracts else 'its'} tracts: add images/, or "
            "leave --saliency out."
        )
    check = sanity_check(looker, subjects)
    made = {
        "saliency": pd.concat(tables, ignore_index=True),
        "saliency_check": check_rows(subjects, check),
    }
    both = {table: with_others(opened, name, table, rows) for table, rows in made.items()}
    add_explanations(opened, name, both)
    return StudySaliency(
        len(rows),
        len(found),
        max(one.gap_c for one in found),
        sum(not one.complete for one in found),
        check,
    )


def check_asked(study: Study, weights: Path, tracts: Sequence[str]) -> None:
    """Refuse maps that could not be made, before the run is taken apart for them.

    Raises
    ------
    ConfigError
        If the model looks at no pictures.
    StudyError
        If a tract is not in the study.
    """
    refuse_without_pictures(load_predictor(weights).checkpoint.settings, weights)
    rows_of(study.read("tracts")["geoid"].to_numpy(str), tracts, study.path)


def refuse_without_pictures(settings: ModelSettings, weights: Path) -> None:
    """Refuse a model that looks at no pictures.

    Raises
    ------
    ConfigError
        If it is one.
    """
    if not (settings.use_satellite or settings.use_street):
        raise ConfigError(f"{weights} looks at no pictures: leave --saliency out.")


def rows_of(geoid: npt.NDArray[np.str_], tracts: Sequence[str], study: Path) -> list[int]:
    """Find the rows of some tracts, or of all."""
    place = {str(name): row for row, name in enumerate(geoid)}
    if unknown := [name for name in tracts if name not in place]:
        raise StudyError(
            f"{study} has no tract '{unknown[0]}': give --tract an id of its table 'tracts', such "
            f"as {geoid[0]}."
        )
    return sorted({place[name] for name in tracts}) if tracts else list(range(len(geoid)))


def looked_at(samples: HeatSamples, row: int, settings: ModelSettings) -> bool:
    """Whether the model looks at any picture of a tract."""
    tile = settings.use_satellite and samples.tiles[row] is not None
    return tile or (settings.use_street and len(samples.photos[row]) > 0)


def spread_rows(rows: list[int]) -> list[int]:
    """Choose some of the rows, evenly spread."""
    return rows[:: max(1, len(rows) // CHECKED)][:CHECKED]


def cell_rows(geoid: str, picture: TractPicture, saliency: Saliency) -> pd.DataFrame:
    """Lay a picture out, one row a cell."""
    cells = in_cells(saliency.effect_c, picture.cells)
    row, column = np.indices(cells.shape)
    return pd.DataFrame(
        {
            "geoid": geoid,
            "image": picture.name,
            "row": row.ravel(),
            "column": column.ravel(),
            "effect_c": cells.ravel().astype(np.float32),
        }
    )


def check_rows(subjects: Sequence[Subject], check: SanityCheck) -> pd.DataFrame:
    """Lay the sanity check out, one row a picture."""
    return pd.DataFrame(
        {
            "geoid": [one.geoid for one in subjects],
            "image": [one.picture.name for one in subjects],
            "model": check.by_model,
            "encoders": check.by_encoders,
        }
    )


def with_others(study: Study, run: str, table: str, rows: pd.DataFrame) -> pd.DataFrame:
    """Keep a table's rows of other tracts: while it is there, the estimates are still the same."""
    if table not in study.run_tables(run):
        return rows
    before = study.read_run(run, table)
    others = before[~before["geoid"].isin(rows["geoid"].unique())]
    both = pd.concat([others, rows], ignore_index=True)
    return both.sort_values("geoid", kind="stable", ignore_index=True)
