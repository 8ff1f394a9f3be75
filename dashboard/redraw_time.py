"""Measure what the server does when a slider of the What-if page moves.

``python -m dashboard.redraw_time STUDY METRO MOVES`` runs the page without a browser and prints the
seconds of each move, one a line: the scenario, its sentences, maps, table and everything that is
sent.
"""

import sys
import time

from streamlit import config
from streamlit.testing.v1 import AppTest

from aespa_core.studies.catalogue import ROOT
from dashboard.static_files import STATIC

WAIT_SECONDS = 120


def main() -> int:
    """Move the first slider that can be moved; return the exit status."""
    study, metro, moves = sys.argv[1], sys.argv[2], int(sys.argv[3])
    STATIC.mkdir(exist_ok=True)
    config.set_option("server.enableStaticServing", True)
    page = AppTest.from_file(str(ROOT / "pages" / "what_if.py"), default_timeout=WAIT_SECONDS)
    page.query_params["study"], page.query_params["metro"] = study, metro
    page.run()
    able = [s for s in page.slider if not s.disabled and s.key != "hottest_share"]
    if page.exception or not able:
        print(f"The What-if page of '{study}' has no slider for '{metro}'.", file=sys.stderr)
        return 2
    for move in range(moves + 1):
        start = time.perf_counter()
        page.slider(key=able[0].key).set_value(10.0 + 80 * move / moves).run()
        taken = time.perf_counter() - start
        if page.exception:
            print(page.exception[0].value, file=sys.stderr)
            return 2
        if move:  # the first lays things by
            print(taken)
    return 0


if __name__ == "__main__":
    sys.exit(main())
