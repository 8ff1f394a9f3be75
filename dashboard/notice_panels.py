"""What a reader must know before believing: one line, the rest in a table to unfold."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from aespa_core.studies.folder import Study
from aespa_core.views.exports import as_csv, provenance_of
from aespa_core.views.plain_text import advice, file_word, short
from dashboard.error_frame import made_later

# The first notice on the line; the whole of it stands in the table.
FIRST = 200


def cautions(study: Study) -> None:
    """Say what kind of study it is and of what temperature, and what to read with care."""
    kind_notice(study)
    study_notices(study)


def kind_notice(study: Study) -> None:
    """Mark a simulated study, and say what kind of temperature every page is about."""
    if study.info.kind == "simulated":
        st.warning("Simulated: this is no real place. Only its climate is the named city's.")
    st.caption(
        "Summer daytime temperature of surfaces as a satellite sees them from above: "
        "not air temperature, not comfort."
    )


def study_notices(study: Study) -> None:
    """Caution that some of what the study's tables hold was repaired, or cannot be believed."""
    notices = study.notices
    if not notices:
        return
    if len(notices) == 1:
        st.info(f"Read with care: {advice(notices[0])}")
        return
    table = pd.DataFrame(
        {
            "file": [notice.file for notice in notices],
            "column": [notice.column or "" for notice in notices],
            "rows": [notice.count for notice in notices],
            "notice": [notice.problem for notice in notices],
        }
    )
    with st.expander(
        f"Read with care: {len(notices):,} things in this study's tables, repaired or counted. "
        f"The first: {advice(short(notices[0], FIRST))}"
    ):
        st.dataframe(
            table.assign(notice=table["notice"].map(short)).rename(columns=str.capitalize),
            key="study_notices",
            hide_index=True,
        )
        st.download_button(
            "Notices (CSV)",
            made_later(
                lambda: as_csv(
                    table,
                    # its rows are the notices
                    replace(provenance_of(study, "Notices on the study's tables"), notices=()),
                ),
                "Notices",
            ),
            f"aespa_{file_word(study.path.name)}_notices.csv",
            "text/csv",
            key="study_notices_csv",
            on_click="ignore",
        )


def table_notices(notices: Sequence[str]) -> None:
    """Say what a table of results lacks; its files hold every notice, too."""
    if len(notices) == 1:
        st.warning(advice(notices[0]))
    elif notices:
        first = advice(short(notices[0], FIRST))
        with st.expander(f"{len(notices):,} notices. The first: {first}"):
            rest = pd.DataFrame({"Notice": [short(notice) for notice in notices]})
            st.dataframe(rest, hide_index=True)
