"""Run the command line and answer: an exit code, and of what went wrong one sentence.

With ``--json`` the sentence stands on standard output, too: ``{"error": "…"}``. Exit codes: 2 for
what the user can mend, 130 for Ctrl-C, 143 for SIGTERM, 129 for a terminal that was closed.
"""

import json
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import active_children
from types import FrameType
from typing import Final

import typer

from aespa_core.commands.command_line import Stopped
from aespa_core.commands.extras import extras_named
from aespa_core.commands.stopping import (
    NOTHING_WRITTEN,
    as_before,
    hear_no_more,
    heard_signals,
    is_stop,
    wants_json,
)
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
        except Stopped as error:
            hear_no_more()
            return say(f"Stopped. {error}", stopping_code(received))
        except BaseException as error:
            if not is_stop(error):
                raise
            hear_no_more()
            return say(f"Stopped. {NOTHING_WRITTEN}", stopping_code(received))
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
    """Let Ctrl-C, SIGTERM and a closed terminal alike stop a command: files are put away."""
    received: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        received.append(number)
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in heard_signals()}
    try:
        yield received
    finally:
        as_before(before)
