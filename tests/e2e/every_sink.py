"""A page with every hostile text in every sink; ``streamlit run`` it to look."""

import pandas as pd
import streamlit as st

from aespa_core.views.plain_text import advice, code, plain, plain_cells, short
from tests.hostile import ALL, EVERY, TEXTS

for number, text in enumerate(EVERY):
    with st.container(key=f"body-{number}"):
        st.markdown(plain(text))
    with st.container(key=f"point-{number}"):
        st.markdown(f"- {plain(text)}")
    with st.container(key=f"bold-{number}"):
        st.markdown(f"**{plain(text)}**: {advice(text)}")
    with st.container(key=f"label-{number}"):
        st.checkbox(plain(text), key=f"box-{number}")
    with st.container(key=f"code-{number}"):
        st.markdown(code(text))
for number, text in enumerate(TEXTS):
    sinks = {
        "title": st.title, "header": st.header, "subheader": st.subheader, "caption": st.caption,
        "info": st.info, "warning": st.warning, "error": st.error, "success": st.success,
        "button": st.button, "toggle": st.toggle, "expander": st.expander,
    }  # fmt: skip
    for name, sink in sinks.items():
        with st.container(key=f"{name}-{number}"):
            sink(plain(text))
    with st.container(key=f"metric-{number}"):
        st.metric("Value", plain(text))
    with st.container(key=f"tabs-{number}"):
        st.tabs([plain(text)])
    with st.container(key=f"radio-{number}"):
        st.radio("Choice", [plain(text)], key=f"radio_{number}", label_visibility="collapsed")
    with st.container(key=f"table-{number}"):
        st.table(plain_cells(pd.DataFrame({text: [text]})), hide_index=True)
    with st.container(key=f"text-{number}"):
        st.text(short(text))
    with st.container(key=f"option-{number}"):
        st.selectbox("Choice", [text], key=f"option_{number}", label_visibility="collapsed")
    with st.container(key=f"download-{number}"):
        st.download_button(plain(text), b"x", key=f"file_{number}")
st.toast(plain(ALL), duration="infinite")
