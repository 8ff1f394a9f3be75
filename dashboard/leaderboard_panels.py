"""Finished blocks of the Baselines page."""

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from aespa_core.analysis.leaderboard import SPLITS, Board, ablations, by_metro
from aespa_core.analysis.leaderboard_words import ablation_words, facts, metro_words
from aespa_core.analysis.transfer import TRANSFER_METRICS, transfer, transfer_words
from aespa_core.views.leaderboard import (
    ablation_figure,
    board_figure,
    metro_figure,
    transfer_figure,
)
from aespa_core.views.leaderboard_tables import (
    ablation_screen,
    ablation_table,
    board_screen,
    board_table,
    measures_screen,
    method_table,
    metro_table,
    transfer_table,
)
from aespa_core.views.plain_text import advice, file_word, headed_bullets, plain, plain_cells
from dashboard import panels
from dashboard.controls import pick
from dashboard.leaderboard_controls import Benchmark

# A matrix with more columns than this cannot be read.
DRAWN_METROS = 12
# Numbers from here on are counts.
MANY = 1000


def notices(board: Board, problems: Iterable[str]) -> None:
    """Mark a simulated study, say what was hidden from the methods and which table is missing."""
    if board.study.simulated:
        st.warning(
            "Simulated: these are no real places. The numbers compare methods where the truth is "
            "known; they do not say how well one does in a real city."
        )
    st.caption(advice(" ".join([*SPLITS.get(board.split, ("", ""))[1:], board.study.note])))
    for problem in problems:
        st.info(advice(problem))


def board_block(benchmark: Benchmark, board: Board) -> None:
    """Draw the leaderboard: what it says, chart, table, downloads."""
    st.markdown(headed_bullets(facts(board)))
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
    absent = ""
    if board.absent:
        absent = " " + plain(f"Not run here: {', '.join(board.absent)}.")
    st.caption(
        f"{spread}Right: how much more a method errs than AESPA on the same tracts, with its 95 % "
        f"interval; a hollow mark is no clear difference, or one without an interval.{absent}"
    )
    every = st.toggle("Every measure", key="every", help="The file has all of them in any case.")
    screen(measures_screen(board) if every else board_screen(board))
    st.caption(
        "Within: errors without the offset that all tracts of a metro share. 90 % held: how often "
        "the 90 % interval held the observation. Wrong way: estimates that moved against physics "
        "when a proxy was changed."
    )
    table = board_table(board)
    caption = f"{yard.label.capitalize()} and other measures in {board.place}, {board.split}"
    panels.table_downloads(
        table, caption, f"leaderboard_{where(board)}", benchmark.provenance(caption)
    )


def screen(table: pd.DataFrame, height: int | str = "auto") -> None:
    """Draw a table: three decimals, one for per cent, none for counts; a dash for the unknown."""

    def form(name: str) -> str:
        if name.endswith("(%)"):
            return "%.1f"
        return "localized" if table[name].abs().max() >= MANY else "%.3f"

    numbers = table.select_dtypes("number").columns
    config = {name: st.column_config.NumberColumn(format=form(name)) for name in numbers}
    st.dataframe(table, hide_index=True, column_config=config, placeholder="–", height=height)


def where(board: Board) -> str:
    """Name of what a board shows, for files."""
    parts = (board.study.id, board.split, board.metro, board.target)
    return "_".join(map(file_word, parts))


def metro_block(benchmark: Benchmark, board: Board) -> None:
    """Draw each method's error in each metro."""
    found = by_metro(benchmark.results, board)
    st.markdown(advice(metro_words(found)))
    if found.matrix.empty:
        return
    yard = board.study.yardstick
    if found.matrix.shape[1] <= DRAWN_METROS:
        st.plotly_chart(
            metro_figure(found, yard.short), key="metros", alt="Error of each method by metro."
        )
    table = metro_table(found)
    if len(table) > DRAWN_METROS:
        screen(table, height=300)
    caption = f"{yard.label.capitalize()} by metro, °C, {board.split}"
    name = "_".join(map(file_word, ("metros", board.study.id, board.split, board.target)))
    panels.table_downloads(table, caption, name, benchmark.provenance(caption))


def ablation_block(benchmark: Benchmark, board: Board) -> None:
    """Draw what each part of the model brings."""
    found = ablations(benchmark.results, board.study, board.split, board.metro, board.target)
    st.markdown(advice(ablation_words(found)))
    if found.rows.empty:
        return
    st.plotly_chart(
        ablation_figure(found), key="ablations", alt="Growth of the error without each part."
    )
    st.caption(
        "Each model was trained anew without the part. Whiskers are 95 % intervals on the same "
        "tracts; where there is none, none was computed."
    )
    screen(ablation_screen(found))
    table = ablation_table(found)
    caption = f"AESPA without one of its parts in {board.place}, {board.split}"
    panels.table_downloads(
        table, caption, f"ablations_{where(board)}", benchmark.provenance(caption)
    )


def transfer_block(benchmark: Benchmark, board: Board) -> None:
    """Draw how well a model that learned in one metro does in each other."""
    metric = pick("Measure", "measure", list(TRANSFER_METRICS), name=TRANSFER_METRICS.__getitem__)
    found = transfer(benchmark.results, board.study, metric, board.target)
    st.markdown(advice(transfer_words(found)))
    if found.matrix.empty:
        return
    st.plotly_chart(transfer_figure(found), key="transfer", alt="Matrix of metros.")
    st.caption(
        "The student learned in the metro of the row alone and was tested in the metro of the "
        "column; an offset that all of the metro’s tracts share does not count. Empty: not tested."
    )
    table = transfer_table(found)
    caption = f"{TRANSFER_METRICS[metric]}: learned in the row, tested in the column"
    name = "_".join(map(file_word, ("transfer", board.study.id, metric)))
    panels.table_downloads(table, caption, name, benchmark.provenance(caption))


def method_block(benchmark: Benchmark, board: Board) -> None:
    """List what each method of the study is and what it is given."""
    results: pd.DataFrame = benchmark.results
    names = results.loc[
        (results["study"] == board.study.id) & (results["metric"] == board.study.yardstick.metric),
        "method",
    ].unique()
    table = method_table(names, board.study.methods)
    st.table(plain_cells(table.drop(columns="id").rename(columns=str.capitalize)), hide_index=True)
    caption = "Methods of the leaderboard"
    name = f"methods_{file_word(board.study.id)}"
    panels.table_downloads(table, caption, name, benchmark.provenance(caption))
