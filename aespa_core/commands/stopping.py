"""Being stopped: in the first moment, in whatever form it arrives, and for good.

It imports nothing that takes time, so that it stands before the packages of the commands do.
"""

import os
import signal
import sys
import threading
from contextlib import suppress

NOTHING_WRITTEN = "Nothing was written: files appear whole, at the end, or not at all."
STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")


def answer_at_once() -> dict:
    """Let Ctrl-C, SIGTERM and a closed terminal end this process with a sentence.

    For the time in which nothing is open and packages are imported: an exception raised there
    comes out as another, or not at all.

    Returns
    -------
    dict
        Signal → its handler before, for :func:`as_before`.
    """
    return {number: signal.signal(number, end_at_once) for number in heard_signals()}


def heard_signals() -> list[int]:
    """Give the signals that stop this thread's work; what nohup ignores stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        return []
    numbers = [getattr(signal, name) for name in STOPPING if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]


def as_before(handlers: dict) -> None:
    """Give signals the handlers that they had."""
    for number, handler in handlers.items():
        signal.signal(number, handler)


def hear_no_more() -> None:
    """Let who asks twice wait for the answer to the first time."""
    as_before(dict.fromkeys(heard_signals(), signal.SIG_IGN))


def end_at_once(number: int, frame: object) -> None:
    """Say that nothing was done, on both streams as `answer` does, and end."""
    hear_no_more()
    sentence = f"Stopped. {NOTHING_WRITTEN}"
    # written without Python's streams, which may be in the middle of something
    with suppress(OSError):
        if wants_json(sys.argv[1:]):
            os.write(1, f'{{"error": "{sentence}"}}\n'.encode())
    with suppress(OSError):
        os.write(2, f"{sentence}\n".encode())
    os._exit(128 + number)


def wants_json(words: list[str]) -> bool:
    """Whether ``--json`` stands among the words of a command line."""
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def is_stop(error: BaseException | None) -> bool:
    """Whether an error is a stop, or came of one.

    Python itself wraps a Ctrl-C that falls into the making of a class into a RuntimeError, and a
    library that cannot be imported half-way says something of its own.
    """
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, KeyboardInterrupt):
            return True
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            waiting += [one.__cause__, one.__context__]
    return False


def leave(code: int) -> None:
    """End this process with an exit code, whatever the interpreter remembers of a stop.

    Python notes a Ctrl-C that passes through ``exec`` as one that nobody heard, and would end by
    the signal itself however well it was answered:
    https://github.com/python/cpython/blob/v3.11.9/Python/pythonrun.c#L1713
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
