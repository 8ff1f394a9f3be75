"""What `streamlit run` serves: the frame, and what stands between it and the network."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# `streamlit run dashboard/app.py` puts only dashboard/ on the path
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from aespa_core.errors import ConfigError  # noqa: E402
from dashboard.allowed_hosts import AllowedHosts, public_origins  # noqa: E402
from dashboard.answer_headers import AnswerHeaders, defect  # noqa: E402
from dashboard.error_frame import say_fault  # noqa: E402
from dashboard.unknown_paths import UnknownPaths  # noqa: E402

try:
    origins = public_origins()
except ConfigError as error:
    print(error, file=sys.stderr)
    sys.exit(2)

app = st.App(
    "frame.py",
    middleware=[
        Middleware(AnswerHeaders),
        Middleware(AllowedHosts, origins=origins, address=st.get_option("server.address")),
        Middleware(UnknownPaths, base=st.get_option("server.baseUrlPath")),
    ],
    exception_handlers={Exception: defect},
    on_script_error=say_fault,
)
