"""Without the models' packages every command that needs them says so; the others go on."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from aespa_core.commands.extras import MODULES, extras_named
from aespa_core.errors import MissingExtraError

ROOT = Path(__file__).resolve().parents[1]
# Hides the packages as an environment without them does, before anything else is imported.
HIDE = """
import sys
from importlib.abc import MetaPathFinder
class Hidden(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {names!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
from aespa_core.__main__ import main
main()
"""
NEED = {
    "predict": ("predict", "{study}"),
    "predict with weights": ("predict", "{study}", "--model", "{weights}"),
    "attribute": ("attribute", "{study}"),
    "embed": ("embed", "{study}"),
    "train": ("train", "--mode", "teacher", "--data-dir", "{study}", "--checkpoint-dir", "{out}"),
    "bench heat": ("bench", "heat"),
    "bench tracts": ("bench", "tracts"),
    "atlas build": ("atlas", "build"),
    "demo build": ("demo", "build"),
}


def hidden(*words: str):
    code = HIDE.format(names=set(MODULES))
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("words", NEED.values(), ids=NEED)
def test_a_command_that_needs_models_names_their_environment(tiny_study, tmp_path, words):
    weights = tmp_path / "a.safetensors"
    weights.write_bytes(b"never read")
    places = {"study": tiny_study.path, "out": tmp_path / "out", "weights": weights}
    done = hidden(*(word.format(**places) for word in words))
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "make environment-test" in done.stderr
    assert f".venv-test/bin/aespa {words[0]} …" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("words", [("study", "validate", "{study}"), ("disparity", "--help")])
def test_the_side_of_tables_needs_none_of_them(tiny_study, words):
    done = hidden(*(word.format(study=tiny_study.path) for word in words))
    assert done.returncode == 0, done.stderr


def test_another_missing_module_is_a_defect_and_stays_one():
    with pytest.raises(ModuleNotFoundError, match="no_such_module"), extras_named():
        import no_such_module  # noqa: F401
    with pytest.raises(MissingExtraError, match="needs torch, which"), extras_named():
        raise ModuleNotFoundError(name="torch.nn")


def test_every_package_of_the_extra_is_known():
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = {
        line.partition("==")[0] for line in named["project"]["optional-dependencies"]["models"]
    }
    modules = {name.replace("-", "_") for name in packages} - {"scikit_learn"} | {"sklearn"}
    assert modules <= MODULES
