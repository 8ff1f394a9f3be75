"""A stop is a sentence and its own exit code: while packages load, wrapped, or inside ``exec``."""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from aespa_core.commands.answer import answer
from aespa_core.commands.command_line import Commands, when_stopped
from aespa_core.commands.stopping import is_stop

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 240.0
NOTHING = "Stopped. Nothing was written: files appear whole, at the end, or not at all.\n"
# Makes a package of the command line slow to import, and says when that has begun.
SLOW = """
import pathlib, sys, time
class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "typer":
            pathlib.Path({begun!r}).touch()
            time.sleep(60)
sys.meta_path.insert(0, Slow())
"""
INSIDE_EXEC = """
from aespa_core.__main__ import main
from aespa_core.commands.every_command import app

@app.command("waits")
def waits() -> None:
    print("half an answer")
    exec("raise KeyboardInterrupt")

main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_while_packages_are_imported_is_answered(tmp_path, number):
    begun = tmp_path / "begun"
    (tmp_path / "sitecustomize.py").write_text(SLOW.format(begun=str(begun)))
    process = subprocess.Popen(
        [sys.executable, "-m", "aespa_core", "study", "list", "--json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
    )  # fmt: skip
    try:
        end = time.monotonic() + PATIENCE
        while not begun.exists() and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    assert (process.returncode, err) == (128 + number, NOTHING)
    assert json.loads(out) == {"error": NOTHING.strip()}


def interrupted_class() -> None:
    """Be stopped in the middle of making a class, as in the import of a library."""

    class Part:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt

    type("Whole", (), {"part": Part()})


def interrupted_import() -> None:
    """Be stopped in a library that says something of its own."""
    with contextlib.ExitStack() as library:
        library.callback(importlib.import_module, "no_such_library")
        raise KeyboardInterrupt


@pytest.mark.parametrize("stopped", [interrupted_class, interrupted_import])
def test_an_error_that_came_of_a_stop_is_a_stop(monkeypatch, capsys, stopped):
    app = Commands()

    @app.command("run")
    @when_stopped("All is kept.")
    def run() -> None:
        stopped()

    @app.callback()
    def root() -> None:
        pass

    monkeypatch.setattr(sys, "argv", ["aespa", "run"])
    assert answer(app) == 130
    assert capsys.readouterr().err == "Stopped. All is kept.\n"


def test_who_asks_twice_gets_one_answer(monkeypatch, capsys):
    app = Commands()

    @app.command("run")
    def run() -> None:
        signal.raise_signal(signal.SIGINT)

    def line_of(sentence: str) -> str:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        return sentence

    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    monkeypatch.setattr(sys, "argv", ["aespa"])
    monkeypatch.setattr("aespa_core.commands.answer.one_line", line_of)
    assert answer(app) == 130
    assert capsys.readouterr().err == NOTHING
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_an_error_of_its_own_is_no_stop():
    error = ValueError("a defect")
    error.__cause__ = KeyError("another")
    # a chain that leads back to itself ends
    error.__cause__.__context__ = error
    assert not is_stop(error)


def test_a_stop_inside_exec_ends_with_the_exit_code_and_not_by_the_signal(tmp_path):
    """Python forgets the exit code only of a module that is run by its name."""
    (tmp_path / "program.py").write_text(INSIDE_EXEC)
    done = subprocess.run(
        [sys.executable, "-m", "program", "waits"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, "half an answer\n", NOTHING)
