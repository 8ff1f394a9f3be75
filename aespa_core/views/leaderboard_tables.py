"""Leaderboards as tables: the unit is in the name of each column."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from aespa_core.analysis.comparison import METRICS
from aespa_core.analysis.leaderboard import Ablations, Board, ByMetro, metro_name
from aespa_core.analysis.methods import GROUPS, MethodWords, words_of
from aespa_core.analysis.transfer import Transfer

UNITS: Final = {
    **dict.fromkeys(("mae", "rmse", "mae_within", "rmse_within", "width_90"), "c"),
    **dict.fromkeys(("violations", "moves"), "count"),
    "coverage_90": "share",
}
VERDICTS: Final = {
    "reference": "AESPA itself",
    "better": "clearly better",
    "worse": "clearly worse",
    "unclear": "no clear difference",
    "untested": "no interval",
}
# Names on screen of what a reader may ask for beyond the leaderboard itself.
MEASURES: Final = {
    "mae": "MAE (°C)",
    "rmse": "RMSE (°C)",
    "r2": "R²",
    "pearson": "Correlation",
    "mae_within": "MAE within metros (°C)",
    "rmse_within": "RMSE within metros (°C)",
    "r2_within": "R² within metros",
    "pearson_within": "Correlation within metros",
    "coverage_90": "90 % intervals held (%)",
    "width_90": "Their width (°C)",
    "violations": "Wrong moves",
    "moves": "Moves tested",
    "share_through_curves": "Through curves (%)",
    "seconds": "Seconds",
}


def with_unit(metric: str) -> str:
    """Name of a metric's column: ``mae_c``, ``r2``."""
    return f"{metric}_{UNITS[metric]}" if metric in UNITS else metric


def board_table(board: Board) -> pd.DataFrame:
    """Make one row a method, best first; a metric that nobody has is left out."""
    rows = board.rows
    head = rows[
        ["rank", "label", "error_c", "spread_c", "difference_c", "low_c", "high_c", "verdict"]
    ].rename(columns={"label": "method", "low_c": "low95_c", "high_c": "high95_c"})
    head["verdict"] = head["verdict"].map(VERDICTS)
    used = [name for name in METRICS if rows[name].notna().any()]
    metrics = rows[used].rename(columns=with_unit)
    return pd.concat([head, metrics, rows[["seeds", "inputs"]]], axis="columns").assign(
        id=rows["method"]
    )


def interval_words(rows: pd.DataFrame) -> pd.Series:
    """Write each 95 % interval as words, empty where there is none."""
    words = [
        "" if pd.isna(row.low_c) else f"{row.low_c:+.3f} to {row.high_c:+.3f}"
        for row in rows.itertuples()
    ]
    return pd.Series(words, rows.index)


def board_screen(board: Board) -> pd.DataFrame:
    """Pick what a page shows of a board, named for readers; the file has everything."""
    rows = board.rows
    yard = board.study.yardstick
    within = {"Within (°C)": rows["mae_within"]} if yard.metric == "mae" else {}
    columns = {
        "Method": rows["label"],
        f"{yard.short} (°C)": rows["error_c"],
        "Minus AESPA (°C)": rows["difference_c"],
        "95 % interval": interval_words(rows),
        "Against AESPA": rows["verdict"].map(VERDICTS),
        **within,
        "90 % held (%)": 100 * rows["coverage_90"],
        "Wrong way (%)": 100 * rows["violations"] / rows["moves"],
    }
    return pd.DataFrame(columns).dropna(axis="columns", how="all")


def measures_screen(board: Board) -> pd.DataFrame:
    """Lay out every measure of a board, named for readers."""
    rows = board.rows[["label", *MEASURES]].rename(columns=MEASURES | {"label": "Method"})
    shares = [name for name in MEASURES.values() if name.endswith("(%)")]
    rows[shares] = 100 * rows[shares]
    return rows.dropna(axis="columns", how="all")


def ablation_screen(found: Ablations) -> pd.DataFrame:
    """Pick what a page shows of ablations, named for readers."""
    rows = found.rows
    return pd.DataFrame(
        {
            "Model": rows["label"],
            "MAE (°C)": rows["error_c"],
            "Whole model (°C)": rows["reference_c"],
            "Growth (°C)": rows["difference_c"],
            "95 % interval": interval_words(rows),
            "Growth (%)": 100 * rows["change"],
            "Without the part": rows["verdict"].map(VERDICTS),
        }
    )


def residual_screen(table: pd.DataFrame, names: tuple[str, str]) -> pd.DataFrame:
    """Pick what a page shows of :func:`residual_table`, named for readers."""
    return pd.DataFrame(
        {
            "Tract": table["geoid"],
            "Metro": table["metro"].map(metro_name),
            "Observed (°C)": table["observed_c"],
            f"{names[0]} (°C)": table["estimate_c"],
            f"{names[1]} (°C)": table["other_estimate_c"],
            f"Observed − {names[0]} (°C)": table["residual_c"],
            f"Observed − {names[1]} (°C)": table["other_residual_c"],
        }
    )


def metro_table(found: ByMetro) -> pd.DataFrame:
    """Make one row a metro, one column a method, °C; where AESPA errs most first."""
    table = found.matrix.T.rename_axis(columns=None)
    table.index = pd.Index([metro_name(metro) for metro in table.index], name="metro")
    return table.reset_index()


def ablation_table(found: Ablations) -> pd.DataFrame:
    """Make one row a model with a part left out, the most missed part first."""
    rows = found.rows.drop(columns="method").rename(
        columns={
            "label": "method",
            "reference": "whole_model",
            "reference_c": "whole_model_c",
            "low_c": "low95_c",
            "high_c": "high95_c",
            "change": "change_share",
        }
    )
    rows["verdict"] = rows["verdict"].map(VERDICTS)
    return rows.assign(id=found.rows["method"])


def transfer_table(found: Transfer) -> pd.DataFrame:
    """Make one row a metro learned in, one column a metro tested in."""
    return found.matrix.rename_axis(columns=None).reset_index()


def residual_table(first: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """Put two methods' tracts side by side, those first that the first estimates worst.

    Parameters
    ----------
    first, other
        As :func:`aespa_core.analysis.residuals.residual_places` gives them.
    """
    beside = other[["geoid", "estimate_c", "residual_c"]].rename(
        columns={"estimate_c": "other_estimate_c", "residual_c": "other_residual_c"}
    )
    return first.merge(beside, on="geoid", how="left", validate="one_to_one")


def method_table(methods: Iterable[str], known: tuple[MethodWords, ...]) -> pd.DataFrame:
    """Say of each method what it is and what it is given."""
    ids = [entry.id for entry in known]
    words = [words_of(method, known) for method in methods]
    words.sort(key=lambda entry: ids.index(entry.id) if entry.id in ids else len(ids))
    return pd.DataFrame(
        {
            "method": [entry.label for entry in words],
            "kind": [GROUPS[entry.group] for entry in words],
            "given": [entry.inputs for entry in words],
            "meaning": [entry.meaning for entry in words],
            "id": [entry.id for entry in words],
        }
    )
