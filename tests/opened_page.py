"""A page as it opens from a link, without a browser."""

from pathlib import Path
from typing import Final

from streamlit.testing.v1 import AppTest

PAGES: Final = ("heat_map", "disparity", "what_if")
FOLDER: Final = Path(__file__).resolve().parents[1] / "pages"


def open_page(name: str, **query: str) -> AppTest:
    """Run one page with parameters in its link; nothing may be thrown."""
    page = AppTest.from_file(str(FOLDER / f"{name}.py"), default_timeout=60)
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert [error.value for error in page.exception] == []
    return page
