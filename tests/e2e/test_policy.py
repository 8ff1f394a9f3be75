"""Under the policy a visit works and nothing is missed; what the policy forbids does not happen."""

import http.server
import threading

import pytest
from playwright.sync_api import Page

from aespa_core.benchmarks.load import CHROMIUM_FLAGS
from tests.e2e.test_heat_map import CANVAS, wait_for_map

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

COLLECT = """
window.violations = [];
document.addEventListener('securitypolicyviolation',
  event => window.violations.push(event.effectiveDirective + ' ' + event.blockedURI));
"""


@pytest.fixture
def complaints(page) -> list[str]:
    """Collect what the console says of the policy, and errors of the page's scripts."""
    lines: list[str] = []

    def note(message) -> None:
        if "Content Security Policy" in message.text:
            lines.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: lines.append(str(error)))
    page.add_init_script(COLLECT)
    return lines


def violations(page: Page) -> list[str]:
    """List what the page was kept from, but for what nobody misses.

    deck and protobuf try WebAssembly for 3D tiles and 64-bit integers and do without; to allow it
    for the sake of a quiet console would open a way to run code.
    """
    blocked = page.evaluate("() => window.violations")
    return [line for line in blocked if line != "script-src wasm-eval"]


def test_map_chart_and_download_work_and_nothing_else_is_blocked(page, server, outside, complaints):
    page.goto(f"{server}/?study=gridville")
    wait_for_map(page)
    with page.expect_download() as table:
        page.get_by_role("button", name="Table (CSV)").click()
    assert table.value.path().read_bytes().count(b"\n") > 144
    assert violations(page) == []
    for name in ("disparity", "what_if", "baselines"):
        page.goto(f"{server}/{name}?study=gridville")
        page.wait_for_selector("h1")
        page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
        if name != "what_if":
            page.wait_for_selector(".js-plotly-plot .main-svg")
        assert violations(page) == []
    assert [line for line in complaints if "WebAssembly" not in line] == []
    assert outside == []


@pytest.fixture
def elsewhere(server):
    """Another server of this machine: a page that frames the dashboard; paths it was asked for."""
    paths: list[str] = []

    class Elsewhere(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(f"<iframe src='{server}/'></iframe>".encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{other.server_port}", paths
        other.shutdown()


# what a hostile text could try if it ever became markup; each says how it went
ATTEMPTS = {
    "img-src": "new Promise(d => {const i = new Image(); i.onload = () => d('in');"
    " i.onerror = () => d('out'); i.src = URL + '/picture.png';})",
    "connect-src": "fetch(URL + '/data').then(() => 'in', () => 'out')",
    "script-src-elem": "new Promise(d => {const s = document.createElement('script');"
    " s.onload = () => d('in'); s.onerror = () => d('out'); s.src = URL + '/code.js';"
    " document.head.append(s);})",
    "script-src-attr": "new Promise(d => {document.body.insertAdjacentHTML('beforeend',"
    " '<img src=data:, onerror=window.ran=true>'); setTimeout(() => d(window.ran ? 'in' : 'out'),"
    " 500);})",
    "style-src-elem": "new Promise(d => {const s = document.createElement('link');"
    " s.rel = 'stylesheet'; s.onload = () => d('in'); s.onerror = () => d('out');"
    " s.href = URL + '/style.css'; document.head.append(s);})",
    "frame-src": "new Promise(d => {const f = document.createElement('iframe');"
    " f.src = URL + '/frame'; document.body.append(f); setTimeout(() => d('out'), 500);})",
    "script-src": "new Promise(d => {const s = document.createElement('a');"
    " s.setAttribute('onclick', 'window.clicked = true'); s.click();"
    " d(window.clicked ? 'in' : 'out');})",
}


def test_what_a_hostile_text_could_try_comes_to_nothing(page, server, elsewhere, complaints):
    address, paths = elsewhere
    page.goto(f"{server}/?study=gridville")
    page.wait_for_selector(CANVAS)
    for directive, attempt in ATTEMPTS.items():
        assert page.evaluate(attempt.replace("URL", f"'{address}'")) == "out", directive
    blocked = {line.split()[0] for line in violations(page)}
    assert blocked >= set(ATTEMPTS) - {"script-src"}
    assert paths == []


def test_no_page_frames_the_dashboard(page, server, elsewhere, complaints):
    address, _ = elsewhere
    page.goto(address)
    page.wait_for_timeout(1000)
    assert any("frame-ancestors" in line for line in complaints)
    assert page.frame_locator("iframe").locator("#root").count() == 0


def test_another_name_for_this_machine_opens_nothing(browser, chromium, server):
    rule = "--host-resolver-rules=MAP rebound.example 127.0.0.1"
    rebound = browser.browser_type.launch(executable_path=chromium, args=[*CHROMIUM_FLAGS, rule])
    try:
        tab = rebound.new_page()
        answer = tab.goto(server.replace("localhost", "rebound.example"))
        assert answer.status == 421
        assert "AESPA_PUBLIC_URL" in tab.inner_text("body")
    finally:
        rebound.close()
