"""The simulator is frozen: what its version makes is written down, and a change of it shows."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.twin.settings import TWIN_VERSION, world_settings
from aespa_core.twin.study import build_world

GOLDEN = Path(__file__).parents[1] / "golden" / f"twin_{TWIN_VERSION}.json"


def summary(study):
    """Mean and deviation of every number that the study's tables hold."""
    found = {}
    for name in study.tables:
        table = pd.DataFrame(study.read(name)).drop(columns="geometry", errors="ignore")
        for column in table.select_dtypes("number"):
            values = table[column].to_numpy(float)
            found[f"{name} {column}"] = [
                float(np.nanmean(values)), float(np.nanstd(values)), int(np.isnan(values).sum())
            ]  # fmt: skip
    return found


def test_this_version_makes_what_it_made_when_it_was_frozen(tmp_path):
    found = summary(build_world(world_settings("tiny"), tmp_path / "twin"))
    assert GOLDEN.is_file(), f"version {TWIN_VERSION} has no {GOLDEN.name}: freeze it"
    frozen = json.loads(GOLDEN.read_text())
    assert found.keys() == frozen.keys()
    for name, values in frozen.items():
        # equal to rounding across machines; on one stack the manifest is the same to the byte
        assert found[name] == pytest.approx(values, rel=1e-4, abs=1e-6), (
            f"{name} has changed: raise TWIN_VERSION and run every benchmark on the twin again"
        )
