"""The public folder: files by content, shared by every dashboard, refusal where it is read-only."""

import os
import time

import pytest

from aespa_core.views.maps import MapFile
from dashboard import static_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(static_files, "STATIC", tmp_path / "static")
    return tmp_path / "static"


def aged(path):
    """Date a file back by two days."""
    os.utime(path, (time.time() - 2 * 86_400,) * 2)


def test_a_file_is_published_once_and_stays_when_another_dashboard_starts(folder):
    static_files.sweep()
    assert static_files.publish(MapFile("a.geojson", b"{}")) == "/app/static/a.geojson"
    static_files.sweep()
    assert (folder / "a.geojson").read_bytes() == b"{}"


def test_what_no_page_asked_for_in_a_day_goes_at_the_next_start(folder):
    for name in ("old.geojson", "asked.geojson"):
        static_files.publish(MapFile(name, b"{}"))
        aged(folder / name)
    static_files.publish(MapFile("asked.geojson", b"{}"))
    static_files.sweep()
    assert [path.name for path in folder.iterdir()] == ["asked.geojson"]


def test_where_the_folder_cannot_be_the_answer_is_none(folder):
    # a file in the folder's place stops every user, root included
    folder.write_text("in the way")
    assert static_files.publish(MapFile("a.geojson", b"{}")) is None
    with pytest.raises(OSError, match="static"):
        static_files.sweep()
