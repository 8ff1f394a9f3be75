"""What a method said of each tested tract, beside what was observed there."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from aespa_core.analysis.benchmark_studies import BenchmarkStudy
from aespa_core.analysis.leaderboard import POOLED, metro_name
from aespa_core.errors import ArtifactError

TENTH: Final = 0.1
# Fewer tracts than this make no tenth worth a sentence.
ENOUGH: Final = 30


@dataclass(frozen=True)
class TractErrors:
    """Tested tracts of one method under one split.

    Attributes
    ----------
    method
        Id.
    rows
        One row a tract and seed: ``geoid``, ``metro``, ``seed``, ``observed_c``, ``estimate_c``,
        ``low90_c``, ``high90_c`` (NaN where the method gives no interval), ``residual_c``
        (observed minus estimate, so that positive means estimated too cool), all °C.
    """

    method: str
    rows: pd.DataFrame


def methods_tested(
    predictions: pd.DataFrame, study: BenchmarkStudy, split: str, metro: str
) -> list[str]:
    """List the methods with estimates of single tracts under a split; ``metro`` may be ``all``."""
    chosen = (predictions["study"] == study.id) & (predictions["split"] == split)
    if metro != POOLED:
        chosen &= predictions["metro"] == metro
    known = chosen & predictions[["lst_day_c", "estimate_c"]].notna().all(axis="columns")
    return sorted(predictions.loc[known, "method"].unique())


def tract_errors(
    predictions: pd.DataFrame, study: BenchmarkStudy, split: str, metro: str, method: str
) -> TractErrors:
    """Select the tested tracts of a method; ``metro`` may be ``all``.

    Raises
    ------
    ArtifactError
        If there are none.
    """
    chosen = (
        (predictions["study"] == study.id)
        & (predictions["split"] == split)
        & (predictions["method"] == method)
    )
    if metro != POOLED:
        chosen &= predictions["metro"] == metro
    rows = predictions.loc[chosen].dropna(subset=["lst_day_c", "estimate_c"])
    if rows.empty:
        raise ArtifactError(
            f"No estimate of single tracts by {method} in {metro} under {split} is kept: "
            "choose another method or split."
        )
    rows = rows.rename(columns={"lst_day_c": "observed_c"}).drop(
        columns=["study", "split", "method"]
    )
    rows = rows.assign(residual_c=rows["observed_c"] - rows["estimate_c"])
    return TractErrors(method, rows.reset_index(drop=True))


def against_metro(found: TractErrors) -> TractErrors:
    """Take each metro's observed mean, under each seed, out of both temperatures.

    The residuals stay as they are: a method that gets a metro's level wrong still shows it.
    """
    rows = found.rows
    level = rows.groupby(["metro", "seed"])["observed_c"].transform("mean")
    columns = ["observed_c", "estimate_c", "low90_c", "high90_c"]
    return TractErrors(found.method, rows.assign(**{name: rows[name] - level for name in columns}))


def residual_words(found: TractErrors, label: str) -> str:
    """Say how far off the estimates are, and what happens where it is hottest."""
    rows = found.rows
    off = rows["residual_c"].abs()
    worst = rows.loc[off.idxmax()]
    side = "cool" if worst["residual_c"] > 0 else "warm"
    said = (
        f"{label}: half of the estimates lie within {off.median():.2f} °C of what was observed, "
        f"nine in ten within {off.quantile(0.9):.2f} °C. The worst is {off.max():.2f} °C too "
        f"{side} (tract {worst['geoid']} in {metro_name(worst['metro'])})."
    )
    hottest = hottest_tenth(rows)
    if len(rows) < ENOUGH or hottest.empty:
        return said
    bias = float(hottest["residual_c"].mean())
    if abs(bias) < 0.005:
        return f"{said} Where it is hottest it is right on average."
    return (
        f"{said} In the hottest tenth of each metro’s tested tracts it is on average "
        f"{abs(bias):.2f} °C too {'cool' if bias > 0 else 'warm'}."
    )


def hottest_tenth(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of each metro's hottest tenth as observed."""
    rank = rows.groupby("metro")["observed_c"].rank(pct=True)
    return rows[rank > 1 - TENTH]


def residual_places(
    found: TractErrors, places: pd.DataFrame, study: BenchmarkStudy
) -> pd.DataFrame:
    """Give each tested tract its place and its mean residual over the seeds that tested it.

    Returns
    -------
    pandas.DataFrame
        One row a tract, the most wrongly estimated first: ``geoid``, ``metro``, ``x_km``, ``y_km``
        (NaN where nobody placed it), ``observed_c``, ``estimate_c``, ``residual_c``, ``seeds``.
    """
    middle = found.rows.groupby(["geoid", "metro"], as_index=False).agg(
        observed_c=("observed_c", "mean"),
        estimate_c=("estimate_c", "mean"),
        residual_c=("residual_c", "mean"),
        seeds=("seed", "nunique"),
    )
    placed = places.loc[places["study"] == study.id, ["geoid", "x_km", "y_km"]]
    table = middle.merge(placed, on="geoid", how="left", validate="many_to_one")
    order = table["residual_c"].abs().sort_values(ascending=False).index
    return table.loc[order, [
        "geoid", "metro", "x_km", "y_km", "observed_c", "estimate_c", "residual_c", "seeds",
    ]].reset_index(drop=True)  # fmt: skip
