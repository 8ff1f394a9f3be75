"""Files with a few wrong bytes: a study is refused or read, never more, and in little memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SEED = 14
# Of addresses, of which Arrow takes far more than it fills.
LIMIT = 3_000_000_000
CHILD = f"""
import random, resource, shutil, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, ({LIMIT}, {LIMIT}))
from aespa_core.errors import AespaError
from aespa_core.studies import kept_examination
from aespa_core.studies.folder import open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from tests.studies.test_corrupted_files import corrupted

whole, work, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
kept_examination.FOLDER = work / "kept"
chance, tried, refused = random.Random({SEED}), 0, 0
for path in sorted(p for p in whole.rglob("*") if p.is_file()):
    for number in range(times):
        town = work / f"{{tried}}"
        shutil.copytree(whole, town)
        (town / path.relative_to(whole)).write_bytes(corrupted(path.read_bytes(), chance))
        if path.name != "manifest.json" and number % 3:
            write_manifest(town)
        print(path.name, number, file=sys.stderr, flush=True)
        faults = validate_study(town)
        try:
            open_study(town)
            assert not faults
        except AespaError:
            assert faults
            refused += 1
        tried += 1
        shutil.rmtree(town)
print(tried, refused)
"""


def corrupted(content: bytes, chance) -> bytes:
    """Change a few bytes of a file, cut it, or say something else in the end of a Parquet file."""
    new = bytearray(content)
    place = chance.randrange(len(new))
    kind = chance.choice(["bit", "bytes", "cut", "head lost", "zeros", "more", "size", "footer"])
    if kind == "bit":
        new[place] ^= 1 << chance.randrange(8)
    elif kind == "bytes":
        for _ in range(20):
            new[chance.randrange(len(new))] = chance.randrange(256)
    elif kind == "cut":
        new = new[:place]
    elif kind == "head lost":
        new = new[place:]
    elif kind == "zeros":
        new[place : place + 50] = bytes(len(new[place : place + 50]))
    elif kind == "more":
        new[place:place] = chance.randbytes(30)
    else:
        # the last eight bytes: the length of the footer before them, and a word
        length = int.from_bytes(new[-8:-4], "little")
        if kind == "size" or length > len(new):
            sizes = (0, 1, 2**31 - 1, 2**32 - 1, len(new), len(new) - 8, length // 2)
            new[-8:-4] = chance.choice(sizes).to_bytes(4, "little")
        else:
            for _ in range(chance.choice([1, 5])):
                new[chance.randrange(len(new) - 8 - length, len(new) - 8)] = chance.randrange(256)
    return bytes(new)


@pytest.mark.parametrize("times", [2, pytest.param(25, marks=pytest.mark.slow)])
def test_wrong_bytes_are_refused_or_read(whole, tmp_path, times):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, whole, tmp_path, str(times)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    tried, refused = map(int, done.stdout.split())
    files = sum(path.is_file() for path in whole.rglob("*"))
    assert tried == times * files
    assert refused > tried / 2
