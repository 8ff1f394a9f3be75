"""A study as samples of the multimodal model: one row a tract, missing stays missing."""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.heat.context import heat_context, place_km, reference_c
from aespa_core.errors import StudyError
from aespa_core.images.picture_files import photos_of, tiles_in
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.folder import Study
from aespa_core.studies.tables import HOURS_OF_WEEK
from aespa_core.studies.weeks import CHANNELS, whole_weeks

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Rows = TypeVar("Rows")


@dataclass(frozen=True)
class HeatSamples:
    """B tracts of a study.

    Attributes
    ----------
    geoid, metro
        Tract and metro ids, shape (B,).
    place_km
        East and north of the metro's middle, km, shape (B, 2).
    context
        Columns :data:`aespa_core.datasets.heat.context.CONTEXT`, B rows.
    reference_c
        What LST is told as a difference from, °C, shape (B,).
    proxies
        Proxies as measured, NaN where they are not, shape (B, 5).
    mobility
        Visits, outbound, stay, visits/h, NaN where missing, shape (B, 168, 3).
    lst_day_c, lst_night_c
        Labels, °C, NaN where unknown, shape (B,).
    tiles
        Satellite tile of each tract, None where there is none; B of them.
    photos
        Street photos of each tract, none or more; B tuples.
    """

    geoid: npt.NDArray[np.str_]
    metro: npt.NDArray[np.str_]
    place_km: Array
    context: pd.DataFrame
    reference_c: Array
    proxies: Array
    mobility: Array
    lst_day_c: Array
    lst_night_c: Array
    tiles: tuple[Path | None, ...]
    photos: tuple[tuple[Path, ...], ...]

    def __len__(self) -> int:
        """Count the tracts."""
        return len(self.geoid)

    def rows(self, keep: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "HeatSamples":
        """Take some of the tracts."""
        chosen = np.arange(len(self))[keep]
        return HeatSamples(**{f.name: taken(getattr(self, f.name), chosen) for f in fields(self)})

    def hiding_labels(self, hidden: Mask) -> "HeatSamples":
        """Forget the temperatures of some tracts: a method that is tested on them cannot peek."""
        return replace(
            self,
            lst_day_c=np.where(hidden, np.nan, self.lst_day_c),
            lst_night_c=np.where(hidden, np.nan, self.lst_night_c),
        )

    def without_images(self) -> "HeatSamples":
        """Forget every tile and photo."""
        return replace(self, tiles=(None,) * len(self), photos=((),) * len(self))


def taken(values: Rows, chosen: npt.NDArray[np.int64]) -> Rows:
    """Take rows of an array, a table or a tuple."""
    if isinstance(values, pd.DataFrame):
        return values.iloc[chosen]
    if isinstance(values, tuple):
        return tuple(values[i] for i in chosen)  # type: ignore[return-value]
    return values[chosen]  # type: ignore[index]


def read_samples(study: Study) -> HeatSamples:
    """Read a study of places.

    Raises
    ------
    StudyError
        If the study has no tracts of its own (the atlas), or no temperature.
    """
    for table in ("tracts", "temperature"):
        if table not in study.tables:
            raise StudyError(
                f"{study.path} has no table '{table}': the model learns from a study of kind "
                "simulated or observed."
            )
    tracts = study.read("tracts")
    geoid, metro = tracts["geoid"].to_numpy(str), tracts["metro"].to_numpy(str)
    context = heat_context(tracts, study.read("weather") if "weather" in study.tables else None)
    labels = study.read("temperature").set_index("geoid").reindex(geoid)
    proxies = np.full((len(geoid), len(PROXY_IDS)), np.nan)
    if "proxies" in study.tables:
        measured = study.read("proxies").set_index("geoid").reindex(geoid)
        proxies = measured.reindex(columns=list(PROXY_IDS)).to_numpy(float)
    mobility = np.full((len(geoid), HOURS_OF_WEEK, len(CHANNELS)), np.nan)
    if "mobility" in study.tables:
        mobility = whole_weeks(study.read("mobility"), geoid, metro).values
    images = study.path / "images"
    tiles = tiles_in(images / "satellite")
    return HeatSamples(
        geoid=geoid,
        metro=metro,
        place_km=place_km(tracts),
        context=context,
        reference_c=reference_c(context),
        proxies=proxies,
        mobility=mobility,
        lst_day_c=column(labels, "lst_day_c"),
        lst_night_c=column(labels, "lst_night_c"),
        tiles=tuple(tiles.get(name) for name in geoid),
        photos=tuple(photos_of(images / "street" / name) for name in geoid),
    )


def column(table: pd.DataFrame, name: str) -> Array:
    """Take a column, all NaN where the table lacks it."""
    return table[name].to_numpy(float) if name in table else np.full(len(table), np.nan)
