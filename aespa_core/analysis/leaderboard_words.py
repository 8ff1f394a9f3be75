"""Leaderboards read aloud: plain sentences made from the numbers, also where we lose."""

from typing import Final

import pandas as pd

from aespa_core.analysis.comparison import BETTER, UNCLEAR, UNTESTED, WORSE
from aespa_core.analysis.leaderboard import Ablations, Board, ByMetro, metro_name
from aespa_core.analysis.methods import LEARNED, MINE, OURS, SIMPLE, SOFT, STUDENT

IN_TITLE: Final = {
    WORSE: ", a clear difference",
    BETTER: ", a clear difference",
    UNCLEAR: ", not a clear difference",
    UNTESTED: "",
}


def headline(board: Board) -> str:
    """Say how good AESPA is against the strongest other method, and whether that is clear."""
    yard = board.study.yardstick
    ours, others = board.row(OURS), board.rows[board.rows["group"] != MINE]
    if ours is None:
        best = board.rows.iloc[0]
        return (
            f"In {board.place} the best of {len(board.rows)} methods is {best['label']} with a "
            f"{yard.label} of {best['error_c']:.2f} °C; AESPA itself was not run."
        )
    start = f"In {board.place} AESPA’s {yard.label} is {ours['error_c']:.2f} °C"
    if others.empty:
        return f"{start}; no other method was run."
    best = others.iloc[0]
    return (
        f"{start}, {compared_with(ours['error_c'], best['error_c'])} the best of "
        f"{len(others)} other methods ({best['label']}, {best['error_c']:.2f} °C)"
        f"{IN_TITLE[best['verdict']]}."
    )


def compared_with(ours_c: float, other_c: float) -> str:
    """Say how much less or more the one is, in per cent of the other."""
    change = round(100 * (ours_c / other_c - 1)) if other_c else 0
    if change == 0:
        return "about the same as"
    return f"{abs(change)} % {'below' if change < 0 else 'above'}"


def clearness(other: pd.Series) -> str:
    """Say whether the difference of another method's error from ours excludes zero."""
    if other["verdict"] == UNTESTED:
        return "; no interval of that difference was computed"
    near, far = sorted((abs(other["low_c"]), abs(other["high_c"])))
    if other["verdict"] == UNCLEAR:
        return (
            f"; that difference is not clear (95 % interval from {-other['low_c']:.3f} °C worse "
            f"to {other['high_c']:.3f} °C better)"
        )
    return f"; that difference is clear (95 % interval {near:.3f} to {far:.3f} °C)"


def facts(board: Board) -> list[str]:
    """List what else a reader asks of the leaderboard: one sentence each."""
    ours = board.row(OURS)
    if ours is None:
        return []
    found = [
        against_best(board, ours),
        against_simple(board, ours),
        verdicts(board),
        student(board, ours),
        coverage(ours),
        physics(board, ours),
    ]
    return [sentence for sentence in found if sentence]


def against_best(board: Board, ours: pd.Series) -> str:
    """Compare with the strongest other method, with the interval of the difference."""
    others = board.rows[board.rows["group"] != MINE]
    if others.empty:
        return ""
    best = others.iloc[0]
    return (
        f"Against the best other method: {best['label']} has {best['error_c']:.3f} °C, AESPA "
        f"{ours['error_c']:.3f} °C{clearness(best)}."
    )


def against_simple(board: Board, ours: pd.Series) -> str:
    """Compare with the best method that needs no learned picture."""
    simple = board.rows[board.rows["group"] == SIMPLE]
    others = board.rows[board.rows["group"] != MINE]
    if simple.empty or simple.index[0] == others.index[0]:
        return ""
    best = simple.iloc[0]
    return (
        f"Against something simple: the best simple method is {best['label']} with "
        f"{best['error_c']:.2f} °C; AESPA is {compared_with(ours['error_c'], best['error_c'])} it"
        f"{clearness(best)}."
    )


def verdicts(board: Board) -> str:
    """Count against how many others the difference is clear."""
    counts = board.rows.loc[board.rows["group"].isin((SIMPLE, LEARNED)), "verdict"].value_counts()
    total = counts.sum()
    parts = [
        f"{words} {counts[key]}"
        for key, words in (
            (WORSE, "clearly better than"),
            (UNCLEAR, "not clearly different from"),
            (BETTER, "clearly worse than"),
            (UNTESTED, "compared without an interval with"),
        )
        if key in counts
    ]
    if not parts:
        return ""
    return f"Against all {total} others: AESPA is {', '.join(parts)}."


def student(board: Board, ours: pd.Series) -> str:
    """Compare the student, which needs no movement data, with its teacher."""
    row = board.row(STUDENT)
    if row is None:
        return ""
    return (
        f"Without movement data: the student’s error is {row['error_c']:.2f} °C, "
        f"{compared_with(row['error_c'], ours['error_c'])} its teacher’s."
    )


def coverage(ours: pd.Series) -> str:
    """Say how often the 90 % intervals held, and how wide they are."""
    if pd.isna(ours["coverage_90"]):
        return ""
    wide = (
        "" if pd.isna(ours["width_90"]) else f"; on average they are {ours['width_90']:.2f} °C wide"
    )
    return (
        f"How sure: the 90 % intervals held in {100 * ours['coverage_90']:.0f} % of tested "
        f"tracts{wide}."
    )


def physics(board: Board, ours: pd.Series) -> str:
    """Say how often an estimate moved against physics, and how much goes through the curves."""
    parts = []
    if ours["moves"] > 0:
        parts.append(
            f"of {ours['moves']:,.0f} tested changes of a proxy AESPA answers {wrong(ours)} the "
            "wrong way"
        )
    soft = board.row(SOFT)
    if soft is not None and soft["moves"] > 0:
        parts.append(f"its form with soft physics {wrong(soft)} of {soft['moves']:,.0f}")
    if pd.notna(ours["share_through_curves"]):
        share = 100 * ours["share_through_curves"]
        parts.append(f"{share:.0f} % of what AESPA explains goes through its physical curves")
    return f"Physics: {'; '.join(parts)}." if parts else ""


def wrong(row: pd.Series) -> str:
    """Say how many of the tested moves went the wrong way."""
    if row["violations"] == 0:
        return "none"
    return f"{row['violations']:,.0f} ({100 * row['violations'] / row['moves']:.1f} %)"


def metro_words(found: ByMetro) -> str:
    """Say where we err most and least, and in how many metros we are the best."""
    matrix, label = found.matrix, found.reference
    if label not in matrix.index or matrix.shape[1] < 2:
        return "There are no errors by metro here."
    ours = matrix.loc[label].dropna()
    best = int((matrix[ours.index].idxmin() == label).sum())
    most, least = ours.idxmax(), ours.idxmin()
    return (
        f"{label} errs most in {metro_name(most)} ({ours[most]:.2f} °C) and least in "
        f"{metro_name(least)} ({ours[least]:.2f} °C). It has the smallest error of all methods in "
        f"{best} of {len(ours)} places."
    )


def ablation_words(found: Ablations) -> str:
    """Say which part is missed most, and which are not clearly missed."""
    rows = found.rows.dropna(subset=["difference_c"])
    if rows.empty:
        return "No model with a part left out was run here."
    first = rows.iloc[0]
    if first["difference_c"] <= 0:
        return "No part is missed: every model with a part left out errs no more than the whole."
    said = (
        f"Most missed: {first['label']} errs {100 * first['change']:.0f} % more than "
        f"{first['reference']} ({first['difference_c']:+.3f} °C)."
    )
    unclear = list(rows.loc[rows["verdict"] == UNCLEAR, "label"])
    better = list(rows.loc[rows["verdict"] == BETTER, "label"])
    if unclear:
        said += f" No clear difference: {', '.join(unclear)}."
    if better:
        said += f" Clearly better without it: {', '.join(better)}."
    return said
