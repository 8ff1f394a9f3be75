"""Every door of the program as one call: a command or a page in, what was said out.

Commands run in this process, as ``aespa`` would with the same words; pages run in Streamlit's own
test harness. What a process would print as a traceback is kept as text, never raised.
"""

import io
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = tuple(sorted(path.stem for path in (ROOT / "pages").glob("*.py")))
# The frame draws the default page inside navigation; older trees had it in app.py.
FRAME: Final = next(
    path for path in (ROOT / "dashboard" / "frame.py", ROOT / "dashboard" / "app.py")
    if path.is_file()
)  # fmt: skip
# Streamlit's own words in place of an error's, and the frame's for a defect of ours.
REDACTED: Final = ("This app has encountered an error", "met a fault of the program")
PAGE_SECONDS: Final = 120


# Elements whose words Streamlit reads as Markdown.
MARKED: Final = (
    *("title", "header", "subheader", "markdown", "caption"),
    *("info", "warning", "error", "success"),
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came out of one door.

    Attributes
    ----------
    door
        Which one, as a reader would write it: ``disparity`` or ``page heat_map``.
    code
        Exit code of a command; 0 of a page.
    out, err
        Standard output and standard error of a command; a page's text, and "".
    trace
        The traceback that a reader would meet, "" without one.
    figures
        Numbers that stand on a page: its title and metrics.
    drawn
        What a page gave to be read as Markdown; the rest of its text is shown as it is.
    """

    door: str
    code: int = 0
    out: str = ""
    err: str = ""
    trace: str = ""
    figures: tuple[str, ...] = field(default=())
    drawn: str = ""

    @property
    def words(self) -> str:
        """All that was said."""
        return f"{self.out}\n{self.err}"


@contextmanager
def surroundings(studies: Path | None) -> Iterator[None]:
    """Set what a command or page reads of its surroundings, and put it back."""
    changed = {"COLUMNS": "200"} | ({} if studies is None else {"AESPA_STUDIES": str(studies)})
    before = {name: os.environ.get(name) for name in changed}
    kept = sys.argv, sys.modules["__main__"]
    os.environ |= changed
    try:
        with warnings.catch_warnings():
            # a process prints them and goes on; pytest would turn them into exceptions
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.argv = kept[0]
        # AppTest leaves its page there
        sys.modules["__main__"] = kept[1]
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def run_command(*words: object, studies: Path | None = None, door: str = "") -> Answer:
    """Run ``aespa`` with these words in this process."""
    from aespa_core.__main__ import main

    out, err, trace, code = io.StringIO(), io.StringIO(), "", 0
    with surroundings(studies), redirect_stdout(out), redirect_stderr(err):
        sys.argv = ["aespa", *map(str, words)]
        try:
            main()
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:
            code, trace = 1, traceback.format_exc()
    if "Traceback (most recent call last)" in err.getvalue():
        trace = trace or err.getvalue()
    return Answer(
        door=door or str(words[0]), code=code, out=out.getvalue(), err=err.getvalue(), trace=trace
    )


def open_page(name: str, studies: Path | None, query: dict[str, str] | None = None) -> Answer:
    """Open a page, or the ``frame`` around all, with nothing clicked."""
    from streamlit.testing.v1 import AppTest

    path = FRAME if name == "frame" else ROOT / "pages" / f"{name}.py"
    with surroundings(studies), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        page = AppTest.from_file(str(path), default_timeout=PAGE_SECONDS)
        for key, value in (query or {}).items():
            page.query_params[key] = value
        try:
            page.run()
        except Exception:
            return Answer(door=f"page {name}", trace=traceback.format_exc())
    marked, shown = (
        [str(block.value) for kind in kinds for block in getattr(page, kind)]
        for kinds in (MARKED, ("text", "code"))
    )
    marked += [fold.label for fold in page.expander]
    # notices that are folded into a table
    tables = [block.value for block in page.dataframe if "Notice" in block.value]
    shown += [text for table in tables for text in table["Notice"]]
    thrown = "\n".join(
        "\n".join((*box.stack_trace, f"{box.proto.type}: {box.message}")) for box in page.exception
    )
    text = "\n".join((*marked, *shown))
    if not thrown and any(words in text for words in REDACTED):
        thrown = text
    figures = (
        *(f"title: {block.value}" for block in page.title),
        *(f"{metric.label}: {metric.value}" for metric in page.metric),
    )
    return Answer(
        door=f"page {name}", out=text, trace=thrown, figures=figures, drawn="\n".join(marked)
    )
