"""An address below those of the pages is refused in a sentence: no empty window."""

import asyncio

import pytest
from starlette.responses import HTMLResponse

from dashboard.unknown_paths import UnknownPaths
from tests.dashboard.visit import ask, visit


@pytest.mark.parametrize("path", ["/nopage/deeper", "/what_if/more/and%20more", "/static/no/page"])
def test_an_address_below_the_pages_is_refused_in_a_sentence(address, path):
    answer = ask(address, path)
    assert answer.status == 404
    assert not answer.headers["content-type"].startswith("text/html")
    if not path.startswith("/static"):
        asked = path.strip("/").replace("%20", " ")
        assert answer.text == f"There is no page '{asked}': the dashboard is at /\n"
        # and with the headers of every other answer
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_markup_in_an_address_stays_text(address):
    answer = ask(address, "/a/%3Cimg%20src=x%3E")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    "path", [f"/app/static/{'a' * 5_000}", f"/app/static{'/b' * 3_000}", f"/nopage/{'c' * 5_000}"]
)
def test_a_name_longer_than_any_files_is_not_found(address, path):
    answer = ask(address, path)
    assert answer.status == 404
    assert len(answer.text) < 2_000
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/what_if", "/nopage"])
def test_addresses_of_pages_are_the_pages_to_answer(address, path):
    answer = ask(address, path)
    assert answer.status == 200
    assert "<html" in answer.text


def test_files_of_pages_are_served_as_before(address):
    links = visit(address, "study=gridville")
    for path in (links.map_file, links.download):
        assert ask(address, path if path.startswith("/") else f"/{path}").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [({}, 404), ({"Content-Disposition": 'attachment; filename="report.html"'}, 200)],
)
def test_an_html_file_that_is_taken_home_is_no_page(headers, status):
    """The report of a scenario lies at an address of two parts."""
    sent = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/media/a.html", "headers": []}
    app = UnknownPaths(HTMLResponse("<html></html>", headers=headers), "")
    asyncio.run(app(scope, receive, send))
    assert sent[0]["status"] == status
