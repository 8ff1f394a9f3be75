"""Every answer carries the policy, whichever way the dashboard was started; no other page reads it.

Expected values are written out here, not taken from the code.
"""

import base64
import hashlib
import re
import tomllib
from pathlib import Path

import pytest
import streamlit

from dashboard.answer_headers import SOURCES, content_security_policy
from tests.dashboard.visit import Links, ask, visit

ROOT = Path(__file__).resolve().parents[2]
SAME = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
ALLOWED = {
    "default-src": {"'self'"},
    "img-src": {"'self'", "data:", "blob:"},
    "font-src": {"'self'", "data:"},
    "connect-src": {"'self'", "data:", "blob:"},
    "worker-src": {"'self'", "blob:"},
    "style-src": {"'self'", "'unsafe-inline'"},
    "object-src": {"'none'"},
    "frame-src": {"'none'"},
    "frame-ancestors": {"'none'"},
    "base-uri": {"'none'"},
    "form-action": {"'none'"},
}


@pytest.fixture(scope="session")
def links(address) -> Links:
    """Files that a visit to the small study's page leads to."""
    return visit(address, "study=gridville")


def script_in(page: str) -> str:
    """Source for the one script that Streamlit writes into its page."""
    (text,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy_of(answer) -> dict[str, set[str]]:
    """Split the policy into sources by directive."""
    directives = [part.split() for part in answer.headers["content-security-policy"].split(";")]
    return {name: set(sources) for name, *sources in directives}


def assert_guarded(answer, page: str) -> None:
    """Check the headers of one answer."""
    assert {name: answer.headers.get(name) for name in SAME} == SAME
    assert policy_of(answer) == {**ALLOWED, "script-src": {"'self'", script_in(page)}}
    assert [name for name in answer.headers if name.startswith("access-control")] == []


def test_each_kind_of_answer_is_guarded(address, links):
    index = ask(address)
    script = re.search(r'src="\.(/static/js/index[^"]+)"', index.text)[1]
    answers = {
        path: ask(address, path)
        for path in ("/", "/_stcore/health", "/_stcore/host-config", "/what_if", script)
    }
    answers |= {path: ask(address, path) for path in (links.map_file, links.download)}
    assert links.map_file.startswith("/app/static/")
    assert links.download.startswith("/media/")
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert "FeatureCollection" in answers[links.map_file].text
    assert "attachment" in answers[links.download].headers["content-disposition"]
    for answer in answers.values():
        assert_guarded(answer, index.text)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("OPTIONS", "/app/static/x.geojson", 204),
        ("OPTIONS", "/_stcore/upload_file/a/b", 204),
        ("PUT", "/_stcore/upload_file/a/b", 403),
        ("POST", "/_stcore/agent/interact", 403),
        ("GET", "/app/static/none.geojson", 404),
        ("GET", "/app/static/%2e%2e/app.py", 400),
        ("GET", "/media/none.csv", 404),
        ("DELETE", "/", 405),
    ],
)
def test_so_are_refusals_and_preflights(address, method, path, status):
    answer = ask(address, path, method)
    assert answer.status == status
    assert_guarded(answer, ask(address).text)


def test_a_defect_of_the_server_is_told_in_a_sentence_under_the_same_policy():
    from starlette.applications import Starlette
    from starlette.routing import Route
    from starlette.testclient import TestClient

    from dashboard.app import app

    async def broken(request) -> None:
        raise RuntimeError("secret")

    handlers = app._exception_handlers
    client = TestClient(
        Starlette(routes=[Route("/", broken)], exception_handlers=handlers),
        raise_server_exceptions=False,
    )
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_only_scripts_written_into_the_page_are_named():
    policy = content_security_policy("<p>x</p><script>a()</script><script src='b.js'></script>")
    digest = base64.b64encode(hashlib.sha256(b"a()").digest()).decode()
    assert policy.endswith(f"script-src 'self' 'sha256-{digest}'")
    assert not any("unsafe" in allowed for name, allowed in SOURCES.items() if name != "style-src")


def test_settings_keep_the_security_floor():
    settings = tomllib.loads((ROOT / "streamlit_config" / "config.toml").read_text("utf-8"))
    server = settings["server"]
    assert server["address"] == "localhost"
    assert server["enableXsrfProtection"]
    # a visitor could have Streamlit write files into the project otherwise
    assert server["headless"]
    assert server["enableCORS"]
    assert not server["enableWebsocketCompression"]
    assert not server["enableAgentApi"]
    assert settings["client"]["showErrorDetails"] == "none"
    assert settings["browser"]["gatherUsageStats"] is False
    assert tuple(map(int, streamlit.__version__.split(".")[:2])) >= (1, 60)
