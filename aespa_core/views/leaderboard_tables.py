"""Leaderboards as tables: the unit is in the name of each column."""

from collections.abc import Iterable
from typing import Final

import pandas as pd

from aespa_core.analysis.leaderboard import METRICS, Ablations, Board
from aespa_core.analysis.methods import GROUPS, MethodWords, words_of
from aespa_core.analysis.transfer import Transfer

UNITS: Final = {
    **dict.fromkeys(("mae", "rmse", "mae_within", "rmse_within", "width_90"), "c"),
    **dict.fromkeys(("violations", "moves"), "count"),
    "coverage_90": "share",
    "seconds": "s",
}
VERDICTS: Final = {
    "reference": "is compared with",
    "better": "clearly better than AESPA",
    "worse": "clearly worse than AESPA",
    "unclear": "no clear difference",
    "untested": "no interval computed",
}
ABLATION_VERDICTS: Final = VERDICTS | {
    "better": "clearly better without",
    "worse": "clearly worse without",
}


def with_unit(metric: str) -> str:
    """Name of a metric's column: ``mae_c``, ``r2``."""
    unit = UNITS.get(metric)
    return metric if unit is None or metric.endswith(unit) else f"{metric}_{unit}"


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
    rows["verdict"] = rows["verdict"].map(ABLATION_VERDICTS)
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
    words = [words_of(method, known) for method in methods]
    return pd.DataFrame(
        {
            "method": [entry.label for entry in words],
            "kind": [GROUPS[entry.group] for entry in words],
            "given": [entry.inputs for entry in words],
            "meaning": [entry.meaning for entry in words],
            "id": [entry.id for entry in words],
        }
    )
