"""T1: what the tracts of each metro are like."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.outcomes import OUTCOMES
from aespa_core.analysis.disparity.result_table import ResultTable

VARIABLES: Final = {
    "population": ("Residents", "people"),
    "median_household_income_usd": ("Median household income", "US$ a year"),
    "white_share": ("White alone", "share"),
    "poverty_share": ("Below the poverty line", "share"),
    "unemployment_share": ("Without work", "share"),
    "no_vehicle_share": ("Households without a vehicle", "share"),
    "over_64_share": ("65 and more", "share"),
    "under_5_share": ("Younger than 5", "share"),
    "ndvi": ("Vegetation index", "index"),
    "canopy": ("Tree canopy", "share"),
    "impervious": ("Sealed ground", "share"),
}


def descriptives(analysis: Analysis) -> ResultTable:
    """Describe outcomes, people and ground, each tract alike and each resident alike."""
    outcomes = {
        name: (OUTCOMES[name].label, "K" if name.startswith("brightness") else "°C")
        for name in analysis.sample.outcomes
    }
    rows = [
        {"metro": part.id, "variable": label, "unit": unit, **described(part.sample.tracts, column)}
        for part in analysis.parts
        for column, (label, unit) in (outcomes | VARIABLES).items()
        if column in part.sample.tracts
    ]
    return ResultTable(
        "T1",
        "Tracts by metro",
        pd.DataFrame(rows),
        (
            "Mean, standard deviation and percentiles over tracts, each alike; the last column "
            "weights tracts by their residents. Predicted temperatures are differences from the "
            "metro's median.",
            *analysis.source_lines(),
        ),
        analysis.study_notices,
        panels=("metro",),
    )


def described(tracts: pd.DataFrame, column: str) -> dict[str, float]:
    """Describe one column."""
    values = tracts[column].astype(float)
    known = values.dropna()
    people = tracts["population"].where(tracts["population"] > 0)
    both = values.notna() & people.notna()
    weighted = np.average(values[both], weights=people[both]) if both.any() else np.nan
    return {
        "n": len(known),
        "missing": int(values.isna().sum()),
        "mean": known.mean(),
        "sd": known.std(),
        "p10": known.quantile(0.1),
        "median": known.median(),
        "p90": known.quantile(0.9),
        "mean_by_residents": np.nan if column == "population" else float(weighted),
    }
