"""A served dashboard and a browser page on it."""

import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from dashboard.__main__ import APP, CONFIG, flags

ROOT = Path(__file__).resolve().parents[2]
# software drawing, so that WebGL lives on a machine without a graphics card; no calls home
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-quic",
]


@contextmanager
def served(studies: Path, *extra: str) -> Iterator[str]:
    """Serve the dashboard with a folder of studies; yield its address."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(APP),
            *flags(settings),
            "--server.port",
            str(port),
            *extra,
        ],
        env={**os.environ, "AESPA_STUDIES": str(studies)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="session")
def server(tiny_study) -> Iterator[str]:
    """Address of a dashboard that finds the atlas and the small study."""
    (ROOT / "dashboard" / "static").mkdir(exist_ok=True)
    with served(tiny_study.path.parent) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium):
    """Start Chromium once."""
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        yield instance
        instance.close()


@pytest.fixture
def outside() -> list[str]:
    """Addresses beyond this machine that the page asked for; filled by ``page``."""
    return []


@pytest.fixture
def page(browser, outside) -> Iterator[Page]:
    """Open an empty page that notes every request to another machine."""
    tab = browser.new_page(viewport={"width": 1440, "height": 1200})
    tab.set_default_timeout(60_000)

    def note(request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith(("data:", "blob:", "http://localhost:")):
            outside.append(url)

    tab.on("request", note)
    yield tab
    tab.close()
