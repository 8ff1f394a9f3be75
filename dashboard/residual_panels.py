"""Single tracts on the Baselines page: two methods side by side."""

from collections.abc import Mapping

import streamlit as st

from aespa_core.analysis.benchmark_tables import PLACES, PREDICTIONS, RESULTS
from aespa_core.analysis.leaderboard import POOLED, Board, metro_name
from aespa_core.analysis.methods import MINE, OURS, words_of
from aespa_core.analysis.residuals import (
    TractErrors,
    against_metro,
    methods_tested,
    residual_places,
    residual_words,
    tract_errors,
)
from aespa_core.errors import ArtifactError
from aespa_core.views.leaderboard_tables import residual_screen, residual_table
from aespa_core.views.plain_text import advice, bullets, plain
from aespa_core.views.residuals import agreement_figure, residual_figure
from dashboard import cached, panels
from dashboard.controls import pick
from dashboard.leaderboard_controls import Benchmark
from dashboard.leaderboard_panels import screen, where

DAY = "lst_day_c"
NOT_KEPT = "No estimates of single tracts are kept for this choice."


def tract_block(benchmark: Benchmark, board: Board) -> None:
    """Draw single tracts of two methods: agreement, map of what is off, table."""
    if board.study.file != RESULTS or board.target != DAY:
        st.info(NOT_KEPT)
        return
    try:
        predictions = cached.predictions(*cached.benchmark_key(PREDICTIONS))
    except ArtifactError as error:
        st.info(advice(error))
        return
    methods = methods_tested(predictions, board.study, board.split, board.metro)
    if not methods:
        st.info(NOT_KEPT)
        return
    pair = pick_pair(board, methods)
    shown = {
        words_of(method, board.study.methods).label: tract_errors(
            predictions, board.study, board.split, board.metro, method
        )
        for method in pair
    }
    st.markdown(bullets(residual_words(found, label) for label, found in shown.items()))
    what = ""
    if board.metro == POOLED and st.toggle(
        "As differences from each metro’s observed mean", value=True, key="against_metro"
    ):
        shown_here = {label: against_metro(found) for label, found in shown.items()}
        what = ", difference from the metro’s mean"
    else:
        shown_here = shown
    st.plotly_chart(
        agreement_figure(shown_here, what),
        key="agreement",
        alt="Observed against estimated temperature of each tested tract.",
    )
    st.caption(
        "On the dashed line the estimate is right; above it the tract is hotter than estimated."
    )
    residual_block(benchmark, board, shown)


def pick_pair(board: Board, methods: list[str]) -> tuple[str, str]:
    """Draw the choice of two methods; at first ours and the best other."""
    others = board.rows.loc[board.rows["group"] != MINE, "method"]
    best = next((method for method in others if method in methods), methods[0])

    def label(method: str) -> str:
        return words_of(method, board.study.methods).label

    one, two = st.columns(2)
    with one:
        first = pick("Method", "method", methods, name=label, default=OURS)
    rest = [method for method in methods if method != first] or methods
    with two:
        other = pick("Beside it", "beside", rest, name=label, default=best)
    return first, other


def residual_block(benchmark: Benchmark, board: Board, shown: Mapping[str, TractErrors]) -> None:
    """Draw where each of two methods errs in one metro, and the table of all their tracts."""
    try:
        places = cached.middles(*cached.benchmark_key(PLACES))
    except ArtifactError as error:
        st.info(advice(error))
        return
    tables = {label: residual_places(found, places, board.study) for label, found in shown.items()}
    first, other = next(iter(tables.values())), list(tables.values())[-1]
    metro = board.metro
    if metro == POOLED:
        metro = pick("Metro on the map", "map", sorted(first["metro"].unique()), name=metro_name)
    st.subheader(plain(f"Where the estimates are off in {metro_name(metro)}"))
    here = {label: table[table["metro"] == metro] for label, table in tables.items()}
    st.plotly_chart(
        residual_figure(here), key="residuals", alt="Map of observed minus estimated temperature."
    )
    unplaced = int(next(iter(here.values()))["x_km"].isna().sum())
    lost = f" Without a known place, so not drawn: {unplaced:d}." if unplaced else ""
    st.caption(
        "Each dot is a tested tract; red is hotter than estimated, blue is cooler. Tracts that "
        f"no run tested are left out; several runs are averaged.{lost}"
    )
    table = residual_table(first, other)
    one, *_, two = [*shown, *shown]
    st.markdown(
        plain(f"Every tested tract of {board.place}, those first that {one} estimates worst:")
    )
    screen(residual_screen(table, (one, two)), height=300)
    names = " and ".join(shown)
    caption = f"Tested tracts in {board.place}, {board.split}: {names}"
    panels.table_downloads(table, caption, f"tracts_{where(board)}", benchmark.provenance(caption))
