"""The dashboard served in both of its ways."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aespa_core.benchmarks.load import served

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def launched(studies: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `python -m dashboard` until it has named its address; yield both."""
    launcher = subprocess.Popen(
        [sys.executable, "-m", "dashboard", "--port", "0", *words],
        cwd=ROOT,
        env=os.environ | {"AESPA_STUDIES": str(studies)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in launcher.stdout:
            if found := re.search(r"Dashboard: (http://\S+)", line):
                yield launcher, found[1]
                break
        else:
            pytest.fail("the launcher ended without an address")
    finally:
        if launcher.poll() is None:
            launcher.send_signal(signal.SIGTERM)
        launcher.wait(60)
        launcher.stdout.close()


@pytest.fixture(scope="session", params=["streamlit run", "python -m dashboard"])
def address(request, tiny_study) -> Iterator[str]:
    """Address of a dashboard that finds the small study."""
    studies = tiny_study.path.parent
    if request.param == "streamlit run":
        with served(studies=studies) as found:
            yield found
    else:
        with launched(studies) as (launcher, found):
            # Streamlit's own line: its socket listens by then
            assert any("URL:" in line for line in launcher.stdout)
            yield found
