"""Several metros in one study, on the small mirror."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from aespa_core.errors import FileError, UnknownMetroError
from aespa_core.sources.joined_study import ingest_together, stacked
from aespa_core.sources.metro_study import ingest_metro
from aespa_core.studies.validation import validate_study


@pytest.fixture(autouse=True)
def small(tiny_mirror, monkeypatch):
    """Point the program at the small mirror."""
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(tiny_mirror.folder))


def test_each_metro_is_as_it_is_alone(tmp_path):
    alone = ingest_metro("minneapolis", tmp_path / "alone")
    joined = ingest_together(["minneapolis"], tmp_path / "joined")
    assert validate_study(joined.path) == []
    assert joined.tables == alone.tables
    for table in alone.tables:
        pd.testing.assert_frame_equal(joined.read(table), alone.read(table))
    # every note says which metro it is about
    assert all(note.startswith(alone.info.name) for note in joined.info.notes)


def test_what_one_metro_lacks_is_missing_there():
    crs = "EPSG:4326"
    one = gpd.GeoDataFrame({"geoid": ["1"], "lst_2022_c": [30.0]}, geometry=[Point(0, 0)], crs=crs)
    two = gpd.GeoDataFrame({"geoid": ["2"]}, geometry=[Point(1, 1)], crs=crs)
    whole = stacked([one, two])
    assert whole.crs == crs
    assert whole["geoid"].tolist() == ["1", "2"]
    assert whole["lst_2022_c"].isna().tolist() == [False, True]


def test_a_failure_leaves_no_study(tmp_path, monkeypatch):
    with pytest.raises(UnknownMetroError):
        ingest_together(["minneapolis", "atlantis"], tmp_path / "out")

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("aespa_core.studies.folder.write_manifest", full_disk)
    with pytest.raises(FileError, match="no space"):
        ingest_together(["minneapolis"], tmp_path / "out")
    assert not (tmp_path / "out").exists()
