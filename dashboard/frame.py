"""The picture frame: page settings, style, navigation. Nothing else."""

from pathlib import Path

import streamlit as st

from dashboard.link_notices import unknown_page

ROOT = Path(__file__).resolve().parents[1]

st.set_page_config(page_title="AESPA urban heat", layout="wide")
st.html(ROOT / "assets" / "style.css")
page = st.navigation(
    [
        st.Page(ROOT / "pages" / "heat_map.py", title="Heat map", default=True),
        st.Page(ROOT / "pages" / "what_if.py", title="What if"),
        st.Page(ROOT / "pages" / "disparity.py", title="Disparity"),
        st.Page(ROOT / "pages" / "baselines.py", title="Baselines"),
    ]
)
unknown_page(page, st.get_option("server.baseUrlPath"))
page.run()
