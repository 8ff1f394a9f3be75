"""A study as a prediction sees it: no temperature in it, and a place for every tile."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from aespa_core.datasets.heat.samples import HeatSamples, read_samples
from aespa_core.errors import StudyError
from aespa_core.studies.folder import Study

NEEDED: Final = ("geoid", "metro", "aland_m2", "awater_m2", "population")
LABELS: Final = "temperature"
TILES: Final = "tiles"


@dataclass(frozen=True)
class Unlabelled(Study):
    """A study whose labels, if it has any, cannot reach an estimate."""

    @property
    def tables(self) -> tuple[str, ...]:
        """Ids of the tables; that of labels is always there, and empty."""
        return (*(name for name in super().tables if name != LABELS), LABELS)

    def read(self, table: str) -> pd.DataFrame:
        """Read one table by id; a tract without a tile has a place that is not known."""
        if table == LABELS:
            return pd.DataFrame({"geoid": pd.Series(dtype=str)})
        found = super().read(table)
        if table == TILES:
            geoid = pd.Index(super().read("tracts")["geoid"], name="geoid")
            found = found.set_index("geoid").reindex(geoid).reset_index()
        return found


def unlabelled_samples(study: Unlabelled) -> HeatSamples:
    """Read the tracts of a study that may have no label.

    Raises
    ------
    StudyError
        If the study has no tracts, or not what the model's context is made of.
    """
    if "tracts" not in study.tables:
        raise StudyError(
            f"{study.path} has no table 'tracts': give a study of kind simulated or observed."
        )
    tracts = study.read("tracts")
    if lacking := [name for name in NEEDED if name not in tracts]:
        raise StudyError(
            f"{study.path / 'tracts.parquet'} lacks {', '.join(lacking)}: the model needs "
            f"{', '.join(NEEDED)} of every tract."
        )
    return read_samples(study)


def refuse_placeless(study: Unlabelled, samples: HeatSamples) -> None:
    """Refuse tiles whose place is not known: nobody can say which pixels are the tract's.

    Raises
    ------
    StudyError
        If there is one.
    """
    imaged = pd.Series([tile is not None for tile in samples.tiles], samples.geoid)
    if TILES in study.tables:
        imaged &= study.read(TILES).set_index("geoid")["west"].isna()
    if imaged.any():
        raise StudyError(
            f"{study.path} has images/satellite/{imaged.idxmax()}.png but does not say where it "
            f"lies ({imaged.sum()} such tiles): write its bounds into tiles.parquet."
        )
