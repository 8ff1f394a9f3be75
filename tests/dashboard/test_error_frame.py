"""What goes wrong in a page becomes a sentence; its details reach the server's log alone."""

import logging

import pytest
from streamlit.testing.v1 import AppTest

from aespa_core.errors import StudyError
from dashboard import error_frame

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
SECRET = "/home/someone/secret"


def wrong_input():
    import streamlit as st

    from aespa_core.errors import StudyError
    from dashboard.error_frame import page_frame

    with page_frame():
        st.title("The picture so far")
        with st.sidebar:
            raise StudyError("tracts.parquet of **town** is missing: run `aespa study validate x`.")


def defect():
    import streamlit as st

    from dashboard.error_frame import page_frame

    with page_frame():
        st.title("The picture so far")
        raise KeyError("/home/someone/secret")


def stopped():
    import streamlit as st

    from dashboard.error_frame import page_frame

    with page_frame():
        st.title("All that there is")
        st.stop()


def run(script) -> AppTest:
    return AppTest.from_function(script, default_timeout=30).run()


def texts(page: AppTest) -> str:
    every = (*page.title, *page.header, *page.error, *page.markdown, *page.warning, *page.info)
    return " ".join(element.value for element in every)


def test_a_wrong_input_is_a_sentence_with_what_to_do_above_what_was_drawn():
    page = run(wrong_input)
    assert not page.exception
    assert page.title[0].value == "The picture so far"
    assert page.header[0].value == error_frame.HEAD
    assert page.error[0].value == (
        r"tracts.parquet of \*\*town\*\* is missing: run `aespa study validate x`."
    )
    assert "Choose another study" in page.markdown[0].value
    kinds = [type(element).__name__ for element in page.main]
    assert kinds.index("Header") < kinds.index("Title")


def test_a_defect_is_owned_up_to_and_only_the_log_knows_more(caplog):
    with caplog.at_level(logging.ERROR, logger="dashboard.error_frame"):
        page = run(defect)
    said = page.error[0].value
    assert "fault of the program" in said
    assert SECRET not in texts(page)
    (record,) = [one for one in caplog.records if one.name == "dashboard.error_frame"]
    assert record.args[0] in said
    assert SECRET in str(record.exc_info[1])
    # whoever runs the page learns of it: a test here, the server's handler below
    assert len(page.exception) == 1


def test_a_stop_is_no_error(caplog):
    page = run(stopped)
    assert not page.exception
    assert not page.error
    assert page.title[0].value == "All that there is"
    assert not [one for one in caplog.records if one.name == "dashboard.error_frame"]


def test_a_defect_that_a_page_has_said_is_not_said_again(monkeypatch):
    said = []
    monkeypatch.setattr(error_frame.st, "error", said.append)
    monkeypatch.setattr(error_frame.st, "header", lambda text: None)
    monkeypatch.setattr(error_frame.st, "markdown", lambda text: None)
    fault = KeyError(SECRET)
    assert error_frame.say_fault(fault) is True
    assert error_frame.say_fault(fault) is True
    assert len(said) == 1
    assert SECRET not in said[0]
    assert error_frame.say_fault(StudyError("no such study")) is True
    assert said[1] == "no such study"


def test_a_file_that_cannot_be_made_says_why_on_the_next_run(monkeypatch):
    state = {}
    monkeypatch.setattr(error_frame.st, "session_state", state)

    def wrong() -> bytes:
        raise StudyError("the tracts are gone")

    def broken() -> bytes:
        raise ZeroDivisionError(SECRET)

    assert error_frame.made_later(lambda: b"fine", "Table")() == b"fine"
    with pytest.raises(StudyError):
        error_frame.made_later(wrong, "Table")()
    with pytest.raises(ZeroDivisionError):
        error_frame.made_later(broken, "Map")()
    first, second = state[error_frame.LATER]
    assert first == "Table could not be made: the tracts are gone"
    assert "Map could not be made: a fault of the program" in second
    assert SECRET not in second
