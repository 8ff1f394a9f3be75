"""An address below those of the pages is refused in a sentence: no empty window."""

import pytest

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


@pytest.mark.parametrize("path", ["/", "/what_if", "/nopage"])
def test_addresses_of_pages_are_the_pages_to_answer(address, path):
    answer = ask(address, path)
    assert answer.status == 200
    assert "<html" in answer.text


def test_files_of_pages_are_served_as_before(address):
    links = visit(address, "study=gridville")
    for path in (links.map_file, links.download):
        assert ask(address, path if path.startswith("/") else f"/{path}").status == 200
