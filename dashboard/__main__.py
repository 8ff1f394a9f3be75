"""Start the dashboard: say what opens, then hand over to Streamlit.

``python -m dashboard`` serves until stopped (Ctrl-C ends it with 130, SIGTERM with 0; where the
server ends by itself, its exit code is said and given);
``python -m dashboard --check`` starts the server, fetches the page, prints the same lines and
stops.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from aespa_core.analysis.places import headline_of, metros_of, places_of
from aespa_core.errors import AespaError
from aespa_core.schema import metro_label
from aespa_core.studies.catalogue import ROOT, list_studies
from aespa_core.studies.folder import open_study
from dashboard import static_files
from dashboard.allowed_hosts import public_origins
from dashboard.free_port import Port, free_port, port_number
from dashboard.server_process import ending, started, stop_signals

APP = ROOT / "dashboard" / "app.py"
CONFIG = ROOT / "streamlit_config" / "config.toml"
CHECK_SECONDS = 60
POLL_SECONDS = 0.2


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


def summary() -> str:
    """Say what opens first, below a line for each study before it that cannot be read."""
    lines = []
    for study in list_studies():
        if study.info is None:
            lines.append(str(study.problem))
            continue
        try:
            return "\n".join([*lines, study_line(study.path)])
        except AespaError as error:
            lines.append(str(error))
        except Exception as error:  # whatever a study holds, the others and the pages go on
            lines.append(f"{study.path} cannot be summed up ({type(error).__name__}: {error}).")
    lines.append("No study yet: `aespa study ingest --metro washington` makes one.")
    return "\n".join(lines)


def study_line(path: Path) -> str:
    """Say in one line what a study holds: tracts, and how much warmer the hottest tenth is."""
    study = open_study(path)
    metros = metros_of(study)
    headlines = {metro: headline_of(places_of(study, metro)) for metro in metros}
    hottest = max(metros, key=lambda metro: headlines[metro].hottest_c)
    tracts = sum(headline.tracts + headline.missing for headline in headlines.values())
    return (
        f"{study.info.name}: {tracts:,} tracts in {len(metros)} "
        f"{'metro' if len(metros) == 1 else 'metros'}; the hottest tenth is up to "
        f"{headlines[hottest].hottest_c:.1f} °C above the metro's median ({metro_label(hottest)})."
    )


def page_answers(address: str, server: subprocess.Popen[bytes], stop_requests: list[int]) -> bool:
    """Wait until the server gives its page and calls itself healthy."""
    # a proxy that the environment names is for other machines
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + CHECK_SECONDS
    while time.monotonic() < deadline and server.poll() is None and not stop_requests:
        try:
            with direct.open(f"{address}/_stcore/health", timeout=5) as health:
                healthy = health.status == 200
            with direct.open(address, timeout=5) as page:
                return healthy and b"<html" in page.read()
        except OSError:
            time.sleep(POLL_SECONDS)
    return False


def serve(port: Port, *, check: bool) -> int:
    """Run the server until it ends or this process is told to stop; return the exit status."""
    address = f"http://localhost:{port.number}"
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    command = [sys.executable, "-m", "streamlit", "run", str(APP)]
    command += ["--server.port", str(port.number), *flags(settings)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *python_path()])}
    with stop_signals() as stop_requests, started(command, environment, ROOT) as server:
        print(f"Dashboard: {address}", flush=True)
        if check:
            answered = page_answers(address, server, stop_requests)
            print("The page answers." if answered else "The page did not answer.", flush=True)
            if server.returncode is not None and not stop_requests:
                print(ending(server.returncode), file=sys.stderr)
            return 0 if answered else 1
        while server.poll() is None and not stop_requests:
            time.sleep(POLL_SECONDS)
    if signal.SIGINT in stop_requests:
        print("The dashboard is stopped; studies and runs are kept.")
        return 130
    if stop_requests:
        return 0
    print(ending(server.returncode), file=sys.stderr)
    # whatever it says of itself: nobody asked it to end
    return 128 - server.returncode if server.returncode < 0 else server.returncode or 1


def main() -> int:
    """Start the server; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    parser.add_argument("--port", default="8501", help="preferred port (default 8501), 0: any")
    parser.add_argument("--check", action="store_true", help="fetch the page once, then stop")
    arguments = parser.parse_args()
    try:
        preferred = port_number(arguments.port)
        public_origins()
        print(summary(), flush=True)
    except AespaError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    try:
        static_files.sweep()
    except OSError as error:
        print(f"{static_files.STATIC} cannot be written ({error}): maps are sent inline.")
    port = free_port(preferred)
    if port.notice:
        print(port.notice)
    return serve(port, check=arguments.check)


def python_path() -> list[str]:
    """Entries of the caller's own ``PYTHONPATH``."""
    return [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]


if __name__ == "__main__":
    sys.exit(main())
