"""Tables of results on screen: as they are printed, with notices, note and files."""

import streamlit as st

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.views.exports import Origin
from aespa_core.views.plain_text import plain
from aespa_core.views.result_tables.data_files import table_csv
from aespa_core.views.result_tables.latex import table_latex
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.web_page import section
from dashboard.notice_panels import table_notices


def result_table(
    table: ResultTable, origin: Origin, key: str = "", *, unfolded: bool = False
) -> None:
    """Draw one table to fold and unfold; its notices stand above it.

    Parameters
    ----------
    table
        What is shown.
    origin
        Where it comes from, for its files.
    key
        Tells it apart from the same table elsewhere on the page.
    unfolded
        Whether it is seen at first.
    """
    with st.expander(
        f"**{plain(table.id)}** {plain(table.title)} ({len(table.frame):,} results)",
        expanded=unfolded,
    ):
        table_notices(table.notices)
        if table.frame.empty:
            st.info("Nothing could be computed; the notices say why.")
            return
        st.html(f'<div class="aespa-table">{section(printed(table))}</div>')
        one, two, _ = st.columns([1, 1, 4])
        name = f"aespa_{table.id}"
        one.download_button(
            "CSV", table_csv(table, origin), f"{name}.csv", "text/csv",
            key=f"csv_{table.id}{key}", on_click="ignore", width="stretch",
        )  # fmt: skip
        two.download_button(
            "LaTeX", table_latex(table, origin), f"{name}.tex", "text/x-tex",
            key=f"tex_{table.id}{key}", on_click="ignore", width="stretch",
        )  # fmt: skip
