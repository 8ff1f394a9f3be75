"""The server as a child of the launcher: it stops when the launcher does, however that ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from aespa_core.worker_pool import tied

# a closed terminal asks to stop, too; Windows knows no such signal
STOPPING: Final = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
STOP_SECONDS: Final = 10


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Collect the signals that ask this process to stop, instead of dying of the first."""
    received: list[int] = []
    before = {
        number: signal.signal(number, lambda number, _: received.append(number))
        for number in STOPPING
    }
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command beside this process; whatever of it still runs in the end is stopped.

    Where this process is killed and can stop nothing, Linux tells the command to end.
    """
    # a group of its own: what the server starts can be stopped with it, and Ctrl-C in the
    # terminal reaches the launcher alone
    server = subprocess.Popen(
        command,
        env=environment,
        cwd=folder,
        start_new_session=True,
        preexec_fn=None if sys.platform == "win32" else tied(os.getpid()),
    )
    try:
        yield server
    finally:
        stop(server)


def ending(code: int) -> str:
    """Say that a server ended by itself, how, and where to look for the reason."""
    if code >= 0:
        return f"The dashboard's server ended with exit code {code}: its last lines above say why."
    return (
        f"The dashboard's server was ended by the signal {signal_name(-code)} (exit code "
        f"{128 - code}): look for who sent it, such as the system for want of memory (its log says "
        "so), and start it again."
    )


def signal_name(number: int) -> str:
    """Give a signal's name; its number where this system has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)


def stop(server: subprocess.Popen[bytes]) -> None:
    """Ask a server and its children to end, and end after some seconds those that did not."""
    if sys.platform == "win32":
        server.terminate()
        server.wait()
        return
    signal_group(server.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        server.wait(STOP_SECONDS)
    signal_group(server.pid, signal.SIGKILL)
    server.wait()


def signal_group(group: int, number: int) -> None:
    """Signal every process of a group that is still there."""
    with suppress(ProcessLookupError):
        os.killpg(group, number)
