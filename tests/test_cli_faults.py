"""Every command, asked for what cannot be: one sentence, exit code 2, nothing left behind."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from aespa_core.commands.answer import one_line
from aespa_core.commands.command_line import Command
from aespa_core.commands.every_command import app
from aespa_core.errors import ConfigError
from aespa_core.studies import atomic
from tests.analysis.scenarios.made_metro import write_made_study
from tests.tiny_study import write_tiny_study

ROOT = Path(__file__).resolve().parents[1]
# What each command needs beside the path that is wrong; PATH stands for that.
READS = {
    "validate": ("study", "validate", "PATH"),
    "seal": ("study", "seal", "PATH"),
    "predict": ("predict", "PATH"),
    "predict with weights": ("predict", "TOWN", "--model", "PATH/best.safetensors"),
    "attribute": ("attribute", "PATH"),
    "attribute with weights": ("attribute", "TOWN", "--model", "PATH/best.safetensors"),
    "embed": ("embed", "PATH"),
    "whatif": ("whatif", "PATH"),
    "disparity": ("disparity", "--study", "PATH", "--out", "OUT"),
    "disparity by file": ("disparity", "--spec", "PATH", "--out", "OUT"),
    "train": ("train", "--mode", "teacher", "--data-dir", "PATH", "--checkpoint-dir", "OUT"),
    "export": ("study", "export-published", "PATH", "--out", "OUT"),
    "bench embeddings": ("bench", "embeddings", "PATH", "--out", "OUT"),
    "bench whatif": ("bench", "whatif", "PATH", "--out", "OUT"),
    "atlas disparity": ("atlas", "disparity", "--study", "PATH", "--out", "PATH"),
}
# Those that give JSON, with a folder or file to write.
WRITES = {
    "ingest": ("study", "ingest", "--metro", "boston", "--out", "PATH", "--json"),
    "build-twin": ("study", "build-twin", "--world", "tiny", "--out", "PATH"),
    "export": ("study", "export-published", "TOWN", "--out", "PATH"),
    "atlas build": ("atlas", "build", "--metro", "boston", "--out", "PATH", "--json"),
    "demo models": ("demo", "build", "--out-models", "PATH", "--json"),
    "demo study": ("demo", "build", "--out-demo", "PATH", "--json"),
    "whatif": ("whatif", "SCENARIO", "--out", "PATH", "--json"),
    "disparity": ("disparity", "--study", "TOWN", "--out", "PATH", "--json"),
    "train": (
        "train", "--mode", "teacher", "--data-dir", "TOWN", "--checkpoint-dir", "PATH", "--json",
    ),
    "train's log": (
        "train", "--mode", "teacher", "--data-dir", "TOWN", "--checkpoint-dir", "OUT",
        "--log-dir", "PATH", "--json",
    ),
    "embed": ("embed", "TOWN", "--cache", "PATH", "--json"),
    "bench tracts": ("bench", "tracts", "--quick", "--out", "PATH", "--json"),
    "bench load": ("bench", "load", "--out", "PATH", "--json"),
    "bench proxies": ("bench", "proxies", "--development", "--out", "PATH", "--json"),
    "bench heat": ("bench", "heat", "--quick", "--out", "PATH", "--json"),
    "bench embeddings": ("bench", "embeddings", "TOWN", "--out", "PATH", "--json"),
    "bench whatif": ("bench", "whatif", "TOWN", "--quick", "--out", "PATH", "--json"),
    "bench disparity": ("bench", "disparity", "--quick", "--out", "PATH", "--json"),
    "bench attribution": ("bench", "attribution", "--quick", "--out", "PATH", "--json"),
}  # fmt: skip
# Folders that these commands add files to, among others' files.
SHARED = {name for name in WRITES if name.startswith(("bench", "embed", "train's"))}


@pytest.fixture(autouse=True)
def no_mirror(monkeypatch):
    """Take the real data away, which no refusal may need."""
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give a folder with a town, a scenario and every kind of bad path; no test changes it."""
    tmp_path = tmp_path_factory.mktemp("place")
    write_tiny_study(tmp_path / "town")
    (tmp_path / "scenario.toml").write_text('study = "town"\nmetro = "a"\n')
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("mine")
    (tmp_path / "garbage").mkdir()
    (tmp_path / "garbage" / "study.toml").write_bytes(b"\xff\xfe\0")
    (tmp_path / "link").symlink_to(tmp_path / "mine", target_is_directory=True)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    os.mkfifo(tmp_path / "pipe")
    return tmp_path


def everything(folder: Path) -> dict[str, bytes | None]:
    """Give the content of all files of a folder, None for what is no file."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        if path.is_file() and not path.is_symlink()
        else None
        for path in folder.rglob("*")
    }


def words_of(words: tuple[str, ...], place: Path, path: str) -> list[str]:
    """Put the paths of a test into a command."""
    stand = {"TOWN": place / "town", "OUT": place / "out", "SCENARIO": place / "scenario.toml"}
    return [str(stand.get(word, word)).replace("PATH", path) for word in words]


def check_refused(answer: tuple[int, str, str], *, as_json: bool) -> str:
    """Check that a command said one sentence, and give it."""
    code, out, err = answer
    assert code == 2, (out, err)
    assert err.count("\n") == 1
    assert err.strip().endswith((".", ")"))
    assert len(err) < 1200
    if as_json:
        assert json.loads(out) == {"error": err.strip()}
    else:
        assert out == ""
    return err


BAD_TO_READ = [
    "nowhere", "file", "empty", "garbage", "pipe", "loop", "file/inside", "x" * 5000,
    "/dev/null", "a\0b", "a\ud800b", "a\nb", "",
]  # fmt: skip


@pytest.mark.parametrize("bad", BAD_TO_READ, ids=lambda bad: ascii(bad)[:14])
@pytest.mark.parametrize("name", READS)
def test_what_cannot_be_read_is_a_sentence(aespa, place, monkeypatch, name, bad):
    monkeypatch.chdir(place)
    before = everything(place)
    words = words_of(READS[name], place, bad)
    code, out, err = aespa(*words)
    # what is wrong with a study that is there is the answer of `validate`
    listed = name in ("validate", "seal") and bad == "garbage"
    check_refused((code, "" if listed else out, err), as_json=False)
    assert everything(place) == before


BAD_TO_WRITE = [
    "file", "file/inside", "mine", "nowhere/../file", "town/inside", "x" * 5000, "link", "loop",
    "pipe", "/dev/null", ".", "..", "/", "~", "a\0b", "a\ud800b",
]  # fmt: skip
# In a folder of others' files, and in the one that one stands in, there is room for a table.
FINE_WHEN_SHARED = {"mine", "link", ".", "..", "/"}


@pytest.mark.parametrize("bad", BAD_TO_WRITE, ids=lambda bad: ascii(bad)[:14])
@pytest.mark.parametrize("name", WRITES)
def test_nothing_is_written_where_something_else_is(aespa, place, monkeypatch, name, bad):
    if name in SHARED and bad in FINE_WHEN_SHARED:
        return
    monkeypatch.chdir(place)
    before = everything(place)
    words = words_of(WRITES[name], place, bad)
    said = check_refused(aespa(*words), as_json="--json" in words)
    assert "AESPA_DATA_MIRROR" not in said or name == "ingest"
    assert everything(place) == before


@pytest.mark.parametrize(
    "words",
    [
        ("study", "build-twin", "--seed", "-5"),
        ("study", "build-twin", "--seed", "9" * 40),
        ("study", "export-published", "TOWN", "--out", "OUT", "--seed", "-1"),
        ("train", "--lambda-phys", "inf"),
        ("train", "--lambda-kd", "nan"),
        ("train", "--mode", "teacher", "--data-dir", "TOWN", "--checkpoint-dir", "OUT",
         "--learning-rate", "nan"),
        ("train", "--epochs", "1000000000"), ("train", "--devices", "0"),
        ("train", "--batch-size", "-1"), ("train", "--seed", "4294967296"),
        ("bench", "tracts", "--cores", "0"), ("bench", "heat", "--cores", "1000000000"),
        ("bench", "whatif", "--scenarios", "1000000000"), ("bench", "whatif", "--seed", "-5"),
        ("bench", "attribution", "--seeds", "1000"), ("atlas", "build", "--seed", "-5"),
        ("embed", "TOWN", "--photos", "1000000000"), ("embed", "TOWN", "--grid", "-1"),
        ("embed", "TOWN", "--batch", "1000000000"), ("embed", "TOWN", "--batch", "many"),
        ("demo", "build", "--seed", "x"), ("study", "nothing"), ("nothing",), ("train",),
        ("disparity", "one", "--out", "OUT"), ("predict", "TOWN", "--run", "../truth/effects"),
        ("attribute", "TOWN", "--run", "a/b"), ("attribute", "TOWN", "--run", ".hidden"),
        ("predict", "TOWN", "--nothing"), ("whatif",),
    ],
    ids=" ".join,
)  # fmt: skip
def test_numbers_and_words_out_of_range_are_a_sentence(aespa, place, words):
    before = everything(place)
    plain = words_of(words, place, "")
    check_refused(aespa(*plain), as_json=False)
    check_refused(aespa(*plain, "--json"), as_json=True)
    assert everything(place) == before


@pytest.mark.parametrize("name", sorted(set(WRITES) - SHARED - {"ingest"}))
def test_an_empty_folder_is_no_target_where_one_stands(aespa, place, tmp_path, monkeypatch, name):
    """It could be replaced, but a link would be lost, or the ground that one stands on."""
    (tmp_path / "home" / "inner").mkdir(parents=True)
    (tmp_path / "spare").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "spare", target_is_directory=True)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "home" / "inner")
    before = everything(tmp_path)
    for target in (".", "..", tmp_path / "home", tmp_path / "link", "../inner"):
        words = words_of(WRITES[name], place, str(target))
        check_refused(aespa(*words), as_json="--json" in words)
    assert everything(tmp_path) == before


def leaves(group: object, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], object]]:
    """List all commands below a group with their words."""
    inner = getattr(group, "commands", None)
    if inner is None:
        return [(path, group)]
    return [leaf for name, one in inner.items() for leaf in leaves(one, (*path, name))]


LEAVES = leaves(typer.main.get_command(app))


def test_every_command_is_strict():
    assert len(LEAVES) >= 19
    assert all(isinstance(command, Command) for _, command in LEAVES)


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=[" ".join(words) for words, _ in LEAVES])
def test_an_option_that_takes_one_value_is_refused_twice(aespa, place, words, command):
    before = everything(place)
    has_json = any("--json" in option.opts for option in command.params)
    for option in command.params:
        name = max(option.opts, key=len)
        if name.startswith("--") and not option.multiple and not option.is_flag:
            flags = ["--json"] if has_json else []
            answer = aespa(*words, name, "a", f"{name}=b", *flags)
            said = check_refused(answer, as_json=has_json)
            assert said == f"{name} is given 2 times and takes one value: give it once.\n"
    assert everything(place) == before


@pytest.fixture(scope="module")
def answered(tmp_path_factory):
    """Write a study that answers scenarios."""
    return write_made_study(tmp_path_factory.mktemp("answered") / "gridville").path


@pytest.fixture
def scenario(answered, tmp_path):
    """Give a scenario that is answered, in a folder of the test's own."""
    study, path = answered, tmp_path / "scenario.toml"
    path.write_text(
        f'study = "{study}"\nmetro = "gridville"\n[where]\nhottest_share = 0.2\n'
        "[measures]\nplanting = { share = 0.05 }\n"
    )
    return path


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "free some space"),
        (errno.EROFS, "read and write"),
        (errno.EACCES, "read and write"),
        (errno.EIO, "see that its disk is whole"),
    ],
)
@pytest.mark.parametrize("where", ["write_bytes", "mkdtemp", "rename"])
def test_a_disk_that_takes_no_more_is_a_sentence(
    aespa, scenario, tmp_path, monkeypatch, number, words, where
):
    """What the kernel would answer is put in, so that the test is the same for every user."""

    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    out = tmp_path / "new" / "out"
    before = everything(tmp_path)
    with monkeypatch.context() as patch:
        if where == "mkdtemp":
            patch.setattr(atomic.tempfile, "mkdtemp", refuse)
        else:
            patch.setattr(Path, where, refuse)
        said = check_refused(aespa("whatif", scenario, "--out", out, "--json"), as_json=True)
    assert str(out) in said
    assert words in said
    assert ".out-" not in said
    assert everything(tmp_path) == before
    assert aespa("whatif", scenario, "--out", out)[0] == 0


def test_a_failed_answer_keeps_the_one_before(aespa, scenario, tmp_path, monkeypatch):
    out = tmp_path / "out"
    assert aespa("whatif", scenario, "--out", out)[0] == 0
    before = everything(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    check_refused(aespa("whatif", scenario, "--out", out), as_json=False)
    assert everything(tmp_path) == before


@pytest.mark.parametrize("text", ["run = '../truth/effects'", "run = ['a']", "metro = 'a/b'",
                                  "study = 'a\\u0000b'", "study = inf"])  # fmt: skip
def test_a_scenario_leads_nowhere_else(aespa, tmp_path, text):
    path = tmp_path / "scenario.toml"
    key = text.split(" ")[0]
    rest = {"study": "study = 'town'", "metro": "metro = 'a'", "run": ""}
    lines = [line for name, line in rest.items() if name != key]
    lines = [text, *lines, "[where]\ntracts = ['1']\n[measures]\nplanting = { share = 0.1 }"]
    path.write_text("\n".join(lines).replace("'", '"'))
    said = check_refused(aespa("whatif", path), as_json=False)
    assert f"scenario.toml: {key} " in said


@pytest.mark.parametrize("text", ["run = '../truth/effects'", "metros = ['../a']",
                                  "studies = ['a\\u0000b']", "[space]\nneighbours = 'knn_100000'",
                                  "[space]\nneighbours = 'within_999999km'", "seed = -5",
                                  "quantiles = [nan]", "[errors]\ncutoff_km = 'x'"])  # fmt: skip
def test_a_specification_asks_for_nothing_that_takes_hours(aespa, place, tmp_path, text):
    path = tmp_path / "spec.toml"
    path.write_text(text.replace("'", '"'))
    said = check_refused(
        aespa("disparity", "--study", place / "town", "--spec", path, "--out", tmp_path / "out"),
        as_json=False,
    )
    assert f"{path}: " in said


def test_long_lists_are_refused_at_once(aespa, tmp_path):
    path = tmp_path / "spec.toml"
    for key in ("studies", "metros", "outcomes", "terms", "controls"):
        path.write_text(f"{key} = [" + '"a",' * 20_000 + "]")
        said = check_refused(
            aespa("disparity", "--spec", path, "--out", tmp_path / "out"), as_json=False
        )
        assert f"{key} name 20,000: at most 100" in said
    path.write_text(
        'study = "town"\nmetro = "a"\n[measures]\nplanting = { share = 0.1 }\n[where]\n'
        "conditions = [" + '"a above 1", ' * 20_000 + "]"
    )
    assert "at most 50" in check_refused(aespa("whatif", path), as_json=False)


def test_a_sentence_stays_one_short_line():
    assert one_line("a\n\tb\x1b[31m \u202ec") == "a b\\x1b[31m \\u202ec"
    assert len(one_line(f"There is no {'x' * 100_000}: give a path.")) < 400


def test_an_interrupted_table_is_not_printed_twice(aespa, tmp_path, monkeypatch):
    """JSON of an answer whose table cannot be written is the error alone."""
    from aespa_core.benchmarks import disparity, table

    row = table.Row("s", "m", "all", "x", "t", 0, "coverage_95", 0.9, "share")
    monkeypatch.setattr(disparity, "bench_disparity", lambda *_, **__: [row])

    def refuse(path: Path, content: str) -> None:
        raise atomic.file_error(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), path)

    monkeypatch.setattr(table, "write_text", refuse)
    out = tmp_path / "tables"
    answer = aespa("bench", "disparity", "--quick", "--out", out, "--json")
    assert "disparity.csv" in check_refused(answer, as_json=True)


@pytest.mark.parametrize("device", ["cpu:9", "auto:1", "cuda:x", "cuda:99", "cuda:-1", "tpu", ""])
def test_a_device_that_is_none_is_a_sentence(device):
    from aespa_core.inference.devices import fabric_of
    from aespa_core.training.heat.settings import experiment

    with pytest.raises(ConfigError, match=r"^--device .*: .*\.$"):
        fabric_of(device, 1, experiment("twin_tiny"))


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
from aespa_core.__main__ import main
if __name__ == "__main__":
    main()
"""


def test_a_real_limit_stops_workers_and_writers_alike(tmp_path):
    """The kernel's own refusal, in the middle of pictures, by the worker processes too."""
    program = tmp_path / "limited.py"
    program.write_text(LIMITED)
    folder = tmp_path / "here"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, program, "study", "build-twin", "--world", "tiny", "--metro", "demo",
         "--out", "new/world"],
        cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"{folder / 'new' / 'world'} cannot be written (File too large): free some space, or "
        "choose a folder on another disk.\n"
    )
    assert list(folder.iterdir()) == []
