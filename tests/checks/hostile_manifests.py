"""Manifests that list what is not there."""

import json
from pathlib import Path

import numpy as np

from aespa_core.studies.manifest import MANIFEST
from tests.checks.hostile_text import SURROGATE, some_string

Rng = np.random.Generator


def hostile_manifest(folder: Path, rng: Rng) -> None:
    """List files that are not of the study, or no hashes."""
    name = str(rng.choice(["../../outside/secret", "/etc/passwd", "tracts.parquet/../x", "", ".",
                           "x" * 5_000, "a\nb", some_string(rng)]))  # fmt: skip
    values = ("0" * 64, 7, None, ["x"], {"a": 1}, "", "x" * 100_000)
    path = folder / MANIFEST
    hashes = json.loads(path.read_text("utf-8"))
    hashes["sha256"][name] = values[int(rng.integers(len(values)))]
    text = json.dumps(hashes)
    if rng.uniform() < 0.2:
        text = text.replace("tracts", SURROGATE)
    path.write_text(text, encoding="utf-8")


def endless_manifest(folder: Path, rng: Rng) -> None:
    """List very many files that are not there, below the limits and above them."""
    path = folder / MANIFEST
    words = json.loads(path.read_text("utf-8"))
    many = int(rng.choice([50_000, 190_000, 1_000_000]))
    words["sha256"] |= {f"{rng.choice(['a', 'images/'])}{i}": "x" for i in range(many)}
    path.write_text(json.dumps(words), encoding="utf-8")
