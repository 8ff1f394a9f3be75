"""What a link asks for and does not get: said at the top of the page, as long as it is so."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from urllib.parse import unquote, urlsplit

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from aespa_core.views.plain_text import advice, plain_name, short
from dashboard.selection import missing_page

# of the session: what was asked for in vain → what is shown instead, and the sentence
KEPT: Final = "not_in_this_link"
PAGE: Final = "page_that_is_not_there"
# where notices go in the page that runs; each run has a thread of its own
top_of_page: ContextVar[DeltaGenerator | None] = ContextVar("top_of_page", default=None)


@contextmanager
def notices_at(top: DeltaGenerator) -> Iterator[None]:
    """Let the notices of a page's run go to a place of it."""
    token = top_of_page.set(top)
    try:
        yield
    finally:
        top_of_page.reset(token)


def first_notice(key: str, shown: object, sentence: str | None) -> None:
    """Keep what the link gets instead of what it asks for, and say it.

    Parameters
    ----------
    key
        What was asked for, by its name in the link.
    shown
        What is shown instead.
    sentence
        What to tell the reader; None where the link asks for nothing that is not there.
    """
    kept = st.session_state.setdefault(KEPT, {})
    kept.pop(key, None)
    if sentence:
        kept[key] = (shown, sentence)
        say(sentence)


def say_again(key: str, shown: object) -> None:
    """Say on a later run what :func:`first_notice` said, until the reader chooses otherwise."""
    kept = st.session_state.get(KEPT, {})
    if key not in kept:
        return
    instead, sentence = kept[key]
    if instead == shown:
        say(sentence)
    else:
        del kept[key]


def say(sentence: str) -> None:
    """Put a sentence of ours at the top of the page that runs."""
    (top_of_page.get() or st.container()).warning(advice(sentence))


def unknown_page(page: StreamlitPage, base: str) -> None:
    """Say that there is no page at the path that was asked for, as long as its substitute is shown.

    Parameters
    ----------
    page
        Page that is shown.
    base
        Path below which the server serves its pages.
    """
    address = urlsplit(st.context.url or "")
    asked = missing_page(unquote(address.path), base, page.url_path)
    kept = st.session_state.get(PAGE)
    if asked:
        # the browser's address is mended at once, so that later runs do not know it any more
        kept = st.session_state[PAGE] = (asked, page.url_path)
    if kept and kept[1] == page.url_path:
        st.warning(
            f"The link asks for the page '{plain_name(short(kept[0]))}', which is not here: "
            f"showing {plain_name(page.title)}."
        )
    else:
        st.session_state.pop(PAGE, None)
