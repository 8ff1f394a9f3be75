"""From folds to rows: errors, differences between methods, agreement with other sensors."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.benchmarks.agreement import pearson
from aespa_core.benchmarks.table import Row
from aespa_core.benchmarks.tract_methods import OURS

Array = npt.NDArray[np.float64]

STUDY: Final = "tnc_urban_areas"
SPLIT: Final = "leave_one_area_out"
TARGET: Final = "lst_day"
WITHOUT_CANOPY: Final = "lst_day_without_canopy"
BOOTSTRAPS: Final = 2000


def error_rows(method: str, table: pd.DataFrame, seed: int) -> list[Row]:
    """Errors of one method, pooled and by area, with canopy and without."""
    rows = []
    for target, column in ((TARGET, "estimate_c"), (WITHOUT_CANOPY, "estimate_without_canopy_c")):
        rows += [
            Row(STUDY, method, metro, SPLIT, target, seed, metric, value, unit)
            for metro, part in (("all", table), *table.groupby("area"))
            for metric, value, unit in errors(
                part[column].to_numpy(float), part["observed_c"].to_numpy(float)
            )
        ]
    return rows


def errors(estimate: Array, observed: Array) -> list[tuple[str, float, str]]:
    """Metrics of differences from the area's mean; Pearson is missing for a constant estimate."""
    error = estimate - observed
    return [
        ("rmse", float(np.sqrt(np.mean(error**2))), "°C"),
        ("mae", float(np.abs(error).mean()), "°C"),
        ("r2", float(1 - (error**2).sum() / (observed**2).sum()), "1"),
        ("pearson", pearson(estimate, observed), "1"),
        ("tracts", float(len(observed)), "count"),
    ]


def fact_rows(method: str, facts: list[Mapping[str, float]], seed: int) -> list[Row]:
    """Violations and seconds a fit, over all groups."""

    def total(name: str) -> float:
        return float(sum(entry[name] for entry in facts))

    wrong = total("single") + total("many")
    values = [
        ("violations", wrong, "count"),
        ("violations_single", total("single"), "count"),
        ("violations_many", total("many"), "count"),
        ("violations_tested", total("single_tested") + total("many_tested"), "count"),
        ("violation_worst", max(entry["worst_c"] for entry in facts), "°C"),
        ("seconds", float(np.mean([entry["seconds"] for entry in facts])), "s"),
    ]
    return [Row(STUDY, method, "all", SPLIT, TARGET, seed, *value) for value in values]


def difference_rows(tables: Mapping[str, pd.DataFrame], seed: int) -> list[Row]:
    """RMSE of each method minus ours, with a 95 % bootstrap interval over whole areas."""
    rows = []
    for target, column in ((TARGET, "estimate_c"), (WITHOUT_CANOPY, "estimate_without_canopy_c")):
        squares = {name: area_squares(table, column) for name, table in tables.items()}
        count = tables[OURS].groupby("area").size().to_numpy(float)
        draws = np.random.default_rng(seed).integers(0, len(count), (BOOTSTRAPS, len(count)))
        for name, square in squares.items():
            if name == OURS:
                continue
            gap = pooled_rmse(square, count) - pooled_rmse(squares[OURS], count)
            sample = np.sqrt(square[draws].sum(1) / count[draws].sum(1)) - np.sqrt(
                squares[OURS][draws].sum(1) / count[draws].sum(1)
            )
            low, high = np.quantile(sample, [0.025, 0.975])
            rows += [
                Row(STUDY, name, "all", SPLIT, target, seed, metric, float(value), "°C")
                for metric, value in (
                    ("rmse_minus_aespa", gap),
                    ("rmse_minus_aespa_low95", low),
                    ("rmse_minus_aespa_high95", high),
                )
            ]
    return rows


def area_squares(table: pd.DataFrame, column: str) -> Array:
    """Sum of squared errors of each area, in alphabetical order, °C²."""
    square = (table[column] - table["observed_c"]) ** 2
    return square.groupby(table["area"]).sum().to_numpy(float)


def pooled_rmse(square: Array, count: Array) -> float:
    """Root mean square error over the tracts of all areas, °C."""
    return float(np.sqrt(square.sum() / count.sum()))


def absolute_rows(tables: Mapping[str, pd.DataFrame], level: pd.Series, seed: int) -> list[Row]:
    """Exploratory: errors of absolute temperature with one and the same guess of each area's level.

    Parameters
    ----------
    tables
        Method → its tracts.
    level
        Guess of the area's mean temperature by area, °C, made without the area.
    seed
        Of the run.
    """
    rows = []
    for name, table in tables.items():
        guess = table["area"].map(level) + table["estimate_c"]
        error = (guess - table["observed_absolute_c"]).to_numpy(float)
        value = float(np.sqrt(np.mean(error**2)))
        rows.append(Row(STUDY, name, "all", SPLIT, TARGET, seed, "rmse_absolute", value, "°C"))
    return rows


def independent_rows(
    tables: Mapping[str, pd.DataFrame], sensors: Mapping[str, pd.Series], seed: int
) -> list[Row]:
    """Correlation of each method, and of the label itself, with other thermal data, by area.

    Parameters
    ----------
    tables
        Method → its tracts, none of whose areas the method had seen.
    sensors
        Sensor → its temperature by geoid, any unit: only differences within an area count.
    seed
        Of the run.
    """
    rows = []
    for sensor, values in sensors.items():
        for name, table in {**tables, "label": label_of(tables)}.items():
            joined = table.assign(other=table["geoid"].map(values)).dropna(subset=["other"])
            for area, part in joined.groupby("area"):
                if len(part) < 30 or np.ptp(part["estimate_c"]) == 0:
                    continue
                r = float(np.corrcoef(part["estimate_c"], part["other"])[0, 1])
                rows += [
                    Row(STUDY, name, str(area), "independent", sensor, seed, "pearson", r, "1"),
                    Row(STUDY, name, str(area), "independent", sensor, seed, "tracts",
                        float(len(part)), "count"),
                ]  # fmt: skip
    return rows


def label_of(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Put the label in the estimate's place: what it agrees with is the mark to reach."""
    table = next(iter(tables.values()))
    return table.assign(estimate_c=table["observed_c"])
