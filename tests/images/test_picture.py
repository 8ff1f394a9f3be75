"""One reader of pictures: upright, 8-bit RGB from whatever the file stores, or one sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from aespa_core.errors import StudyError
from aespa_core.images.picture import (
    MOST_PIXELS,
    TURNS,
    read_codes,
    read_grey,
    read_picture,
    read_shown,
)

# Few colours in large patches: what JPEG and palettes keep well, and no turn leaves as it is.
SCENE = np.zeros((24, 32, 3), np.uint8)
SCENE[:8], SCENE[8:, :16], SCENE[8:, 16:] = (140, 180, 230), (40, 120, 30), (150, 150, 150)
PICTURE = Image.fromarray(SCENE)
RED_CORNER = SCENE.copy()
RED_CORNER[:8, :8] = (200, 0, 0)


def written(path, image=PICTURE, **options: object):
    image.save(path, **options)
    return path


def png(width, height, depth=8, colour=2, body=b""):
    """Write a PNG by hand, of a size that nobody wants to store."""

    def chunk(kind, content) -> bytes:
        crc = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", crc)

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.mark.parametrize("tag", [1, *TURNS])
@pytest.mark.parametrize("suffix", [".jpg", ".png"])
def test_a_picture_is_read_as_it_was_seen(tmp_path, tag, suffix):
    # stored the other way round: what undoes each turn, by the standard's own table
    undone = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
    seen = Image.fromarray(RED_CORNER)
    stored = seen if tag == 1 else seen.transpose(TURNS[undone[tag]])
    exif = Image.Exif()
    exif[0x0112] = tag
    path = written(tmp_path / f"0{suffix}", stored, exif=exif, **jpeg_options(suffix))
    found = read_picture(path)
    assert found.shape == SCENE.shape
    assert np.abs(found.astype(int) - RED_CORNER).max() <= 6


def jpeg_options(suffix):
    return {"quality": 100, "subsampling": 0} if suffix == ".jpg" else {}


@pytest.mark.parametrize("note", [0, 9, 77])
def test_an_orientation_that_means_nothing_leaves_the_picture_as_it_is_stored(tmp_path, note):
    exif = Image.Exif()
    exif[0x0112] = note
    assert (read_picture(written(tmp_path / "0.png", exif=exif)) == SCENE).all()


def test_garbled_notes_of_a_camera_harm_no_picture(tmp_path):
    path = written(tmp_path / "0.jpg", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12")
    plain = read_picture(written(tmp_path / "1.jpg"))
    assert (read_picture(path) == plain).all()


@pytest.mark.parametrize(
    ("name", "mode"),
    [("palette", "P"), ("opaque", "RGBA"), ("ink", "CMYK"), ("grey", "L"), ("bits", "1"),
     ("grey opaque", "LA")],
)  # fmt: skip
def test_every_form_gives_the_colours_that_are_seen(tmp_path, name, mode):
    image = PICTURE.convert(mode) if mode != "P" else PICTURE.quantize(8)
    options = {"quality": 100, "subsampling": 0} if mode == "CMYK" else {}
    path = written(tmp_path / ("0.jpg" if mode == "CMYK" else "0.png"), image, **options)
    expected = np.asarray(PICTURE.convert("RGB" if mode in ("P", "RGBA", "CMYK") else mode))
    if expected.ndim == 3 and mode == "LA":
        expected = expected[..., 0]
    if mode == "1":
        expected = expected.astype(np.uint8) * 255
    found = read_picture(path).astype(int)
    assert found.shape == SCENE.shape
    off = np.abs(found - (expected if expected.ndim == 3 else expected[..., None]))
    assert off.max() <= (6 if mode == "CMYK" else 0)


def test_unused_transparency_of_a_palette_changes_nothing(tmp_path):
    image = PICTURE.quantize(8)
    path = written(tmp_path / "0.png", image, transparency=200)
    assert (read_picture(path) == SCENE).all()


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P", "RGB"])
def test_see_through_pixels_are_refused_and_counted(tmp_path, kind):
    clear = np.full(SCENE.shape[:2], 255, np.uint8)
    clear[8:, 16:] = 0
    if kind == "P":
        image = PICTURE.quantize(8)
        options = {"transparency": int(np.asarray(image)[20, 20])}
    elif kind == "RGB":
        image, options = PICTURE, {"transparency": (150, 150, 150)}
    else:
        image, options = PICTURE.convert(kind), {}
        image.putalpha(Image.fromarray(clear))
    with pytest.raises(StudyError, match=r"0\.png has 256 see-through pixels: .* again"):
        read_picture(written(tmp_path / "0.png", image, **options))


def test_deep_pixels_are_refused_also_in_colour(tmp_path):
    written(tmp_path / "grey.png", Image.fromarray(np.full((4, 4), 300, np.uint16)))
    with pytest.raises(StudyError, match="has more than 8 bits a channel"):
        read_picture(tmp_path / "grey.png")
    body = b"".join(b"\x00" + struct.pack(">3H", 300, 500, 700) * 4 for _ in range(4))
    (tmp_path / "rgb.png").write_bytes(png(4, 4, 16, 2, body))
    with pytest.raises(StudyError, match="has more than 8 bits a channel"):
        read_picture(tmp_path / "rgb.png")


def test_a_moving_picture_is_refused_and_a_phones_second_one_passed_over(tmp_path):
    other = Image.fromarray(SCENE[::-1].copy())
    path = written(tmp_path / "0.png", save_all=True, append_images=[other], duration=100)
    with pytest.raises(StudyError, match="holds several pictures"):
        read_picture(path)
    path = written(tmp_path / "1.jpg", format="MPO", save_all=True, append_images=[other])
    single = read_picture(written(tmp_path / "2.jpg"))
    assert (read_picture(path) == single).all()


@pytest.mark.parametrize("size", [(8_000, 4_001), (15_000, 6_000), (2**20, 2**20)])
def test_a_bomb_is_refused_before_it_is_decoded(tmp_path, size):
    assert size[0] * size[1] > MOST_PIXELS
    path = tmp_path / "0.png"
    path.write_bytes(png(*size, 1, 0))
    with pytest.raises(StudyError, match=r"0\.png (has [\d,]+ × [\d,]+ pixels|is not a whole)"):
        read_picture(path)


def content_of(kind):
    stream = io.BytesIO()
    PICTURE.save(stream, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b"<!DOCTYPE html><html>not found", "a web page"),
        (b"\n <html>", "a web page"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "a HEIC"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", "git LFS"),
        (content_of("WEBP"), "a WebP"),
        (content_of("TIFF"), "a TIFF"),
        (content_of("GIF"), "a GIF"),
        (content_of("BMP"), "a BMP"),
        (b"\x00" * 500, "neither JPEG nor PNG"),
        (content_of("PNG")[:60], "is not a whole image"),
        (content_of("JPEG")[:200], "is not a whole image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "neither JPEG nor PNG"),
    ],
)
def test_what_is_no_picture_is_said_to_be_what_it_is(tmp_path, content, words):
    path = tmp_path / "0.jpg"
    path.write_bytes(content)
    with pytest.raises(StudyError, match=r"0\.jpg is not a whole image") as caught:
        read_picture(path)
    assert words in str(caught.value)


def test_a_wrong_suffix_does_not_matter(tmp_path):
    assert (read_picture(written(tmp_path / "0.jpg", format="PNG")) == SCENE).all()


def test_folders_and_missing_files_are_named(tmp_path):
    (tmp_path / "0.jpg").mkdir()
    with pytest.raises(StudyError, match=r"0\.jpg is a folder"):
        read_picture(tmp_path / "0.jpg")
    with pytest.raises(StudyError, match=r"1\.jpg cannot be read"):
        read_picture(tmp_path / "1.jpg")


@pytest.mark.parametrize("size", [(1, 1), (1, 40)])
def test_a_single_row_of_pixels_shows_nothing(tmp_path, size):
    with pytest.raises(StudyError, match="pixels and shows nothing"):
        read_picture(written(tmp_path / "0.png", Image.new("RGB", size)))


def test_pictures_on_a_screen_are_shrunk_and_keep_their_form(tmp_path):
    assert read_shown(written(tmp_path / "0.png"), 16).shape == (12, 16, 3)


def test_codes_are_what_is_stored_and_grey_is_one_channel(tmp_path):
    values = np.array([[0, 1], [2, 7]], np.uint8)
    palette = Image.fromarray(values)
    palette.putpalette([9, 9, 9] * 256)
    assert (read_codes(written(tmp_path / "p.png", palette)) == values).all()
    assert (read_codes(written(tmp_path / "l.png", Image.fromarray(values))) == values).all()
    assert (read_grey(tmp_path / "l.png") == values).all()
    with pytest.raises(StudyError, match=r"0\.png has pixels of mode RGB, not codes"):
        read_codes(written(tmp_path / "0.png"))
    with pytest.raises(StudyError, match=r"0\.png is coloured"):
        read_grey(tmp_path / "0.png")
