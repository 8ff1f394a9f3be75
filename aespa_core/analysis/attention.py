"""What a model looked at in a tract's pictures: how much each photo counts, what regions move."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.evidence import Evidence
from aespa_core.studies.folder import Study

Cells = npt.NDArray[np.float64]

CHECK: Final = "saliency_check"


# From here on two maps are rather the same than not.
ALIKE: Final = 0.5


@dataclass(frozen=True)
class MapCheck:
    """How like a run's maps are to maps by random weights, as `aespa attribute` looked.

    Attributes
    ----------
    model, encoders
        Mean rank correlation with the maps of a random model, and of random encoders.
    pictures
        Number that were looked at.
    """

    model: float
    encoders: float
    pictures: int

    def sentence(self) -> str:
        """Say what it tells of the maps."""
        numbers = (
            f"rank correlation {self.encoders:.2f} for the encoders’, {self.model:.2f} for those "
            f"of the model above them; over {self.pictures} pictures of the run"
        )
        if max(abs(self.encoders), abs(self.model)) < ALIKE:
            said = "the map changes", "it follows from what was learned"
        else:
            said = "the map stays in part", "read it with care, pictures’ edges would stay as well"
        return f"With weights drawn at random {said[0]} ({numbers}): {said[1]}."


@dataclass(frozen=True)
class Attention:
    """What one run says of one tract's pictures; empty where nobody asked.

    Attributes
    ----------
    run
        Whose; None of an atlas.
    weights
        Name of a photo → share of the tract's photos that it counts for, 0–1.
    maps
        ``tile`` or name of a photo → what each cell of the picture moves against the metro's mean
        picture, °C, (R, C).
    check
        Whether the run's maps follow from what was learned; None where nobody looked.
    """

    run: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    maps: Mapping[str, Cells] = field(default_factory=dict)
    check: MapCheck | None = None

    @property
    def reach_c(self) -> float:
        """Effect that gets a map's fullest colour: few cells of all pictures lie beyond, °C."""
        every = np.concatenate([cells.ravel() for cells in self.maps.values()])
        return float(np.quantile(np.abs(every), 0.99))

    def order(self, found: Evidence) -> tuple[int, ...]:
        """Give the photos' places, the one that counts most first, those nobody weighed last."""
        weights = [self.weights.get(photo.stem, -1.0) for photo in found.photos]
        return tuple(int(number) for number in np.argsort(-np.array(weights), kind="stable"))


def attention_of(study: Study, run: str | None, geoid: str) -> Attention:
    """Read what a run, None of an atlas, left of one tract's pictures."""
    there = study.run_tables(run or "")
    weights, maps = pd.Series(dtype=float), {}
    if "attention" in there:
        table = study.read_tract(run or "", "attention", geoid)
        weights = table.set_index("photo")["attention"]
    if "saliency" in there:
        table = study.read_tract(run or "", "saliency", geoid)
        maps = {str(name): cells_in(rows) for name, rows in table.groupby("image")}
    named = {str(name): float(weight) for name, weight in weights.items()}
    return Attention(run, named, maps, check_of(study, run))


def check_of(study: Study, run: str | None) -> MapCheck | None:
    """Read how a run's maps were checked, over all pictures that were."""
    if CHECK not in study.run_tables(run or ""):
        return None
    rows = study.read_run(run or "", CHECK)
    return MapCheck(float(rows["model"].mean()), float(rows["encoders"].mean()), len(rows))


def cells_in(rows: pd.DataFrame) -> Cells:
    """Lay a picture's rows out as they lie on it, (R, C)."""
    laid = rows.pivot(index="row", columns="column", values="effect_c").sort_index(axis=1)
    return laid.to_numpy(float)
