"""A served dashboard and a browser page on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, sync_playwright

from aespa_core.benchmarks.load import CHROMIUM_FLAGS, served

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def server(tiny_study) -> Iterator[str]:
    """Address of a dashboard that finds the atlas and the small study."""
    (ROOT / "dashboard" / "static").mkdir(exist_ok=True)
    with served(studies=tiny_study.path.parent) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium):
    """Start Chromium once."""
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
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

    def note(request: Request) -> None:
        if not request.url.startswith(("data:", "blob:", "http://localhost:")):
            outside.append(request.url)

    tab.on("request", note)
    yield tab
    tab.close()
