"""The written list of everything that an estimate may depend on; nothing social is on it."""

import re
from collections.abc import Callable
from types import SimpleNamespace

import pandas as pd
import pytest

from aespa_core.datasets import national_tracts
from aespa_core.datasets.national_tracts import LEARNED, read_national_tracts
from aespa_core.inference.interval_features import NAMES
from aespa_core.models.tract_model import AREA_MEANS, AREA_SIZE, CONTEXT, SIGNS
from aespa_core.sources.extract import Extract

FORBIDDEN = re.compile(
    "income|poverty|race|white|education|tenure|rent|vacan|vulnerab|svi|mobile|dwelling|unemployment"
)
INPUTS = {
    CONTEXT: [
        "log_land_km2", "log_housing", "log_people", "log_housing_1km", "log_housing_3km",
        "log_units_1km", "log_units_3km", "log_km_to_5", "log_km_to_20", "log_sea_km", "near_sea",
        "near_lake", "water_5km", "log_centre_km", "centre_radii",
    ],
    AREA_MEANS: [
        "log_housing", "log_sea_km", "log_lake_km", "water_15km", "log_km_to_20", "lat", "lon",
    ],
    AREA_SIZE: ["log_area_km", "log_area_people"],
    LEARNED: ["ndvi", "canopy", "impervious"],
    NAMES: [
        "log_member_sd", "log_area_sd", "size_of_difference", "log_housing", "log_land_km2",
        "near_sea",
    ],
}  # fmt: skip


@pytest.mark.parametrize("names", INPUTS, ids=["context", "means", "size", "proxies", "widths"])
def test_inputs_are_those_of_the_list(names):
    assert list(names) == INPUTS[names]
    assert not [name for name in names if FORBIDDEN.search(name)]


def test_signs_are_those_of_physics():
    assert dict(zip(LEARNED, SIGNS, strict=True)) == {"ndvi": -1, "canopy": -1, "impervious": 1}


def test_nothing_social_passes_from_the_sources_into_the_table(monkeypatch):
    """The census reader also gives incomes and poverty to studies: they must stop here."""
    ids = ["01001000100", "01001000200"]
    social = {
        "per_capita_income_usd": 3e4, "poverty_share": 0.1, "unemployment_share": 0.1,
        "white_share": 0.5, "population": 4000.0, "housing_units": 900.0,
    }  # fmt: skip
    physical = {"land_km2": 2.0, "housing_density_km2": 450.0, "ndvi": 0.3}
    label = {"canopy": 0.2, "lst_day_c": 30.0, "n_pixels": 9.0, "urban_area": "X", "income_mean": 1}
    center = {"lat": 33.0, "lon": -86.0, "population_2010": 4000.0}

    def table(columns: dict[str, object]) -> pd.DataFrame:
        return pd.DataFrame({"geoid": ids, **columns})

    def source(columns: dict[str, object]) -> Callable[..., Extract]:
        return lambda *arguments: Extract(table(columns))

    monkeypatch.setattr(national_tracts, "read_population_centers", lambda mirror: table(center))
    monkeypatch.setattr(national_tracts, "read_oeps", source({**social, **physical}))
    monkeypatch.setattr(national_tracts, "read_tnc", source(label))
    monkeypatch.setattr(national_tracts, "read_impervious", source({"impervious": 0.4}))
    columns = list(read_national_tracts(SimpleNamespace()).table)
    assert columns == [
        "lat", "lon", "population_2010", "land_km2", "housing_density_km2", "ndvi", "canopy",
        "lst_day_c", "n_blocks", "urban_area", "impervious",
    ]  # fmt: skip
    assert not [name for name in columns if FORBIDDEN.search(name)]
