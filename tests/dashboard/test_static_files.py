"""The public folder: files by content, none left from before, refusal where it is read-only."""

import pytest

from aespa_core.views.maps import MapFile
from dashboard import static_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(static_files, "STATIC", tmp_path / "static")
    return tmp_path / "static"


def test_a_file_is_published_once_and_cleared_at_the_next_start(folder):
    static_files.clear()
    assert static_files.publish(MapFile("a.geojson", b"{}")) == "/app/static/a.geojson"
    assert (folder / "a.geojson").read_bytes() == b"{}"
    static_files.clear()
    assert list(folder.iterdir()) == []


def test_where_the_folder_cannot_be_the_answer_is_none(folder):
    # a file in the folder's place stops every user, root included
    folder.write_text("in the way")
    assert static_files.publish(MapFile("a.geojson", b"{}")) is None
    with pytest.raises(OSError, match="static"):
        static_files.clear()
