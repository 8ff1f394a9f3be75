"""A valid study with every table of places, and a copy that a test may break."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from tests.tiny_study import write_tiny_study


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> Path:
    """Give a valid study with every table of places."""
    path = tmp_path_factory.mktemp("whole") / "town"
    study = write_tiny_study(path)
    ids = study.read("tracts")["geoid"]
    hours = pd.DataFrame(
        {
            "geoid": np.repeat(ids[:3].to_numpy(), 168),
            "hour_of_week": np.tile(np.arange(168), 3),
            "visits": 1.0,
            "outbound": 2.0,
            "stay": 0.5,
        }
    )
    flows = pd.DataFrame(
        {"origin": ids[:3].to_numpy(), "destination": ids[3:6].to_numpy(), "commuters": 5.0}
    )
    write_parquet(path / "mobility.parquet", hours)
    write_parquet(path / "flows.parquet", flows)
    write_manifest(path)
    assert validate_study(path) == []
    return path


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    """Give a copy of the valid study that a test may break."""
    return Path(shutil.copytree(whole, tmp_path / "town"))
