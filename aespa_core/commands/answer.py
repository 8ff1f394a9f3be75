"""Run the command line and answer: an exit code, and of what went wrong one sentence.

With ``--json`` the sentence stands on standard output, too: ``{"error": "…"}``. Exit codes: 2 for
what the user can mend, 130 for Ctrl-C, 143 for SIGTERM, 129 for a terminal that was closed.
"""

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import active_children
from types import FrameType
from typing import Final

import typer

from aespa_core.commands.command_line import NOTHING_WRITTEN, Stopped
from aespa_core.commands.extras import extras_named
from aespa_core.errors import AespaError
from aespa_core.file_faults import file_error
from aespa_core.names import ascii_controls
from aespa_core.worker_pool import end

MENDABLE: Final = 2
STOPPED: Final = 128 + signal.SIGINT
# of a word without a space, such as a path, this many characters are shown
LONGEST_WORD: Final = 400


def answer(app: typer.Typer) -> int:
    """Run the command that stands on the command line; give its exit code."""
    with stopped_by_signals() as received:
        try:
            with extras_named():
                code = app(prog_name="aespa", standalone_mode=False)
            sys.stdout.flush()
        except AespaError as error:
            return say(str(error))
        except typer.TyperException as error:
            return say(usage_sentence(error))
        except OSError as error:
            # one without a number is no answer of the system but a library's word for a defect
            if error.errno is None:
                raise
            if error.filename is not None:
                return say(str(file_error(error, None, "read or written")))
            silence_full_output()
            return say(str(file_error(error, "Standard output or a file", "written")))
        except MemoryError:
            return say("Memory ran out: close other programs, or ask for less at a time.")
        except (Stopped, KeyboardInterrupt) as error:
            return say(f"Stopped. {error}", stopping_code(received))
        finally:
            # those of a pool that was left by an exception; none is there otherwise
            end(active_children())
    if code == STOPPED:
        return say(f"Stopped. {NOTHING_WRITTEN}", stopping_code(received))
    return code if isinstance(code, int) else 0


def say(sentence: str, code: int = MENDABLE) -> int:
    """Print a sentence on the error stream, for machines also as JSON; give the exit code."""
    line = one_line(sentence)
    if wants_json(sys.argv[1:]):
        with suppress(OSError):
            print(json.dumps({"error": line}), flush=True)
    with suppress(OSError):
        print(line, file=sys.stderr, flush=True)
    return code


def one_line(sentence: str) -> str:
    """Put a sentence on one line that no terminal trips over; of long words show the ends."""
    words = ascii_controls(" ".join(sentence.split()))
    return re.sub(
        rf"\S{{{LONGEST_WORD},}}", lambda match: f"{match[0][:200]}…{match[0][-60:]}", words
    )


def wants_json(words: list[str]) -> bool:
    """Whether ``--json`` stands among the words of a command line."""
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def usage_sentence(error: typer.TyperException) -> str:
    """Say what was wrong with the words of a command, and where its help is."""
    path = getattr(getattr(error, "ctx", None), "command_path", "aespa")
    if type(error).__name__ == "NoArgsIsHelpError":
        # the help was printed when the error was made
        return f"`{path}` needs one of the commands above."
    words = getattr(error, "format_message", error.__str__)().rstrip(". ")
    return f"{words}: see `{path} --help`."


def silence_full_output() -> None:
    """Give up a standard output that takes no more, or Python complains again at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def stopping_code(received: list[int]) -> int:
    """Exit code of a command that a signal stopped."""
    return 128 + received[0] if received else STOPPED


@contextmanager
def stopped_by_signals() -> Iterator[list[int]]:
    """Let SIGTERM and a closed terminal stop a command as Ctrl-C does: files are put away."""
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield received
        return
    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        # what nohup ignores stays ignored
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, stop)
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
