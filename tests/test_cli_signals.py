"""Real processes and real signals: what is kept is said, and no child outlives its parent."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aespa_core.worker_pool import born_deaf_to_ctrl_c, signals_held_back

ROOT = Path(__file__).resolve().parents[1]
# Only a machine that stands still takes so long; nothing is measured by it.
PATIENCE = 240.0

# A command with workers, as the benches are: each worker says who it is, then works for ever.
# Where it is interrupted is where it says so, in the middle of writing a file.
PROGRAM = """
    import os, sys, time
    from functools import partial
    from pathlib import Path
    import typer
    from aespa_core.commands.answer import answer
    from aespa_core.commands.command_line import Commands, when_stopped
    from aespa_core.studies.atomic import replacing
    from aespa_core.worker_pool import each_in_workers

    app = Commands()
    FOLDER = Path(sys.argv.pop())

    def work(job, folder):
        if job == "fails":
            while len(list(folder.glob("worker_*"))) < 2:
                time.sleep(0.05)
            raise ValueError("a defect")
        with replacing(folder / "kept" / f"{job}.txt") as temporary:
            temporary.write_text("half")
            (folder / f"worker_{job}.tmp").write_text(str(os.getpid()))
            (folder / f"worker_{job}.tmp").rename(folder / f"worker_{job}")
            while True:
                time.sleep(0.05)

    @app.command("run")
    @when_stopped("Finished answers are kept under runs/: the same command goes on from there.")
    def run(jobs: str, as_json: bool = typer.Option(False, "--json")) -> None:
        for _ in each_in_workers(partial(work, folder=FOLDER), jobs.split(","), 3):
            pass

    @app.command("other")
    def other() -> None:
        pass

    if __name__ == "__main__":
        sys.exit(answer(app))
"""


@pytest.fixture
def program(tmp_path) -> Path:
    """Write the program."""
    path = tmp_path / "program.py"
    path.write_text(textwrap.dedent(PROGRAM))
    return path


@contextlib.contextmanager
def started(program: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Start it as the leader of a group of its own, which is ended whatever happens."""
    process = subprocess.Popen(
        [sys.executable, str(program), "run", *words, str(program.parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=program.parent,
        env={"PYTHONPATH": str(ROOT)} | os.environ,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=PATIENCE)


def until(true: object, what: str) -> None:
    """Wait for something to become true, however busy the machine is."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.05)


def workers(folder: Path, count: int) -> list[int]:
    """Wait for workers to say who they are."""
    until(lambda: len(list(folder.glob("worker_?"))) == count, "no workers")
    return [int(path.read_text()) for path in folder.glob("worker_?")]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has, too."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, 0)
            return sys.platform == "linux"
        return True
    except ProcessLookupError:
        return True
    return state in "ZX"


@pytest.mark.parametrize(
    ("number", "group", "code"),
    [(signal.SIGINT, True, 130), (signal.SIGINT, False, 130), (signal.SIGTERM, False, 143)],
    ids=["Ctrl-C in a terminal", "SIGINT", "SIGTERM"],
)
def test_a_stopped_command_says_what_is_kept_and_takes_its_workers_along(
    program, number, group, code
):
    with started(program, "a,b", "--json") as process:
        pids = workers(program.parent, 2)
        (os.killpg if group else os.kill)(process.pid, number)
        out, err = process.communicate(timeout=PATIENCE)
    sentence = (
        "Stopped. Finished answers are kept under runs/: the same command goes on from there."
    )
    assert (process.returncode, err) == (code, f"{sentence}\n")
    assert out == f'{{"error": "{sentence}"}}\n'
    assert all(map(gone, pids))
    # each worker was in the middle of a file
    assert list((program.parent / "kept").iterdir()) == []


def test_a_worker_that_is_still_starting_does_not_hear_ctrl_c(program, tmp_path, monkeypatch):
    """An interpreter that is interrupted before it can ignore it dies with a traceback."""
    (tmp_path / "slow").mkdir()
    (tmp_path / "slow" / "sitecustomize.py").write_text(
        "import os, pathlib, sys, time\n"
        "if '--multiprocessing-fork' in sys.orig_argv:\n"
        f"    pathlib.Path({str(tmp_path)!r}, f'starting_{{os.getpid()}}').touch()\n"
        "    time.sleep(2)\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path / "slow"), str(ROOT)]))
    with started(program, "a,b") as process:
        until(lambda: any(tmp_path.glob("starting_*")), "no worker was started")
        for starting in tmp_path.glob("starting_*"):
            os.kill(int(starting.name.removeprefix("starting_")), signal.SIGINT)
        workers(tmp_path, 2)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 130
    assert err.startswith("Stopped. ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_waits_while_a_process_is_started(number):
    """Python hears in its main thread what the system gave to any other."""
    other = threading.Event()
    thread = threading.Thread(target=other.wait, daemon=True)
    thread.start()
    before = signal.signal(number, signal.default_int_handler)
    whole = []

    def start() -> None:
        with signals_held_back(), born_deaf_to_ctrl_c():
            os.kill(os.getpid(), number)
            time.sleep(0.1)
            whole.append(number)

    try:
        with pytest.raises(KeyboardInterrupt):
            start()
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
        other.set()
        thread.join()
    assert whole == [number]


def test_a_killed_command_takes_its_workers_along(program):
    with started(program, "a,b") as process:
        pids = workers(program.parent, 2)
        process.kill()
        until(lambda: all(map(gone, pids)), "the workers live on")
        process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    until(lambda: list((program.parent / "kept").iterdir()) == [], "half a file is left")


def test_a_command_that_fails_takes_its_workers_along(program):
    with started(program, "a,b,fails") as process:
        pids = workers(program.parent, 2)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "ValueError: a defect" in err
    assert all(map(gone, pids))
    assert list((program.parent / "kept").iterdir()) == []


def test_a_worker_that_is_killed_is_a_sentence(program):
    with started(program, "a,b") as process:
        first, second = workers(program.parent, 2)
        os.kill(first, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert err.startswith("A worker process was killed, most likely for want of memory: ")
    assert err.count("\n") == 1
    assert gone(second)


def test_a_simulation_that_is_stopped_leaves_nothing(tmp_path):
    """The real thing, in the middle of its workers' files."""
    out = tmp_path / "world"
    process = subprocess.Popen(
        [sys.executable, "-m", "aespa_core", "study", "build-twin", "--world", "twin",
         "--metro", "demo", "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip
    try:
        until(lambda: any(tmp_path.glob(".world-*")), "it never began")
        os.killpg(process.pid, signal.SIGINT)
        out_text, err = process.communicate(timeout=PATIENCE)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, out_text) == (130, "")
    assert err == "Stopped. Nothing was written: files appear whole, at the end, or not at all.\n"
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_a_benchmark_starts_ends_with_it(tmp_path):
    if sys.platform != "linux":
        return
    code = (
        "import os, subprocess, sys, time\n"
        "from aespa_core.worker_pool import tied\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(3600)'],"
        " preexec_fn=tied(os.getpid()))\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(3600)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        pid = int(process.stdout.readline())
    finally:
        process.kill()
        process.wait(PATIENCE)
        process.stdout.close()
    until(lambda: gone(pid), "the child lives on")
