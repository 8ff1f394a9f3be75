"""A small mirror for the tests of sources."""

from pathlib import Path

import pandas as pd
import pytest

from aespa_core.sources.mirror import Mirror
from tests.sources.tiny_mirror import IDS, write_tiny_mirror


@pytest.fixture(scope="session")
def tiny_mirror(tmp_path_factory) -> Mirror:
    """Give the mirror of twelve tracts, written once."""
    return Mirror(Path(write_tiny_mirror(tmp_path_factory.mktemp("mirror") / "data")))


@pytest.fixture
def ids() -> pd.Series:
    """Give the twelve tract ids."""
    return pd.Series(IDS, dtype="str")
