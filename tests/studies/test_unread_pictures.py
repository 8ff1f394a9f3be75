"""Pictures that `aespa predict` refuses are told by validate and seal, and slow no opening."""

import io
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aespa_core.images import picture
from aespa_core.studies.folder import open_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.unread_pictures import unread_pictures
from tests.images.test_picture import png

REFUSED = "refuse the study; the first: images/"


def painted(kind: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(np.full((*size, 3), 90, np.uint8)).save(stream, kind)
    return stream.getvalue()


BROKEN = {
    "text": b"no picture",
    "bomb": png(60_000, 60_000),
    "deep": png(4, 4, 16, 2, b"\x00" * 100),
    "single pixel": painted(size=(1, 1)),
    "GIF": painted("GIF"),
    "truncated": painted(size=(64, 64))[:90],
}


@pytest.fixture
def pictured(folder) -> Path:
    """Give three tracts of the study a tile, infrared and photos."""
    geoids = open_study(folder).read("tracts")["geoid"][:3]
    for geoid in geoids:
        street = folder / "images" / "street" / geoid
        street.mkdir(parents=True)
        (street / "0.jpg").write_bytes(painted("JPEG"))
        (street / "1.png").write_bytes(painted())
        for name in ("satellite", "satellite_nir"):
            (folder / "images" / name).mkdir(exist_ok=True)
            (folder / "images" / name / f"{geoid}.png").write_bytes(painted())
    write_manifest(folder)
    return folder


def test_whole_pictures_are_passed_over_and_counted(pictured):
    steps = []
    assert unread_pictures(pictured, lambda: steps.append(1)) == []
    assert len(steps) == 12


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize("place", ["satellite", "satellite_nir", "street"])
def test_validate_and_seal_tell_what_predict_refuses(aespa, pictured, place, kind):
    first = next(path for path in sorted((pictured / "images" / place).rglob("*.png")))
    first.write_bytes(BROKEN[kind])
    code, out, err = aespa("study", "seal", pictured)
    assert (code, err) == (0, "")
    count = 6 if place == "street" else 3
    told = f"notice: images/{place}: 1 of {count} pictures cannot be read, and `aespa train`"
    assert told in out
    assert f"{REFUSED}{place}/" in out
    assert f"{first.name} is not a whole image" in out or f"{first.name} has " in out
    code, out, _ = aespa("study", "validate", pictured)
    assert code == 0
    assert told in out
    assert out.endswith("valid, 1 notice\n")
    code, out, _ = aespa("study", "validate", pictured, "--json")
    assert json.loads(out)["studies"][0]["notices"][0]["count"] == 1


def test_a_coloured_infrared_and_a_folder_without_photos_are_told(aespa, pictured):
    grey = next((pictured / "images" / "satellite_nir").iterdir())
    Image.fromarray(np.full((8, 8, 3), (9, 90, 200), np.uint8)).save(grey)
    street = next((pictured / "images" / "street").iterdir())
    for photo in street.iterdir():
        photo.unlink()
    (street / "0.gif").write_bytes(painted("GIF"))
    write_manifest(pictured)
    infrared, photos = unread_pictures(pictured)
    assert "is coloured" in infrared.problem
    assert "1 of 5 pictures" in photos.problem
    assert "0.gif is no JPEG or PNG" in photos.problem


def test_opening_a_study_looks_at_no_picture(pictured, monkeypatch):
    next((pictured / "images" / "satellite").iterdir()).write_bytes(b"no picture")
    write_manifest(pictured)
    monkeypatch.setattr(picture, "read_bytes", None)
    assert open_study(pictured).notices == ()
