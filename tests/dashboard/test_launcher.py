"""The launcher says what opens, passes every setting on, and leaves nothing running behind it."""

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import connect

from aespa_core.studies.folder import INFO_FILE
from dashboard import __main__ as launcher
from dashboard import server_process
from dashboard.__main__ import CONFIG, flags, main, summary
from dashboard.free_port import free_port
from dashboard.server_process import started, stop_signals
from tests.dashboard.conftest import launched

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def only_gridville(tiny_study, monkeypatch, nothing_shipped):
    monkeypatch.setenv("AESPA_STUDIES", str(tiny_study.path.parent))
    return tiny_study


def test_the_summary_counts_tracts_and_says_how_much_warmer(only_gridville):
    estimates = only_gridville.read_run("tract_model")["anomaly_c"]
    warmer = estimates.nlargest(14).mean() - estimates.median()
    assert summary().startswith("Gridville: 144 tracts in 1 metro;")
    assert f"{warmer:.1f} °C" in summary()


def test_broken_studies_are_named_and_the_next_one_opens(
    only_gridville, tmp_path, monkeypatch, nothing_shipped
):
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    for name in ("a_study_toml", "b_table", "c_whole"):
        shutil.copytree(only_gridville.path, tmp_path / name)
    (tmp_path / "a_study_toml" / INFO_FILE).write_bytes(b"\x00[[[")
    table = next((tmp_path / "b_table").rglob("tracts.parquet"))
    table.write_bytes(table.read_bytes()[:200])
    first, second, third = summary().splitlines()
    assert str(tmp_path / "a_study_toml") in first
    assert "b_table" in second
    assert third.startswith("Gridville: 144 tracts")


def test_what_nobody_foresaw_in_a_study_stops_nothing(only_gridville, monkeypatch):
    def fail(path) -> None:
        raise RecursionError("too deep")

    monkeypatch.setattr(launcher, "open_study", fail)
    first, second = summary().splitlines()
    assert str(only_gridville.path) in first
    assert "RecursionError: too deep" in first
    assert second.startswith("No study yet")


def test_every_setting_of_the_config_becomes_a_flag():
    settings = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    made = list(flags(settings))
    assert made[made.index("--server.address") + 1] == "localhost"
    assert made[made.index("--browser.gatherUsageStats") + 1] == "false"
    assert "--theme.light.primaryColor" in made


def run_check(studies: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dashboard", "--check", *words],
        cwd=ROOT,
        env={**os.environ, "AESPA_STUDIES": str(studies)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_check_serves_the_page_and_ends_well(tiny_study):
    done = run_check(tiny_study.path.parent, "--port", "0")
    assert done.returncode == 0, done.stderr
    assert "The page answers." in done.stdout


def test_a_taken_port_is_said_and_another_one_served(tiny_study):
    with socket.create_server(("localhost", 0)) as taken:
        number = taken.getsockname()[1]
        done = run_check(tiny_study.path.parent, "--port", str(number))
    assert done.returncode == 0, done.stderr
    assert f"Port {number} is taken: serving on " in done.stdout
    assert f"http://localhost:{number}\n" not in done.stdout


def test_a_free_port_is_taken_without_a_word():
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        number = probe.getsockname()[1]
    port = free_port(number)
    assert (port.number, port.notice) == (number, None)


@pytest.mark.parametrize("text", ["-1", "70000", "http", "", "8501.0", "9" * 5000])
def test_a_port_that_is_none_is_refused_in_a_sentence(text, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dashboard", f"--port={text}"])
    assert main() == 2
    printed = capsys.readouterr()
    assert printed.err.startswith("--port is ")
    assert printed.err.count("\n") == 1
    assert len(printed.err) < 200
    assert printed.out == ""


def test_a_wrong_public_address_is_refused_in_a_sentence(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["dashboard"])
    monkeypatch.setenv("AESPA_PUBLIC_URL", "heat.example.org")
    assert main() == 2
    assert capsys.readouterr().err.startswith("AESPA_PUBLIC_URL holds 'heat.example.org'")


def test_a_folder_for_maps_that_cannot_be_is_a_notice(
    only_gridville, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(launcher.static_files, "STATIC", tmp_path / "static")
    (tmp_path / "static").write_text("in the way")
    monkeypatch.setattr(launcher, "serve", lambda port, check: 0)
    monkeypatch.setattr(sys, "argv", ["dashboard", "--port", "0"])
    assert main() == 0
    assert "maps are sent inline" in capsys.readouterr().out


def refuses(address: str) -> bool:
    """Whether nothing listens at an address any more."""
    with socket.socket() as probe:
        return probe.connect_ex((urlsplit(address).hostname, urlsplit(address).port)) != 0


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"]
)
def test_a_signal_stops_the_server_while_a_page_is_open(tiny_study, number, status):
    with launched(tiny_study.path.parent) as (process, address):
        assert any("URL:" in line for line in process.stdout)
        stream = address.replace("http", "ws", 1) + "/_stcore/stream"
        with connect(stream, subprotocols=["streamlit"], proxy=None):
            process.send_signal(number)
            rest = process.stdout.read()
            assert process.wait(60) == status
        assert refuses(address)
        assert "Traceback" not in rest
        assert ("studies and runs are kept" in rest) == (number == signal.SIGINT)


@pytest.mark.parametrize("check", [False, True])
@pytest.mark.parametrize(
    ("last", "said", "status"),
    [
        (
            "os.kill(os.getpid(), 9)",
            "was ended by the signal SIGKILL (exit code 137): look for",
            137,
        ),
        ("sys.exit(3)", "ended with exit code 3: its last lines above say why.", 3),
        ("sys.exit(0)", "ended with exit code 0: ", 1),
    ],
)
def test_a_server_that_ends_by_itself_is_said(
    tmp_path, monkeypatch, capsys, last, said, status, check
):
    (tmp_path / "streamlit.py").write_text(f"import os, sys\n{last}\n")
    monkeypatch.setattr(launcher, "ROOT", tmp_path)
    assert launcher.serve(free_port(0), check=check) == (1 if check else status)
    printed = capsys.readouterr()
    assert printed.err.startswith("The dashboard's server ")
    assert said in printed.err
    assert printed.err.count("\n") == 1


def test_a_signal_in_the_first_moment_leaves_no_server(tiny_study):
    with launched(tiny_study.path.parent) as (process, address):
        process.send_signal(signal.SIGHUP)
        # the pipe ends once the server, too, has let go of it
        process.stdout.read()
        assert process.wait(60) == 0
        assert refuses(address)


# each says that it is there once it is as deaf to SIGTERM as it will be
HOLDERS = """
import signal, subprocess, sys, time
pipe = open(sys.argv[1], "w")
if sys.argv[2] == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
deaf = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('child', flush=True); time.sleep(600)"
)
subprocess.Popen([sys.executable, "-c", deaf], stdout=pipe)
print("server", file=pipe, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("hearing", ["hears", "deaf"])
def test_children_of_the_server_end_with_it_even_deaf_ones(tmp_path, monkeypatch, hearing):
    monkeypatch.setattr(server_process, "STOP_SECONDS", 0.5)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    command = [sys.executable, "-c", HOLDERS, str(pipe), hearing]
    with started(command, os.environ, tmp_path) as server, pipe.open() as reader:
        assert {reader.readline(), reader.readline()} == {"child\n", "server\n"}
        server_process.stop(server)
        # readable and empty: nobody holds the other end
        assert select.select([reader], [], [], 30)[0]
        assert reader.read() == ""


# a launcher that can stop nothing: it is killed
LAUNCHER = """
import os, sys, time
from pathlib import Path
from dashboard.server_process import started
command = [sys.executable, "-c", "import time; print('server', flush=True); time.sleep(600)"]
with started(command, os.environ, Path(sys.argv[1])) as server:
    print(server.pid, flush=True)
    time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's end")
def test_a_killed_launcher_takes_the_server_along(tmp_path):
    launcher = subprocess.Popen(
        [sys.executable, "-c", LAUNCHER, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = {launcher.stdout.readline().strip(), launcher.stdout.readline().strip()}
    (server,) = (int(line) for line in lines - {"server"})
    launcher.kill()
    launcher.wait(30)
    try:
        # readable and empty: the server, too, has let go of the pipe
        assert select.select([launcher.stdout], [], [], 30)[0]
        assert launcher.stdout.read() == ""
    finally:
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)
        launcher.stdout.close()


def test_signals_are_collected_and_then_as_before():
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals() as received:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
    assert received == [signal.SIGINT, signal.SIGTERM]
    assert signal.getsignal(signal.SIGTERM) == before
