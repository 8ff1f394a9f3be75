"""Finished benchmarks as tables: where they lie, and what must stand in them.

``heat.csv`` holds one number a row. ``heat_predictions.parquet`` holds one tested tract a row,
``heat_places.parquet`` where its middle lies. ``tracts.csv`` is the older benchmark of the tract
model; its errors are differences from the area's mean, so here they get the names that ``heat.csv``
has for those.
"""

import os
from pathlib import Path
from typing import Final

import pandas as pd

from aespa_core.errors import ArtifactError
from aespa_core.studies.catalogue import ROOT

RESULTS: Final = "heat.csv"
TRACT_RESULTS: Final = "tracts.csv"
DISPARITY_RESULTS: Final = "disparity.csv"
PREDICTIONS: Final = "heat_predictions.parquet"
PLACES: Final = "heat_places.parquet"
COMMANDS: Final = {
    RESULTS: "aespa bench heat --study twin",
    PREDICTIONS: "aespa bench heat --study twin",
    PLACES: "aespa bench heat --study twin",
    TRACT_RESULTS: "aespa bench tracts",
    DISPARITY_RESULTS: "aespa bench disparity",
}
KEYS: Final = ("study", "method", "metro", "split", "target", "seed", "metric")
COLUMNS: Final = {
    RESULTS: (*KEYS, "value", "unit", "code_version", "machine"),
    TRACT_RESULTS: (*KEYS, "value", "unit", "code_version", "machine"),
    DISPARITY_RESULTS: (*KEYS, "value", "unit", "code_version", "machine"),
    PREDICTIONS: (
        "geoid", "metro", "split", "seed", "method", "lst_day_c", "estimate_c", "low90_c",
        "high90_c",
    ),
    PLACES: ("geoid", "metro", "x_km", "y_km"),
}  # fmt: skip
# A row of predictions or of places without a column ``study`` is of the simulated metros.
DEFAULT_STUDY: Final = "twin"
IN_DEGREES: Final = ("mae", "rmse", "mae_within", "rmse_within", "width_90", "mae_difference")
TRACT_METRICS: Final = {
    "mae": "mae_within",
    "rmse": "rmse_within",
    "r2": "r2_within",
    "pearson": "pearson_within",
    "rmse_minus_aespa": "rmse_within_difference",
    "rmse_minus_aespa_low95": "rmse_within_difference_low",
    "rmse_minus_aespa_high95": "rmse_within_difference_high",
    "interval_width": "width_90",
    "violations_tested": "moves",
}
TRACT_TARGETS: Final = ("lst_day", "lst_day_without_canopy")


def benchmarks_folder() -> Path:
    """Folder of the tables: ``AESPA_BENCHMARKS``, else the ones that ship."""
    return Path(os.environ.get("AESPA_BENCHMARKS") or ROOT / "assets" / "benchmarks")


def read_results(path: Path) -> pd.DataFrame:
    """Read ``heat.csv`` or ``tracts.csv``; the latter in the former's words.

    Returns
    -------
    pandas.DataFrame
        Columns :data:`KEYS`, ``value``, ``unit``, ``code_version``, ``machine``.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, or holds a number twice or in another unit.
    """
    table = read_columns(path)
    if path.name == TRACT_RESULTS:
        table = table[table["target"].isin(TRACT_TARGETS) & (table["split"] != "independent")]
        table = table.assign(metric=table["metric"].replace(TRACT_METRICS))
    remake = f"Run `{COMMANDS[path.name]}` again."
    if not pd.api.types.is_numeric_dtype(table["value"]):
        raise ArtifactError(f"{path} has text in the column value, where numbers belong. {remake}")
    twice = table.duplicated(list(KEYS))
    if twice.any():
        row = ", ".join(str(table.loc[twice.idxmax(), key]) for key in KEYS)
        raise ArtifactError(f"{path} holds {int(twice.sum())} numbers twice, first {row}. {remake}")
    foreign = table["metric"].isin(IN_DEGREES) & (table["unit"] != "°C")
    if foreign.any():
        row = table.loc[foreign.idxmax()]
        raise ArtifactError(
            f"{path} has {row['metric']} of {row['method']} in '{row['unit']}' instead of °C. "
            f"{remake}"
        )
    return table.reset_index(drop=True)


def read_predictions(path: Path) -> pd.DataFrame:
    """Read what each method said of each tested tract, °C.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled.
    """
    return of_study(read_columns(path))


def read_places(path: Path) -> pd.DataFrame:
    """Read where the middle of each tract lies, km east and north of its metro's middle.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, or places a tract twice.
    """
    table = of_study(read_columns(path))
    if table.duplicated(["study", "geoid"]).any():
        raise ArtifactError(f"{path} places a tract twice. Run `{COMMANDS[path.name]}` again.")
    return table


def of_study(table: pd.DataFrame) -> pd.DataFrame:
    """Name the study where the table has only the one."""
    table = table.assign(geoid=table["geoid"].astype("str"))
    return table if "study" in table else table.assign(study=DEFAULT_STUDY)


def read_columns(path: Path) -> pd.DataFrame:
    """Read a table and see to it that it has the columns of its name.

    Raises
    ------
    ArtifactError
        Naming the command that makes the file.
    """
    command = COMMANDS[path.name]
    if not path.is_file():
        raise ArtifactError(f"There is no {path}: make it with `{command}`.")
    try:
        table = (
            pd.read_csv(path, low_memory=False) if path.suffix == ".csv" else pd.read_parquet(path)
        )
    except (OSError, ValueError) as error:
        raise ArtifactError(
            f"{path} cannot be read ({error}): make it anew with `{command}`."
        ) from error
    if absent := [name for name in COLUMNS[path.name] if name not in table]:
        raise ArtifactError(
            f"{path} lacks the columns {', '.join(absent)}: make it anew with `{command}`."
        )
    return table
