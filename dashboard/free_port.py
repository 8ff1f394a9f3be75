"""The port to serve on: the one asked for, or another that is free, and then it is said."""

import socket
from dataclasses import dataclass

from aespa_core.errors import ConfigError


@dataclass(frozen=True)
class Port:
    """A port to serve on, and a sentence where it is not the preferred one."""

    number: int
    notice: str | None = None


def port_number(text: str) -> int:
    """Read the number of a port; 0 stands for any free one.

    Raises
    ------
    ConfigError
        If there is no such port.
    """
    try:
        number = int(text)
    except ValueError:
        number = -1
    if not 0 <= number <= 65_535:
        raise ConfigError(
            f"--port is {text[:20]!r}: give a whole number up to 65535, or 0 for any free port."
        )
    return number


def free_port(preferred: int) -> Port:
    """Take the preferred port of this machine, or any free one if it cannot be had."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("localhost", preferred))
            return Port(int(probe.getsockname()[1]))
        except PermissionError:
            reason = "needs an administrator"
        except OSError:
            reason = "is taken"
        # a socket that could not be bound can still be
        probe.bind(("localhost", 0))
        number = int(probe.getsockname()[1])
        return Port(number, f"Port {preferred} {reason}: serving on {number}.")
