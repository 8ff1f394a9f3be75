"""Imports run downhill only, absolute; the dashboard's side of the house knows no torch."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.markup_rule import breaches, screen_files

ROOT = Path(__file__).resolve().parents[1]

# Lower rooms first. A file may import its own room and the rooms named beside it.
FOUNDATION = {"errors", "names", "file_faults", "settings_file", "target_folder", "worker_pool"}
FOUNDATION |= {"schema", "spread", "images", "studies"}
MAY_IMPORT = {
    "errors": set(),
    "names": {"errors"},
    "file_faults": {"errors", "names"},
    "settings_file": {"errors", "names", "file_faults"},
    "target_folder": {"errors", "names", "file_faults"},
    "worker_pool": {"errors"},
    "schema": {"errors"},
    "spread": set(),
    "images": {"errors"},
    "studies": {"errors", "names", "file_faults", "settings_file", "target_folder", "schema"}
    | {"images"},
    "sources": FOUNDATION,
    "twin": FOUNDATION,
    "datasets": FOUNDATION | {"sources"},
    "models": FOUNDATION | {"datasets"},
    "pretraining": FOUNDATION | {"datasets", "models"},
    "training": FOUNDATION | {"datasets", "models"},
    "inference": FOUNDATION | {"sources", "datasets", "models", "pretraining", "training"},
    "attribution": FOUNDATION | {"sources", "datasets", "models", "training", "inference"},
    "shipping": FOUNDATION
    | {"sources", "datasets", "models", "training", "inference", "attribution"},
    "baselines": FOUNDATION | {"datasets", "models"},
    "analysis": FOUNDATION,
    "views": FOUNDATION | {"analysis"},
    "benchmarks": FOUNDATION
    | {"sources", "twin", "datasets", "models", "pretraining", "training", "inference"}
    | {"attribution", "baselines", "analysis"},
    "commands": FOUNDATION
    | {"sources", "twin", "datasets", "models", "pretraining", "training", "inference"}
    | {"attribution", "shipping", "baselines", "benchmarks", "analysis", "views"},
    "__main__": FOUNDATION | {"commands"},
}
TORCH_SIDE = {"torch", "sklearn", "lightgbm", "safetensors", "transformers", "mpl_toolkits"}
TORCH_SIDE |= {"peft", "lightning_fabric", "tensorboard", "onnxruntime", "onnx"}
TABLE_ROOMS = FOUNDATION | {"analysis", "views"}
PAGE_MAY_IMPORT = {"streamlit", "dashboard", "aespa_core"}


def imports_of(path: Path) -> Iterator[str]:
    """Dotted names that a file imports, lazy ones included."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import of {node.module}"
            yield node.module or ""


def room_of(path: Path) -> str:
    """Name of the room below ``aespa_core/`` that a file lies in."""
    return path.relative_to(ROOT / "aespa_core").parts[0].removesuffix(".py")


def core_files() -> list[Path]:
    return [
        path for path in sorted((ROOT / "aespa_core").rglob("*.py")) if room_of(path) != "__init__"
    ]


def uphill(path: Path, room: str) -> list[str]:
    """List the imports of a file that its room may not make."""
    allowed = MAY_IMPORT[room] | {room}
    names = [name.split(".") for name in imports_of(path)]
    wrong = [
        ".".join(n) for n in names if n[0] == "aespa_core" and len(n) > 1 and n[1] not in allowed
    ]
    wrong += [".".join(n) for n in names if n[0] in ("streamlit", "dashboard", "pages", "tests")]
    if room in TABLE_ROOMS:
        wrong += [".".join(n) for n in names if n[0] in TORCH_SIDE]
    return wrong


@pytest.mark.parametrize("path", core_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_core_imports_run_downhill(path):
    room = room_of(path)
    assert room in MAY_IMPORT, f"{path}: a new room needs its place in this test and in AGENTS.md"
    assert uphill(path, room) == []


@pytest.mark.parametrize("path", sorted((ROOT / "pages").glob("*.py")), ids=lambda path: path.name)
def test_pages_are_short_and_import_three_packages(path):
    assert {name.split(".")[0] for name in imports_of(path)} <= PAGE_MAY_IMPORT
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 80


# A TIFF of four bands in strips, which no reader of pictures knows.
OPENS_IMAGES = {"images/picture.py", "sources/naip_california.py"}


def test_one_file_opens_pictures():
    """Turned, deep or broken pictures are then treated alike by all who look at them."""
    files = [*core_files(), *(ROOT / "dashboard").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    opening = {path for path in files if "Image.open(" in path.read_text(encoding="utf-8")}
    assert opening == {ROOT / "aespa_core" / name for name in OPENS_IMAGES}


@pytest.mark.parametrize("path", screen_files(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_text_from_outside_is_markup(path):
    assert breaches(path.read_text(encoding="utf-8"), path.name) == []


CULPRITS = (
    'st.markdown(f"**{study.info.name}**")',
    'st.markdown("- {}".format(note))',
    'st.markdown("- %s" % note)',
    'st.caption("Notes: " + note)',
    "st.title(headline)",
    "st.info(str(error))",
    "(st.info if calm else st.warning)(error)",
    'st.html(f"<b>{name}</b>")',
    'st.html(plain(f"<b>{name}</b>"))',
    'column.metric("Value", study.info.name)',
    "st.selectbox(study.info.name, options)",
    'st.selectbox("Study", options, help=study.info.notes[0])',
    'st.tabs(["One", metro])',
    "st.radio('Which', names)",
    'column.image(picture, caption=f"Photo {name}")',
    "st.table(frame)",
    "st.table(plain(frame))",
    'st.expander("\\n".join(f"- {note}" for note in notes))',
    'st.markdown("x", unsafe_allow_html=True)',
    "draw = st.markdown",
    "for note in notes:\n    st.caption(note)",
    "said = 'x'\nsaid += note\nst.caption(said)",
    'st.column_config.LinkColumn("Source")',
    'st.column_config.TextColumn("Note", help=note)',
    'pdk.Deck(tooltip={"html": "<b>{name}</b>"})',
    'st.caption(f"{value:>20}")',
    'st.markdown(f"{plain(name)}: {note}")',
)


@pytest.mark.parametrize("code", CULPRITS)
def test_a_way_past_plain_text_is_caught(code):
    head = "from aespa_core.views.plain_text import plain\n"
    assert breaches(f"{head}{code}\n", "culprit.py") != []


@pytest.mark.parametrize("code", ["st.title(plain(name))", "st.error(f'{plain(name)} {count:,d}')"])
def test_plain_counts_only_where_it_is_the_one_of_views(code):
    assert breaches(f"from aespa_core.views.plain_text import plain\n{code}\n", "a.py") == []
    assert breaches(f"from elsewhere import plain\n{code}\n", "b.py") != []


def html_tooltips(path: Path) -> list[int]:
    """Lines of a file where a dictionary has the key ``html``."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        and any(isinstance(key, ast.Constant) and key.value == "html" for key in node.keys)
    ]


def test_no_deck_has_a_tooltip_of_html(tmp_path):
    decks = [path for path in core_files() if "pdk.Deck(" in path.read_text(encoding="utf-8")]
    assert len(decks) >= 3
    assert [path.name for path in decks if html_tooltips(path)] == []
    culprit = tmp_path / "culprit.py"
    culprit.write_text('pdk.Deck(tooltip={"html": "<b>{geoid}</b>"})\n')
    assert html_tooltips(culprit) == [1]


def test_an_uphill_import_is_caught(tmp_path):
    culprit = tmp_path / "culprit.py"
    culprit.write_text("import torch\nfrom aespa_core.training import loop\nimport streamlit\n")
    assert uphill(culprit, "views") == ["aespa_core.training", "streamlit", "torch"]


def test_every_core_file_that_git_knows_imports_without_side_effects():
    """Nothing heavy happens at import: the command line's own module stays light."""
    code = (
        "import sys, aespa_core.schema, aespa_core.errors; "
        "sys.exit(any(name in sys.modules for name in ('torch', 'geopandas', 'streamlit')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_dashboards_environment_has_no_torch():
    """``make run`` makes .venv; it must start the dashboard without torch."""
    python = ROOT / ".venv" / "bin" / "python"
    if not python.is_file():
        pytest.skip("no .venv: run `make environment`")
    code = (
        "import importlib.util, sys, dashboard.__main__, dashboard.panels; "
        "sys.exit(importlib.util.find_spec('torch') is not None)"
    )
    done = subprocess.run(
        [python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
