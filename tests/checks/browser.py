"""Hostile links in a real browser: what it asks the network for, and what it shows."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import quote, urlencode

import numpy as np

from aespa_core.benchmarks.load import CHROMIUM_FLAGS, served
from tests.cases.doors import REDACTED
from tests.checks.attacks import GOOD, NAMED, lay_studies
from tests.checks.links import hostile_link

DONE: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
WAIT_MS: Final = 90_000
OWN: Final = ("data:", "blob:", "http://localhost:", "ws://localhost:", "about:")
# what a server cannot decode: a lone surrogate as bytes, a stray percent sign
RAW: Final = ("%ED%A0%80", "%FF%FE", "%", "%00", "a%0Ab")


def wrong_in_browser(numbers: Iterable[int], seed: int) -> dict[int, list[str]]:
    """Open each link in a page of its own; give what is wrong by number.

    Raises
    ------
    FileNotFoundError
        If there is no Chromium.
    """
    from playwright.sync_api import Error, sync_playwright

    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise FileNotFoundError("No Chromium: install your system's `chromium`.")
    found: dict[int, list[str]] = {}
    with TemporaryDirectory() as work, sync_playwright() as playwright:
        home = lay_studies(Path(work) / "studies")
        with served(studies=home) as address:
            browser = playwright.chromium.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS])
            for number in numbers:
                rng = np.random.default_rng([seed, number])
                page, query = hostile_link(rng, (GOOD, NAMED))
                # a browser cannot ask by a longer address than servers take
                query = {key: value[:2_000] for key, value in query.items()}
                link = f"{address}/{page}?{urlencode(query, quote_via=quote)}"
                if number % 10 == 0:
                    link += f"&metro={RAW[number // 10 % len(RAW)]}"
                tab = browser.new_page(viewport={"width": 1280, "height": 900})
                asked: list[str] = []
                tab.on("request", lambda request, asked=asked: asked.append(request.url))
                tab.on("websocket", lambda socket, asked=asked: asked.append(socket.url))
                wrong = []
                try:
                    tab.goto(link, timeout=WAIT_MS)
                    tab.wait_for_selector(DONE, timeout=WAIT_MS)
                    tab.wait_for_timeout(500)
                    text = tab.locator("body").inner_text()
                    if tab.get_by_test_id("stException").count() or any(
                        words in text for words in REDACTED
                    ):
                        wrong.append("shows an exception")
                    if tab.locator("img[src^='http://outside'], iframe[src*='outside']").count():
                        wrong.append("draws what the link brought")
                except Error as error:
                    wrong.append(f"{type(error).__name__}: {str(error).splitlines()[0]}")
                wrong += [f"asked {url[:200]}" for url in asked if not url.startswith(OWN)]
                if wrong:
                    found[number] = [f"{link[len(address) : 300]}: {line}" for line in wrong]
                tab.close()
            browser.close()
    return found
