"""How much a first visit to a metro's map costs: bytes over the websocket, seconds to pixels.

The largest metro of the atlas is opened in a fresh browser, once with its borders served as a
static file and once sent inline.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aespa_core.benchmarks.table import Row
from aespa_core.errors import ArtifactError
from aespa_core.settings_file import read_toml
from aespa_core.studies.catalogue import ROOT

VISITS: Final = 3
WAIT_SECONDS: Final = 60
# software drawing, so that WebGL lives without a graphics card; no calls home
CHROMIUM_FLAGS: Final = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
    "--disable-quic",
)
# a map is drawn once some share of its pixels differs from the empty background
DRAWN: Final = """() => {
  const canvas = document.querySelector('canvas#deckgl-overlay');
  if (!canvas) return false;
  const copy = document.createElement('canvas');
  copy.width = 64; copy.height = 64;
  const pen = copy.getContext('2d');
  pen.drawImage(canvas, 0, 0, 64, 64);
  const data = pen.getImageData(0, 0, 64, 64).data;
  let painted = 0;
  for (let i = 3; i < data.length; i += 4) painted += data[i] > 0;
  return painted > 200;
}"""


@dataclass(frozen=True)
class Visit:
    """One first visit: bytes received over the websocket, seconds to first pixels of the map."""

    websocket_mb: float
    seconds: float


@contextmanager
def served(*, static: bool = True, studies: Path | None = None) -> Iterator[str]:
    """Serve the dashboard on a free port of this machine; yield its address.

    Parameters
    ----------
    static
        Whether borders may travel as static files.
    studies
        Folder of studies; the caller's own if None.
    """
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    path = ROOT / "streamlit_config" / "config.toml"
    settings = read_toml(path, "the server's settings", "take it from the project again")
    server = settings["server"] | {"port": port, "enableStaticServing": static}
    flags = [f"--server.{key}={str(value).lower()}" for key, value in server.items()]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboard" / "app.py"), *flags],
        env=os.environ | ({"AESPA_STUDIES": str(studies)} if studies else {}),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(5 * WAIT_SECONDS):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def visit(browser: Any, address: str) -> Visit:  # noqa: ANN401 (playwright comes with `test` only)
    """Open the page in a browser profile of its own and wait for the map's first pixels."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    received = [0]

    def count(frame: str | bytes) -> None:
        received[0] += len(frame)

    page.on("websocket", lambda socket: socket.on("framereceived", count))
    # deck.gl clears its drawing buffer after each frame unless asked to keep it
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function(kind, options) {"
        " return get.call(this, kind, {...options, preserveDrawingBuffer: true}); };"
    )
    start = time.perf_counter()
    page.goto(address)
    page.wait_for_function(DRAWN, timeout=1000 * WAIT_SECONDS, polling=50)
    seconds = time.perf_counter() - start
    context.close()
    return Visit(received[0] / 1e6, seconds)


def run(metro: str) -> list[Row]:
    """Measure first visits to a metro of the atlas.

    Raises
    ------
    ArtifactError
        If there is no Chromium to measure with.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise ArtifactError("No Chromium to measure with: install your system's `chromium`.")
    rows = []
    for method, static in (("static_file", True), ("inline", False)):
        with sync_playwright() as playwright, served(static=static) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
            link = f"{address}/?study=atlas&metro={metro}"
            visit(browser, link)  # the server reads the study at its first visit
            for number in range(VISITS):
                seen = visit(browser, link)
                rows += [
                    Row("atlas", method, metro, "first_visit", "map", number, metric, value, unit)
                    for metric, value, unit in (
                        ("websocket", seen.websocket_mb, "MB"),
                        ("seconds", seen.seconds, "s"),
                    )
                ]
            browser.close()
    return rows
