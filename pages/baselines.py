"""Baselines: how good are the estimates, where are they wrong, is something simple as good."""

import streamlit as st

from aespa_core.analysis.leaderboard_words import headline
from aespa_core.views.plain_text import plain
from dashboard import leaderboard_controls, leaderboard_panels, panels, residual_panels
from dashboard.error_frame import page_frame

with page_frame("baselines"):
    found = leaderboard_controls.benchmarks()
    with st.sidebar:
        benchmark, board = leaderboard_controls.pick_board(found.studies)

    st.title(plain(headline(board)))
    leaderboard_panels.notices(board, found.problems)
    leaderboard_panels.board_block(benchmark, board)

    in_tracts, in_metros, in_parts, in_transfer, in_methods = st.tabs(
        [
            "Single tracts: estimate against observation",
            "Metro by metro",
            "What each part brings",
            "From one metro to another",
            "What the methods are",
        ],
        key="blocks",
        on_change="rerun",
    )
    with in_tracts:
        if in_tracts.open:
            residual_panels.tract_block(benchmark, board)
    with in_metros:
        if in_metros.open:
            leaderboard_panels.metro_block(benchmark, board)
    with in_parts:
        if in_parts.open:
            leaderboard_panels.ablation_block(benchmark, board)
    with in_transfer:
        if in_transfer.open:
            leaderboard_panels.transfer_block(benchmark, board)
    with in_methods:
        if in_methods.open:
            leaderboard_panels.method_block(benchmark, board)
    panels.origin_lines(benchmark.provenance("this page").lines())
