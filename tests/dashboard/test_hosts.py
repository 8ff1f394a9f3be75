"""The server answers to its own names and pages alone, and never asks outside who it is."""

import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from streamlit import net_util
from streamlit.web.server.starlette.starlette_websocket import _is_origin_allowed

from aespa_core.errors import ConfigError
from dashboard.allowed_hosts import AllowedHosts, public_origins
from tests.dashboard.visit import ask, shake_hands

ROOT = Path(__file__).resolve().parents[2]
STREAMLIT_RUN = (sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"))
OWN = ("localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.8.8.8", "[::1]")
FOREIGN = (
    "evil.example",
    "evil.example:8501",
    "localhost.evil.example",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "evil.example/localhost",
    "8.8.8.8",
    "0.0.0.0",
    "[::2]",
    "localhost:port",
    "localhost localhost",
    "",
)
PAGES_ELSEWHERE = (
    "http://evil.example",
    "https://localhost.evil.example",
    "http://localhost:1",
    "http://localhost",
    "http://127.0.0.1:8501",
    "null",
    "file://",
)


@pytest.mark.parametrize("host", OWN)
def test_the_loopbacks_names_are_answered(address, host):
    host = f"{host}:{urlsplit(address).port}"
    assert ask(address, "/_stcore/health", Host=host).status == 200
    assert ask(address, "/_stcore/health", Host=host, Origin=f"http://{host}").status == 200
    assert shake_hands(address, Host=host, Origin=f"http://{host.lower()}").status == 101


@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/app/static/x.geojson"])
def test_another_name_is_refused_with_what_to_set(address, host, path):
    answer = ask(address, path, Host=host)
    assert answer.status == 421
    assert "AESPA_PUBLIC_URL" in answer.text
    assert answer.text.count("\n") == 1
    assert answer.headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("host", FOREIGN)
def test_another_name_gets_no_websocket(address, host):
    # DNS rebinding: the page's own name, once as host and once as origin
    answer = shake_hands(address, Host=host, Origin=f"http://{host}")
    assert answer.status == 421
    assert "AESPA_PUBLIC_URL" in answer.text


@pytest.mark.parametrize("origin", PAGES_ELSEWHERE)
def test_a_page_from_elsewhere_gets_nothing(address, origin):
    for answer in (
        ask(address, "/_stcore/health", Origin=origin),
        ask(address, "/_stcore/upload_file/a/b", "OPTIONS", Origin=origin),
        shake_hands(address, Origin=origin),
    ):
        assert answer.status == 403
        assert "AESPA_PUBLIC_URL" in answer.text


def reached(guard_of, kind: str, headers: list[tuple[str, str]], server=("127.0.0.1", 8501)):
    """Headers that a request still has behind the guard; None if it was refused."""
    inner: list[dict[str, str]] = []

    async def app(scope, receive, send) -> None:
        inner.append({name.decode(): value.decode("latin-1") for name, value in scope["headers"]})

    async def sink(message) -> None:
        pass

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"type": kind, "path": "/", "headers": raw, "server": server}
    # nothing here waits, and a browser of other tests may hold this thread's event loop
    with pytest.raises(StopIteration):
        guard_of(app)(scope, None, sink).send(None)
    return inner[0] if inner else None


def guard(*origins: str, address: str | None = "localhost"):
    return lambda app: AllowedHosts(app, frozenset(origins), address)


def test_the_address_that_a_request_arrived_at_is_a_name_of_the_server():
    at_home = ("192.168.1.5", 8501)
    assert reached(guard(), "http", [("host", "192.168.1.5:8501")], at_home)
    assert reached(guard(), "http", [("host", "192.168.1.5")], ("::ffff:192.168.1.5", 8501))
    assert reached(guard(), "http", [("host", "192.168.1.6:8501")], at_home) is None
    assert reached(guard(address="heat.lan"), "http", [("host", "Heat.lan:8501")], at_home)
    assert reached(guard(), "http", [("host", "heat.lan")], None) is None


def test_two_hosts_or_none_are_refused():
    assert reached(guard(), "http", [("host", "localhost"), ("host", "localhost")]) is None
    assert reached(guard(), "http", []) is None
    two_pages = [("host", "localhost"), ("origin", "http://localhost"), ("origin", "http://x.de")]
    assert reached(guard(), "websocket", two_pages) is None


PUBLIC = "https://heat.example.org"
NAMES = st.sampled_from(
    ["localhost", "127.0.0.1", "heat.example.org", "evil.example", "[::1]", "0.0.0.0", "null", ""]
)
PORTS = st.sampled_from(["", ":80", ":443", ":8501", ":99999", ":x"])
HOSTS = st.one_of(st.builds("{}{}".format, NAMES, PORTS), st.text(st.characters(max_codepoint=255)))
SCHEMES = st.sampled_from(["http://", "https://", "HTTP://", "ws://", "file://", ""])
ORIGINS = st.one_of(st.none(), st.builds("{}{}".format, SCHEMES, HOSTS))


@settings(deadline=None)
@given(host=HOSTS, origin=ORIGINS)
@example(host="localhost:8501", origin=PUBLIC)  # a proxy that puts its own name into Host
@example(host="HEAT.example.org", origin=PUBLIC)
def test_streamlit_never_asks_who_it_is(host, origin):
    """Of whatever the guard lets through, Streamlit sees without a look-up that it may."""
    headers = [("host", host)] + ([] if origin is None else [("origin", origin)])
    behind = reached(guard(PUBLIC), "websocket", headers)
    if behind is None:
        return
    name = urlsplit(f"//{host.lower()}").hostname
    assert name in ("localhost", "localhost.", "127.0.0.1", "::1", "heat.example.org")

    def look_up() -> None:
        raise AssertionError(f"asked outside about {headers}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(net_util, "get_external_ip", look_up)
        patch.setattr(net_util, "get_internal_ip", look_up)
        assert _is_origin_allowed(behind.get("origin"), behind["host"])


@pytest.mark.parametrize(
    ("written", "origins"),
    [
        ("", set()),
        ("https://Heat.Example.org/dashboard/", {"https://heat.example.org"}),
        (
            "http://a.example:80, https://b.example:8443",
            {"http://a.example", "https://b.example:8443"},
        ),
        ("http://[2001:db8::1]:80", {"http://[2001:db8::1]"}),
    ],
)
def test_public_addresses_are_read_as_browsers_write_them(monkeypatch, written, origins):
    monkeypatch.setenv("AESPA_PUBLIC_URL", written)
    assert public_origins() == origins


@pytest.mark.parametrize(
    "written",
    [
        "heat.example.org",
        "ftp://a.example",
        "https://",
        "https://a:b@c.example",
        "*",
        "http://a:x",
        "http://[::1",
    ],
)
def test_a_public_address_that_is_none_is_named(monkeypatch, written):
    monkeypatch.setenv("AESPA_PUBLIC_URL", written)
    with pytest.raises(ConfigError, match="AESPA_PUBLIC_URL holds"):
        public_origins()


@pytest.fixture
def outside():
    """Stand in for all other machines; yield the port and what was asked there."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as proxy:

        def listen() -> None:
            while True:
                try:
                    connection, _ = proxy.accept()
                except OSError:
                    return
                with connection:
                    requests.append(connection.recv(1000))

        threading.Thread(target=listen, daemon=True).start()
        yield proxy.getsockname()[1], requests
        proxy.shutdown(socket.SHUT_RDWR)


def test_a_server_on_all_interfaces_asks_nobody_outside(outside, tiny_study, tmp_path):
    """Started from another folder, behind a proxy that rewrites Host, with foreign callers."""
    proxy, requests = outside
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    through = f"http://127.0.0.1:{proxy}"
    environment = {
        name: value for name, value in os.environ.items() if name.lower() != "no_proxy"
    } | {
        "http_proxy": through,
        "https_proxy": through,
        "AESPA_PUBLIC_URL": PUBLIC,
        "AESPA_STUDIES": str(tiny_study.path.parent),
    }
    environment.pop("PYTHONPATH", None)
    command = [*STREAMLIT_RUN, "--server.address", "0.0.0.0", "--server.port", str(port)]
    server = subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    )
    address = f"http://127.0.0.1:{port}"
    try:
        assert any("URL:" in line for line in server.stdout)
        assert ask(address, Host="heat.example.org").status == 200
        assert ask(address, Host="evil.example").status == 421
        assert shake_hands(address, Origin=PUBLIC).status == 101
        assert shake_hands(address, Origin="http://evil.example").status == 403
        time.sleep(0.5)
    finally:
        server.terminate()
        server.wait(60)
        server.stdout.close()
    assert requests == []


def test_a_wrong_public_address_stops_the_server_with_a_sentence(tmp_path):
    done = subprocess.run(
        [*STREAMLIT_RUN, "--server.port", "0"],
        cwd=tmp_path,
        env=os.environ | {"AESPA_PUBLIC_URL": "heat.example.org"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "AESPA_PUBLIC_URL holds 'heat.example.org'" in done.stderr
    assert "Traceback" not in done.stderr
