"""The frame around every page: what goes wrong in it becomes a sentence, never a traceback.

What was drawn before stays; the sentence stands above it. Details go to the server's log alone.
"""

import functools
import logging
import secrets
import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from aespa_core.errors import AespaError
from aespa_core.views.file_text import csv_text
from aespa_core.views.plain_text import advice, bullets, code, file_word, plain_name
from aespa_core.views.tables import fault_table
from dashboard.link_notices import notices_at
from dashboard.refused_studies import RefusedStudyError
from dashboard.selection import unread

LOG: Final = logging.getLogger(__name__)
# of the session: what went wrong outside of a page's run, to be said in the next
LATER: Final = "said_in_the_next_run"
HEAD: Final = "This page stops here"
INPUT: Final = (
    "Choose another study, metro or run at the left, or mend this one and reload the page; "
    "`aespa study validate` lists all that is wrong with a study."
)
MEND: Final = "Choose another study at the left, or mend this one and reload the page"
# faults that are listed; the file has all
LISTED: Final = 50
DEFECT: Final = (
    "This page met a fault of the program and stops here; the rest of the dashboard goes on. "
    "Choose something else at the left, or another page. Whoever runs this server finds more in "
    "its log under"
)


@contextmanager
def page_frame(page: str = "") -> Iterator[None]:
    """Run a page; a wrong input becomes a sentence, a defect one that names its place in the log.

    Stops and reruns of Streamlit pass, for they are no errors. A defect is raised again after it
    was said: whoever runs the page (:func:`say_fault`, a test) learns of it.

    Parameters
    ----------
    page
        Its name in :data:`dashboard.selection.READS`; what else its link holds is named.
    """
    top = st.container()
    if strange := unread(st.query_params, page):
        top.warning(advice(strange))
    for sentence in st.session_state.pop(LATER, ()):
        top.warning(advice(sentence))
    try:
        with notices_at(top):
            yield
    except AespaError as error:
        with top:
            say_problem(error)
    except Exception as error:
        with top:
            say_defect(error)
        raise


def say_fault(error: Exception) -> bool:
    """Say what no page could: Streamlit calls this for whatever reaches it, callbacks included.

    Returns
    -------
    bool
        True: Streamlit need not show anything itself.
    """
    if isinstance(error, AespaError):
        say_problem(error)
    elif not hasattr(error, "log_name"):
        say_defect(error)
    return True


def say_problem(error: AespaError) -> None:
    """Say what is wrong with an input and what to do."""
    st.header(HEAD)
    st.error(advice(error))
    if isinstance(error, RefusedStudyError):
        command = f"aespa study validate {shlex.quote(str(error.path))}"
        st.markdown(f"{MEND}: {code(command)} tells all faults.")
        list_faults(error)
    else:
        st.markdown(INPUT)


def list_faults(error: RefusedStudyError) -> None:
    """List what is at fault where the sentence tells only the first, with all of it as a file."""
    total = len(error.faults)
    if total < 2:
        return
    first = f", the first {LISTED} here" if total > LISTED else ""
    with st.expander(f"All {total:,} faults{first}"):
        st.markdown(bullets(error.faults[:LISTED]))
        st.download_button(
            "All faults (CSV)",
            made_later(lambda: csv_text(fault_table(error.faults), (str(error),)), "The faults"),
            f"aespa_{file_word(error.path.name)}_faults.csv",
            "text/csv",
            key="faults_csv",
            on_click="ignore",
        )


def say_defect(error: Exception) -> None:
    """Say that the program is at fault, and write the details into the server's log."""
    # the name goes with the error: it is said once, however many frames it passes
    error.log_name = logged(error)  # type: ignore[attr-defined]
    st.header(HEAD)
    st.error(f"{DEFECT} {plain_name(error.log_name)}.")  # type: ignore[attr-defined]


def logged(error: Exception) -> str:
    """Write an error with its traceback into the log; return the name that finds it there."""
    log_name = secrets.token_hex(4)
    LOG.error("fault %s", log_name, exc_info=error)
    return log_name


def made_later(make: Callable[[], bytes | str], what: str) -> Callable[[], bytes | str]:
    """Wrap the making of a file, which happens after the page's run, when it is asked for.

    Streamlit says at the button that the file failed; why is said on the page's next run.

    Parameters
    ----------
    make
        Makes the file.
    what
        The file, in words.
    """
    # taken now: outside of a run there is no session
    later: list[str] = st.session_state.setdefault(LATER, [])

    @functools.wraps(make)
    def made() -> bytes | str:
        try:
            return make()
        except AespaError as error:
            later.append(f"{what} could not be made: {error}")
            raise
        except Exception as error:
            later.append(
                f"{what} could not be made: a fault of the program; the server's log has it "
                f"under {logged(error)}."
            )
            raise

    return made
