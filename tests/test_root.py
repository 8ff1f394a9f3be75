"""The top of the project holds what is its own: a stray file there fails."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = {"dashboard", "aespa_core", "pages", "assets", "tests", "streamlit_config"}
FILES = {"requirements.txt", "README.md", "AGENTS.md", "CHANGELOG.md", "LICENSE"}
# what tools look for at the top, and nowhere else
TOOLS = {".ci", ".gitignore", "Makefile", "pyproject.toml", "requirements.lock.txt"}


def test_nothing_stray_lies_at_the_root():
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        # an unpacked archive: git cannot say what it ignores
        assert {path.name for path in ROOT.iterdir()} >= FOLDERS | FILES
        return
    listed = {line.partition("/")[0] for line in done.stdout.splitlines()}
    assert {name for name in listed if (ROOT / name).exists()} == FOLDERS | FILES | TOOLS
