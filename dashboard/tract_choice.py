"""A tract chosen on a map or in a table: what Streamlit calls before the page's next run."""

import streamlit as st

TRACT = "tract"


def choose_object(key: str) -> None:
    """Take over the tract that was clicked on the map of that key; a click beside all is none."""
    for items in st.session_state[key]["selection"]["objects"].values():
        for item in items:
            geoid = item.get("properties", {}).get("geoid")
            if isinstance(geoid, str):
                st.session_state[TRACT] = geoid


def choose_row(key: str, geoids: list[str]) -> None:
    """Take over the tract whose row was marked in the table of that key."""
    rows = st.session_state[key]["selection"]["rows"]
    # the table may have changed since the row was marked
    if rows and 0 <= rows[0] < len(geoids):
        st.session_state[TRACT] = geoids[rows[0]]
