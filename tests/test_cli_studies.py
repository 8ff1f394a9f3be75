"""How commands name studies, say notices and answer machines."""

import ast
import json
import os
from pathlib import Path

import pytest

from aespa_core.commands.json_text import json_text
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import read_table
from aespa_core.studies.manifest import write_manifest
from tests.tiny_study import write_tiny_study

ROOT = Path(__file__).resolve().parents[1]
# Commands that take a study; STUDY stands for it.
TAKES = {
    "validate": ("study", "validate", "STUDY"),
    "seal": ("study", "seal", "STUDY"),
    "export": ("study", "export-published", "STUDY", "--out", "OUT"),
    "predict": ("predict", "STUDY"),
    "attribute": ("attribute", "STUDY"),
    "embed": ("embed", "STUDY"),
    "disparity": ("disparity", "--study", "STUDY", "--out", "OUT"),
    "train": ("train", "--mode", "teacher", "--data-dir", "STUDY", "--checkpoint-dir", "OUT"),
    "bench embeddings": ("bench", "embeddings", "STUDY", "--out", "OUT"),
    "bench whatif": ("bench", "whatif", "STUDY", "--quick", "--out", "OUT"),
    "atlas disparity": ("atlas", "disparity", "--study", "STUDY", "--out", "OUT"),
}


@pytest.fixture
def town(tmp_path, monkeypatch):
    """Give a study of the catalogue whose content is refused, and an empty place to stand in."""
    study = write_tiny_study(tmp_path / "studies" / "town").path
    table = read_table(study / "temperature.parquet")
    table.loc[2, "lst_day_c"] = 298.4
    write_parquet(study / "temperature.parquet", table)
    write_manifest(study)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    return study


def words_of(name: str, study: object, tmp_path: Path) -> list[str]:
    return [str({"STUDY": study, "OUT": tmp_path / "out"}.get(word, word)) for word in TAKES[name]]


@pytest.mark.parametrize("name", sorted(set(TAKES) - {"atlas disparity"}))
def test_every_command_takes_an_id_as_it_takes_a_folder(aespa, town, tmp_path, name):
    answers = []
    for study in ("town", town, os.path.relpath(town)):
        _, out, err = aespa(*words_of(name, study, tmp_path))
        answers.append("298.4 looks like kelvin" in out + err)
    assert answers == [True, True, True]


@pytest.mark.parametrize("name", sorted(set(TAKES) - {"atlas disparity"}))
def test_an_id_that_is_a_folder_here_too_is_asked_about(aespa, town, tmp_path, name):
    write_tiny_study(tmp_path / "here" / "town")
    code, out, err = aespa(*words_of(name, "town", tmp_path))
    assert (code, out) == (2, "")
    assert str(town) in err
    assert str(tmp_path / "here" / "town") in err
    _, out, err = aespa(*words_of(name, "./town", tmp_path))
    assert "298.4" not in out + err


def test_a_study_that_is_neither_is_told_with_the_ids(aespa, town):
    code, _, err = aespa("predict", "twon")
    assert code == 2
    assert err.startswith("There is no study 'twon': give the path of a study folder, or an id")
    assert "town" in err
    assert "There is no folder ./twon" in aespa("predict", "./twon")[2]


@pytest.fixture
def doubtful(tmp_path):
    """Give a sound study with a column that nobody reads."""
    study = write_tiny_study(tmp_path / "studies" / "town").path
    table = read_table(study / "temperature.parquet").assign(colour="red")
    write_parquet(study / "temperature.parquet", table)
    write_manifest(study)
    return study


@pytest.mark.parametrize("name", ["predict", "attribute", "embed", "train", "disparity"])
def test_with_an_error_only_the_error_is_said(aespa, doubtful, tmp_path, monkeypatch, name):
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    words = words_of(name, doubtful, tmp_path)
    if name == "train":
        words += ["--split", "leave_one_metro_out", "--hold-out", "nowhere"]
    if name == "disparity":
        (tmp_path / "spec.toml").write_text('metros = ["nowhere"]\n')
        words += ["--spec", str(tmp_path / "spec.toml")]
    code, out, err = aespa(*words)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert "Notice" not in err


def test_what_may_be_meant_by_another_name_is_said_with_the_error(aespa, doubtful, tmp_path):
    """A column that nobody reads is, as often as not, why something is missing."""
    for path in doubtful.glob("estimates/*"):
        path.unlink()
    table = read_table(doubtful / "temperature.parquet").rename(columns={"lst_day_c": "LST_Day_C"})
    write_parquet(doubtful / "temperature.parquet", table)
    write_manifest(doubtful)
    code, _, err = aespa("disparity", "--study", doubtful, "--out", tmp_path / "out")
    assert (code, err.count("\n")) == (2, 1)
    assert "'LST_Day_C': rename it to 'lst_day_c'" in err
    assert "colour" not in err


def test_with_an_answer_a_notice_is_said_once(aespa, doubtful, tmp_path):
    code, _, err = aespa(
        "disparity", "--study", doubtful, "--out", tmp_path / "out", "--formats", "csv"
    )
    assert code == 0
    assert sum("colour" in line for line in err.splitlines()) == 1


def test_the_list_cuts_no_path_and_tells_a_fault_in_a_line_of_its_own(aespa, tmp_path, monkeypatch):
    long = tmp_path / "studies" / ("town " * 15).strip()
    write_tiny_study(long)
    (tmp_path / "studies" / "broken").mkdir()
    (tmp_path / "studies" / "broken" / "study.toml").write_text("name =")
    code, out, _ = aespa("study", "list")
    assert code == 0
    monkeypatch.setenv("COLUMNS", "100")
    narrow = aespa("study", "list")[1]
    assert "…" not in narrow
    (line,) = [line for line in narrow.splitlines() if line.startswith("broken: ")]
    assert str(tmp_path / "studies" / "broken" / "study.toml") in line
    assert line.endswith("correct that line.")
    assert out.count("is not TOML") == narrow.count("is not TOML") == 1


def test_the_folder_one_stands_in_is_told_by_its_place(aespa, doubtful, monkeypatch):
    monkeypatch.chdir(doubtful)
    code, out, _ = aespa("study", "validate", ".")
    assert code == 0
    assert all(line.startswith(f"{doubtful}: ") for line in out.splitlines())


def test_json_has_no_number_that_is_none():
    nan, inf = float("nan"), float("inf")
    words = {"a": nan, "b": [1.5, -inf, {"c": (nan, "x", True, None)}]}
    strict = json.loads(json_text(words), parse_constant=lambda name: pytest.fail(name))
    assert strict == {"a": None, "b": [1.5, None, {"c": [None, "x", True, None]}]}


def test_every_command_writes_its_json_by_one_function():
    wrong = []
    for path in sorted((ROOT / "aespa_core" / "commands").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            dumps = isinstance(node, ast.Attribute) and node.attr in ("dumps", "dump")
            if dumps and path.name not in ("json_text.py", "answer.py"):
                wrong.append(path.name)
    assert wrong == []
