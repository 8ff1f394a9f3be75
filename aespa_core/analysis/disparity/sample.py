"""Tracts of all asked metros with outcomes and covariates: what every table is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.disparity.covariates import add_covariates
from aespa_core.analysis.disparity.outcomes import OUTCOMES, Outcome
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.analysis.places import metros_of, places_of
from aespa_core.errors import ConfigError, StudyError
from aespa_core.studies.catalogue import find_study
from aespa_core.studies.folder import Study, open_study

# Equal-area metres for the contiguous US (Albers, NAD83), within 1 % of true distances in a metro.
METRES: Final = "EPSG:5070"
COUNTY_DIGITS: Final = 5
# Fewer tracts of a metro than this tell nothing of it.
LEAST_TRACTS: Final = 30
# More take hours: a metro of a hundred tracts needs some seconds for each outcome.
MOST_METROS: Final = 100
MOST_TRACTS: Final = 20_000


@dataclass(frozen=True)
class Sample:
    """Tracts to be analysed.

    Attributes
    ----------
    tracts
        One row a tract, indexed by geoid: ``metro``, ``county`` (5 digits), ``population``, other
        census columns, covariates by id, outcomes by id (°C or K).
    geometry
        Borders in EPSG:4326, in the same order.
    xy_m
        Where the tracts' people live on average (a point within where that is not known), metres,
        shape (N, 2).
    outcomes
        Ids of the asked outcomes of which there is a value, in the order asked for.
    absent
        Ids of the asked outcomes of which there is none.
    studies
        Where the rows come from.
    """

    tracts: pd.DataFrame
    geometry: gpd.GeoSeries
    xy_m: npt.NDArray[np.float64]
    outcomes: tuple[str, ...]
    absent: tuple[str, ...]
    studies: tuple[Study, ...]

    @property
    def metros(self) -> tuple[str, ...]:
        """Ids of the metros, in alphabetical order."""
        return tuple(sorted(self.tracts["metro"].unique()))

    def of_metro(self, metro: str) -> "Sample":
        """Keep one metro; of its outcomes those that differ in :data:`LEAST_TRACTS` or more."""
        here = (self.tracts["metro"] == metro).to_numpy()
        values = self.tracts.loc[here, list(self.outcomes)]
        usable = (values.count() >= LEAST_TRACTS) & (values.max() > values.min())
        return Sample(
            self.tracts[here],
            self.geometry[here],
            self.xy_m[here],
            tuple(name for name in self.outcomes if usable[name]),
            self.absent,
            self.studies,
        )


def studies_of(asked: Specification) -> tuple[Study, ...]:
    """Open the studies that a specification names, by id or path.

    Raises
    ------
    ConfigError, StudyError
        If it names none, or one cannot be opened.
    """
    if not asked.studies:
        raise ConfigError(
            'No study is named: give --study, or studies = ["…"] in the specification.'
        )
    return tuple(open_study(find_study(name)) for name in asked.studies)


def sample_of(studies: Sequence[Study], asked: Specification) -> Sample:
    """Read the tracts that a specification asks for.

    Raises
    ------
    StudyError
        If there are more tracts or metros than are done in an hour, a study has no people, a metro
        is in none of them or a tract in two, or there is none of the outcomes.
    """
    frames = [frame for study in studies for frame in frames_of(study, asked)]
    if not frames:
        known = sorted({metro for study in studies for metro in metros_of(study)})
        raise StudyError(f"No study has {', '.join(asked.metros)}: choose from {', '.join(known)}.")
    if len(frames) > MOST_METROS or sum(map(len, frames)) > MOST_TRACTS:
        raise StudyError(
            f"{sum(map(len, frames)):,} tracts of {len(frames):,} metros would take hours: "
            f"{MOST_TRACTS:,} of {MOST_METROS} are the most. Name some of them with "
            'metros = ["…"] in the specification.'
        )
    table = gpd.GeoDataFrame(pd.concat(frames), crs="EPSG:4326")
    if twice := table.index[table.index.duplicated()].tolist():
        raise StudyError(f"Tract {twice[0]} is in two of the studies: give each metro once.")
    if "population" not in table:
        raise StudyError("The studies have no population: disparities are between residents.")
    if missing := sorted(set(asked.metros) - set(table["metro"])):
        raise StudyError(f"No study has the metro {', '.join(missing)}: leave it out.")
    for outcome in map(OUTCOMES.__getitem__, asked.outcomes):
        table[outcome.id] = column_of(outcome, table)
    there = tuple(name for name in asked.outcomes if table[name].notna().any())
    if not there:
        raise StudyError(
            f"There is no {' and no '.join(asked.outcomes)} in these studies: measure temperature, "
            "or run `aespa predict`."
        )
    middles = middles_of(table).to_crs(METRES)
    people = pd.DataFrame(table.drop(columns="geometry"))
    people["county"] = people.index.str[:COUNTY_DIGITS]
    return Sample(
        add_covariates(people),
        table.geometry,
        np.column_stack([middles.x, middles.y]),
        there,
        tuple(name for name in asked.outcomes if name not in there),
        tuple(studies),
    )


def middles_of(table: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Take the centre of a tract's people, and where it is not known a point within the tract."""
    middles = table.geometry.representative_point()
    if not {"people_lon", "people_lat"} <= set(table):
        return middles
    people = gpd.GeoSeries.from_xy(
        table["people_lon"], table["people_lat"], index=table.index, crs="EPSG:4326"
    )
    known = table[["people_lon", "people_lat"]].notna().all(axis=1)
    return middles.where(~known, people)


def frames_of(study: Study, asked: Specification) -> list[gpd.GeoDataFrame]:
    """Read the asked metros of one study."""
    if study.info.kind == "estimated":
        raise StudyError(
            f"{study.info.name} is model output without census tables: disparities need a study "
            "with people; make one with `aespa study ingest`."
        )
    metros = [name for name in metros_of(study) if not asked.metros or name in asked.metros]
    return [places_of(study, name, asked.run).frame.assign(metro=name) for name in metros]


def column_of(outcome: Outcome, table: pd.DataFrame) -> pd.Series:
    """Values of an outcome; missing where no study has the column."""
    if outcome.column in table:
        return table[outcome.column].astype(float)
    return pd.Series(np.nan, index=table.index)
