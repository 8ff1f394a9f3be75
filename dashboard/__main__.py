"""Start the dashboard: say what opens, then hand over to Streamlit.

``python -m dashboard`` serves until stopped; ``python -m dashboard --check`` starts the server,
fetches the page, prints the same lines and stops.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator

from aespa_core.analysis.places import headline_of, metros_of, places_of
from aespa_core.errors import AespaError
from aespa_core.schema import metro_label
from aespa_core.studies.catalogue import ROOT, list_studies
from aespa_core.studies.folder import open_study
from dashboard import static_files

APP = ROOT / "dashboard" / "app.py"
CONFIG = ROOT / "streamlit_config" / "config.toml"
CHECK_SECONDS = 60


def flags(settings: dict[str, object], prefix: str = "") -> Iterator[str]:
    """Turn nested settings into Streamlit's command-line flags.

    Streamlit reads a file only from a folder named ``.streamlit``; flags work from everywhere,
    also in a checkout that could not make the link ``dashboard/.streamlit``.
    """
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from flags(value, f"{prefix}{key}.")
        else:
            yield f"--{prefix}{key}"
            yield str(value).lower() if isinstance(value, bool) else str(value)


def free_port(preferred: int) -> int:
    """Take the preferred port of this machine, or any free one if it is taken."""
    for port in (preferred, 0):
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("localhost", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port on this machine")


def summary() -> str:
    """Say in one line what opens first: tracts, and how much warmer the hottest tenth is."""
    studies = [listed for listed in list_studies() if listed.info is not None]
    if not studies:
        return "No study yet: `aespa study ingest --metro washington` makes one."
    study = open_study(studies[0].path)
    metros = metros_of(study)
    headlines = {metro: headline_of(places_of(study, metro)) for metro in metros}
    hottest = max(metros, key=lambda metro: headlines[metro].hottest_c)
    tracts = sum(headline.tracts + headline.missing for headline in headlines.values())
    return (
        f"{study.info.name}: {tracts:,} tracts in {len(metros)} "
        f"{'metro' if len(metros) == 1 else 'metros'}; the hottest tenth is up to "
        f"{headlines[hottest].hottest_c:.1f} °C above the metro's median ({metro_label(hottest)})."
    )


def page_answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server gives its page and calls itself healthy."""
    deadline = time.monotonic() + CHECK_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5) as health:
                healthy = health.status == 200
            with urllib.request.urlopen(address, timeout=5) as page:
                return healthy and b"<html" in page.read()
        except OSError:
            time.sleep(0.3)
    return False


def main() -> int:
    """Start the server; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--port", type=int, default=8501, help="preferred port (default 8501)")
    parser.add_argument("--check", action="store_true", help="fetch the page once, then stop")
    arguments = parser.parse_args()
    try:
        line = summary()
    except AespaError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        static_files.sweep()
    except OSError as error:
        print(f"{static_files.STATIC} cannot be written ({error}): maps are sent inline.")
    port = free_port(arguments.port)
    address = f"http://localhost:{port}"
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "streamlit", "run", str(APP), "--server.port", str(port)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *python_path()])}
    print(line, f"Dashboard: {address}", sep="\n", flush=True)
    server = subprocess.Popen([*command, *flags(settings)], env=environment, cwd=ROOT)
    try:
        if arguments.check:
            answered = page_answers(address, server)
            print("The page answers." if answered else "The page did not answer.", flush=True)
            return 0 if answered else 1
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        server.terminate()
        server.wait()


def python_path() -> list[str]:
    """Entries of the caller's own ``PYTHONPATH``."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


if __name__ == "__main__":
    sys.exit(main())
