"""A hostile study and hostile links in a real browser: the text is shown and does nothing."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from aespa_core.benchmarks.load import served
from aespa_core.views.plain_text import JOINER, short
from tests.analysis.scenarios.made_metro import write_made_study
from tests.conftest import missing
from tests.hostile import ALL, EVERY, OUTSIDE, TEXTS, make_hostile, write_hostile_benchmark

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

SINKS = (
    "title", "header", "subheader", "caption", "info", "warning", "error", "success", "button",
    "toggle", "expander", "tabs", "radio", "text", "download",
)  # fmt: skip
# what of Markdown, HTML, formulas and directives would be made of a text
MADE = "img, a, h4, h5, h6, em, del, code, pre, table, blockquote, ol, hr, .katex, b, script, svg"
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"


@pytest.fixture(scope="module")
def sinks() -> Iterator[str]:
    """Serve the page of all sinks by Streamlit alone, without the dashboard's own policy."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).with_name("every_sink.py")
    flags = [f"--server.port={port}", "--server.headless=true", "--server.address=localhost"]
    flags += ["--browser.gatherUsageStats=false", "--server.fileWatcherType=none"]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(script), *flags],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://localhost:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=2).close()
                break
            except OSError:
                process_wait(process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def process_wait(process: subprocess.Popen[bytes]) -> None:
    """Wait a little for a server; fail if it is gone."""
    try:
        code = process.wait(0.2)
    except subprocess.TimeoutExpired:
        return
    missing(f"the server ended with {code}")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Iterator[str]:
    """Serve the dashboard with a study and a benchmark full of hostile text."""
    folder = tmp_path_factory.mktemp("hostile")
    write_made_study(folder / "studies" / "town")
    make_hostile(folder / "studies" / "town")
    before = os.environ.get("AESPA_BENCHMARKS")
    os.environ["AESPA_BENCHMARKS"] = str(write_hostile_benchmark(folder / "benchmarks"))
    try:
        with served(studies=folder / "studies") as address:
            yield address
    finally:
        os.environ.pop("AESPA_BENCHMARKS")
        if before is not None:
            os.environ["AESPA_BENCHMARKS"] = before


def text_of(page: Page, key: str) -> str:
    """Read what is seen in a container."""
    seen = page.locator(f".st-key-{key}").first.inner_text()
    # the arrow of an expander is a letter of a font of icons
    return " ".join(seen.replace(JOINER, "").replace("keyboard_arrow_right", "").split())


def open_settled(page: Page, address: str) -> None:
    """Open a page and wait until it has said all."""
    page.goto(address)
    page.wait_for_selector("h1, h2", state="attached")
    page.wait_for_selector(SETTLED)


def made_of_text(page: Page) -> list[str]:
    """List what a browser made of a text of ours, of all that it could."""
    return page.evaluate(
        """host => [...document.querySelectorAll(
            `a[href*="${host}"], img[src*="${host}"], img[src="x"], [onerror], .katex, iframe`
        )].map(one => one.outerHTML.slice(0, 200))""",
        OUTSIDE,
    )


def test_every_text_is_shown_in_every_sink_as_it_is_written(page, sinks, outside):
    page.goto(sinks)
    page.wait_for_selector("[data-testid=stToast]")
    page.wait_for_selector(SETTLED)
    shown, wanted = {}, {}
    for number, text in enumerate(EVERY):
        whole = " ".join(short(text).split())
        pairs = {"body": whole, "point": whole, "bold": f"{whole}: {whole}", "code": whole}
        for kind, value in (pairs | {"label": whole}).items():
            wanted[f"{kind}-{number}"] = value
    for number, text in enumerate(TEXTS):
        wanted |= {f"{kind}-{number}": text for kind in SINKS}
        wanted[f"metric-{number}"] = f"Value {text}"
        wanted[f"table-{number}"] = f"{text} {text}"
    for key in wanted:
        shown[key] = text_of(page, key)
    assert {key: shown[key] for key in wanted if shown[key] != wanted[key]} == {}
    for number, text in enumerate(TEXTS):
        box = page.locator(f".st-key-option-{number} input")
        assert box.get_attribute("value") == text
    toast = page.get_by_test_id("stToast").inner_text().replace(JOINER, "")
    assert ALL in " ".join(toast.split())
    for kind in ("body", "point", "bold", "label"):
        made = page.evaluate(
            """([kind, made]) => [...document.querySelectorAll(
                `[class*="st-key-${kind}-"] [data-testid=stMarkdownContainer]`
            )].flatMap(one => [...one.querySelectorAll(made)]).map(one => one.outerHTML)""",
            [kind, MADE],
        )
        assert made == [], kind
    assert made_of_text(page) == []
    assert outside == []


PLACES = (
    ("", {"study": "town"}),
    ("", {"study": "town", "tract": "01001020100"}),
    ("disparity", {"study": "town"}),
    ("what_if", {"study": "town"}),
    ("what_if", {"study": "town", "urban_areas": TEXTS[0], "planting": "50limit"}),
    ("baselines", {"metro": ALL}),
    ("baselines", {}),
)


UNFOLDED = """() => {
    const folded = document.querySelectorAll('details:not([open]) > summary');
    folded.forEach(one => one.click());
    return folded.length === 0;
}"""


@pytest.mark.parametrize(("name", "query"), PLACES, ids=lambda value: str(value)[:30])
def test_a_hostile_study_is_shown_and_does_nothing(page, hostile, outside, name, query):
    open_settled(page, f"{hostile}/{name}?{urlencode(query)}")
    for tab in page.get_by_role("tab").all():
        tab.click()
        page.wait_for_selector(SETTLED)
    # tables arrive one by one: what is folded is unfolded until nothing is
    page.wait_for_function(UNFOLDED, polling=1_000)
    assert "has encountered an error" not in page.content()
    assert "fault of the program" not in page.content()
    assert made_of_text(page) == []
    assert outside == []
    seen = " ".join(page.locator("body").inner_text().replace(JOINER, "").split())
    if query.get("study"):
        for text in EVERY:
            if name == "" and "tract" not in query:
                assert " ".join(short(text).split()) in seen, text
        assert " | ".join(TEXTS) in seen
        page.wait_for_selector(f'input[value^="Town {TEXTS[0]}"]')


LINKS = (
    *(("", key) for key in ("study", "metro", "run", "tract")),
    *(("disparity", key) for key in ("metro", "terms")),
    *(("what_if", key) for key in ("tracts", "conditions")),
    ("baselines", "benchmark"),
)


def test_hostile_links_are_answered_and_do_nothing(page, hostile, outside):
    quoted = 0
    for name, key in LINKS:
        query = {"study": "town"} | {key: ALL}
        open_settled(page, f"{hostile}/{name}?{urlencode(query)}")
        content = page.content().replace(JOINER, "")
        assert "has encountered an error" not in content, (name, key)
        assert "fault of the program" not in content, (name, key)
        assert made_of_text(page) == [], (name, key)
        assert outside == [], (name, key)
        quoted += TEXTS[0] in content
    # most links are quoted back at the reader
    assert quoted > len(LINKS) / 2
