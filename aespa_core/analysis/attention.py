"""What a model looked at in a tract's pictures: how much each photo counts, what regions move."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.evidence import Evidence
from aespa_core.studies.folder import Study

Cells = npt.NDArray[np.float64]


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
    """

    run: str | None = None
    weights: Mapping[str, float] = field(default_factory=dict)
    maps: Mapping[str, Cells] = field(default_factory=dict)

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
    return Attention(run, {str(name): float(weight) for name, weight in weights.items()}, maps)


def cells_in(rows: pd.DataFrame) -> Cells:
    """Lay a picture's rows out as they lie on it, (R, C)."""
    laid = rows.pivot(index="row", columns="column", values="effect_c").sort_index(axis=1)
    return laid.to_numpy(float)
