"""Which studies can be played, and why the one that a link asks for cannot."""

import streamlit as st

from aespa_core.errors import AespaError
from aespa_core.studies.catalogue import Listed
from aespa_core.views.plain_text import advice, plain_name
from dashboard import cached
from dashboard.controls import stop_without


def stop_without_responses() -> None:
    """End the page with the command that helps if no study has curves; name the one asked for."""
    studies, able = cached.studies(), cached.studies_with_responses()
    stop_without(studies)
    asked = studies.get(st.query_params.get("study", ""))
    if asked is not None and asked.info is not None and asked.id not in able:
        name_left_out(asked)
    if not any(listed.info for listed in able.values()):
        st.title("What would cool it needs a study whose model left its curves")
        st.info("Make them with `aespa attribute STUDY` and a run's model, then reload this page.")
        st.stop()


def name_left_out(listed: Listed) -> None:
    """Say why the study that the link asks for cannot be played: it is at fault or lacks curves."""
    key = (str(listed.path), cached.version_of(listed.path))
    try:
        cached.study(*key)
    except AespaError as error:
        st.warning(advice(error))
        return
    st.warning(
        f"Study '{plain_name(listed.id)}' has no curves yet, so that nothing can be played on it: "
        "`aespa attribute` makes them."
    )
