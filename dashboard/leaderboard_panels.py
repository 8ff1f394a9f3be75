"""Finished blocks of the Baselines page."""

import pandas as pd
import streamlit as st

from aespa_core.analysis.benchmark_tables import PLACES, PREDICTIONS
from aespa_core.analysis.leaderboard import POOLED, SPLITS, Board, ablations, metro_name
from aespa_core.analysis.leaderboard_words import ablation_words, facts
from aespa_core.analysis.methods import MINE, OURS, words_of
from aespa_core.analysis.residuals import (
    methods_tested,
    residual_places,
    residual_words,
    tested,
)
from aespa_core.analysis.transfer import TRANSFER_METRICS, transfer, transfer_words
from aespa_core.errors import ArtifactError
from aespa_core.views.leaderboard import ablation_figure, board_figure, transfer_figure
from aespa_core.views.leaderboard_tables import (
    ablation_table,
    board_table,
    method_table,
    residual_table,
    transfer_table,
)
from aespa_core.views.residuals import agreement_figure, residual_figure
from dashboard import cached, panels
from dashboard.controls import pick
from dashboard.leaderboard_controls import Benchmark

SHARE = st.column_config.NumberColumn(format="percent")


def notices(board: Board) -> None:
    """Mark a simulated study, and say what was hidden from the methods."""
    if board.study.simulated:
        st.warning(
            "Simulated: these are no real places. The numbers compare methods where the truth is "
            "known; they do not say how well one does in a real city."
        )
    if board.split in SPLITS:
        st.caption(SPLITS[board.split][1])


def board_block(benchmark: Benchmark, board: Board) -> None:
    """Draw the leaderboard: what it says, chart, table, downloads."""
    st.markdown("\n".join(f"- {sentence}" for sentence in facts(board)))
    yard = board.study.yardstick
    st.plotly_chart(
        board_figure(board),
        key="board",
        alt=f"{yard.label} of {len(board.rows)} methods in {board.place} and their differences "
        "from AESPA; the table below holds the same numbers.",
    )
    seeds = int(board.rows["seeds"].max())
    spread = (
        f"Left: mean over {seeds} runs with different chance, the bar is their standard deviation. "
        if seeds > 1
        else ""
    )
    absent = f" Not run here: {', '.join(board.absent)}." if board.absent else ""
    st.caption(
        f"{spread}Right: how much more a method errs than AESPA on the same tracts, with its 95 % "
        f"interval; a hollow mark is no clear difference, or one without an interval.{absent}"
    )
    table = board_table(board)
    numbers = table.select_dtypes("number").columns
    st.dataframe(
        table.drop(columns="id"),
        hide_index=True,
        column_config={
            name: st.column_config.NumberColumn(format="%.3f")
            for name in numbers
            if table[name].abs().max() < 1000 and name not in ("rank", "seeds")
        },
    )
    caption = f"{yard.label.capitalize()} and other measures in {board.place}, {board.split}"
    panels.table_downloads(
        table, caption, f"leaderboard_{where(board)}", benchmark.provenance(caption)
    )


def where(board: Board) -> str:
    """Name of what a board shows, for files."""
    return f"{board.study.id}_{board.split}_{board.metro}_{board.target}"


def tract_block(benchmark: Benchmark, board: Board) -> None:
    """Draw single tracts of two methods: agreement, map of what is off, table."""
    try:
        predictions = cached.predictions(*cached.benchmark_key(PREDICTIONS))
    except ArtifactError as error:
        st.info(str(error))
        return
    methods = methods_tested(predictions, board.study, board.split)
    if board.target != "lst_day_c" or not methods:
        st.info("No estimates of single tracts are kept for this choice.")
        return
    pair = pick_pair(board, methods)
    shown = {
        words_of(method, board.study.methods).label: tested(
            predictions, board.study, board.split, board.metro, method
        )
        for method in pair
    }
    for label, found in shown.items():
        st.markdown(f"- {residual_words(found, label)}")
    st.plotly_chart(
        agreement_figure(shown), key="agreement", alt="Estimated against observed temperature."
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
    with two:
        other = pick("Beside it", "beside", methods, name=label, default=best)
    return first, other


def residual_block(benchmark: Benchmark, board: Board, shown: dict) -> None:
    """Draw where each of two methods errs in one metro, and the table of all their tracts."""
    try:
        places = cached.middles(*cached.benchmark_key(PLACES))
    except ArtifactError as error:
        st.info(str(error))
        return
    tables = {label: residual_places(found, places, board.study) for label, found in shown.items()}
    first, other = next(iter(tables.values())), list(tables.values())[-1]
    metro = board.metro
    if metro == POOLED:
        metro = pick("Metro on the map", "map", sorted(first["metro"].unique()), name=metro_name)
    st.subheader(f"Where the estimates are off in {metro_name(metro)}")
    here = {label: table[table["metro"] == metro] for label, table in tables.items()}
    st.plotly_chart(
        residual_figure(here), key="residuals", alt="Map of observed minus estimated temperature."
    )
    unplaced = int(sum(table["x_km"].isna().sum() for table in [here[next(iter(here))]]))
    lost = f" {unplaced} tested tracts have no known place." if unplaced else ""
    st.caption(
        "Each dot is a tested tract; red is hotter than estimated, blue is cooler. Tracts that "
        f"no run tested are left out; several runs are averaged.{lost}"
    )
    table = residual_table(first, other)
    st.dataframe(table.round(3), hide_index=True, height=300)
    names = " and ".join(shown)
    caption = f"Tested tracts in {board.place}, {board.split}: {names}"
    panels.table_downloads(table, caption, f"tracts_{where(board)}", benchmark.provenance(caption))


def ablation_block(benchmark: Benchmark, board: Board) -> None:
    """Draw what each part of the model brings."""
    found = ablations(benchmark.results, board.study, board.split, board.metro, board.target)
    st.markdown(ablation_words(found))
    if found.rows.empty:
        return
    st.plotly_chart(
        ablation_figure(found), key="ablations", alt="Growth of the error without each part."
    )
    st.caption(
        "Each model was trained anew without the part. Bars are 95 % intervals on the same tracts; "
        "where there is no bar, none was computed."
    )
    table = ablation_table(found)
    st.dataframe(
        table.drop(columns="id").round(3), hide_index=True, column_config={"change_share": SHARE}
    )
    caption = f"AESPA without one of its parts in {board.place}, {board.split}"
    panels.table_downloads(
        table, caption, f"ablations_{where(board)}", benchmark.provenance(caption)
    )


def transfer_block(benchmark: Benchmark, board: Board) -> None:
    """Draw how well a model that learned in one metro does in each other."""
    metric = pick("Measure", "measure", list(TRANSFER_METRICS), name=TRANSFER_METRICS.__getitem__)
    found = transfer(benchmark.results, board.study, metric, board.target)
    st.markdown(transfer_words(found))
    if found.matrix.empty:
        return
    st.plotly_chart(transfer_figure(found), key="transfer", alt="Matrix of metros.")
    st.caption(
        "The student learned in the metro of the row alone and was tested in the metro of the "
        "column, within which its mean error does not count. Empty: not tested."
    )
    table = transfer_table(found)
    caption = f"{TRANSFER_METRICS[metric]}: learned in the row, tested in the column"
    name = f"transfer_{board.study.id}_{metric}"
    panels.table_downloads(table, caption, name, benchmark.provenance(caption))


def method_block(benchmark: Benchmark, board: Board) -> None:
    """List what each method of the study is and what it is given."""
    results: pd.DataFrame = benchmark.results
    names = results.loc[
        (results["study"] == board.study.id) & (results["metric"] == board.study.yardstick.metric),
        "method",
    ].unique()
    st.dataframe(method_table(names, board.study.methods), hide_index=True)
