"""What `streamlit run` serves: the frame, and what stands between it and the network."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# `streamlit run dashboard/app.py` puts only dashboard/ on the path
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402

from dashboard.error_frame import say_fault  # noqa: E402

app = st.App("frame.py", middleware=[], on_script_error=say_fault)
