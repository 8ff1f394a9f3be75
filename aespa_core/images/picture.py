"""Image files as pixels: every reader of a picture goes through this file.

What is read is what a person sees: upright, as the camera noted it, and in 8-bit red, green and
blue whatever the file stores (grey, palette, ink). What cannot be read rightly is refused: deeper
pixels, see-through ones, several pictures in one file, anything but JPEG and PNG. The name of a
file does not matter, its content does. Sizes are looked at before anything is decoded.
"""

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from aespa_core.errors import StudyError

Pixels = npt.NDArray[np.uint8]

# A JPEG with more of them behind it, as phones write it, is read, too: the first is the photo.
FORMATS: Final = ("JPEG", "PNG")
# Decoded and described in about 55 bytes a pixel: under 2 GB.
MOST_PIXELS: Final = 32_000_000
# Texture needs a neighbour; a single pixel is what servers send for "no picture".
LEAST_SIDE: Final = 2
MOST_BYTES: Final = 100_000_000
# Exif 2.32, tag 274: how to turn what is stored so that it stands as it was seen.
ORIENTATION: Final = 0x0112
TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
PNG_DEPTH_AT: Final = 24
# What other files begin with, for a sentence that says what was found instead of a picture.
OTHERS: Final = (
    (b"\x00\x00\x00", "ftyp", "a HEIC or AVIF photo"),
    (b"RIFF", "WEBP", "a WebP picture"),
    (b"%PDF", "", "a PDF"),
    (b"GIF8", "", "a GIF"),
    (b"II*\x00", "", "a TIFF"),
    (b"MM\x00*", "", "a TIFF"),
    (b"BM", "", "a BMP"),
    (b"PK\x03\x04", "", "a ZIP archive"),
    (b"version https://git-lfs", "", "a pointer of git LFS, not the file itself"),
    (b"<", "", "a web page"),
)  # fmt: skip
# What the library raises on broken content, its notes on a camera's tags included.
BROKEN: Final = (
    OSError, SyntaxError, ValueError, EOFError, TypeError, KeyError, IndexError, OverflowError,
    struct.error, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class PictureError(ValueError):
    """Content that is no picture to be read; says what is wrong with the file, which it follows."""


def read_bytes(path: Path) -> bytes:
    """Read an image file whole.

    Raises
    ------
    StudyError
        If there is no such file, it cannot be read, or it is too large for a picture.
    """
    try:
        if path.is_dir():
            raise StudyError(f"{path} is a folder, not a picture: put the picture in its place.")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise StudyError(
                f"{path} has {size / 1e6:,.0f} MB: save it smaller, at most "
                f"{MOST_BYTES / 1e6:,.0f} MB."
            )
        return path.read_bytes()
    except OSError as error:
        raise StudyError(
            f"{path} cannot be read ({error.strerror}): put the image back, or build the study "
            "again."
        ) from error


def decoded_picture(content: bytes, path: Path) -> Image.Image:
    """Decode a picture: upright, mode RGB.

    Raises
    ------
    StudyError
        If the bytes are no whole picture of 8 bits a channel; the sentence names ``path``.
    """
    try:
        return upright(content)
    except PictureError as error:
        raise unreadable(path, error) from error


def read_picture(path: Path) -> Pixels:
    """Read a picture, shape (H, W, 3)."""
    return np.asarray(decoded_picture(read_bytes(path), path))


def read_shown(path: Path, side: int) -> Pixels:
    """Read a picture for a screen: shrunk until no side is longer than ``side`` pixels."""
    picture = decoded_picture(read_bytes(path), path)
    picture.thumbnail((side, side))
    return np.asarray(picture)


def read_grey(path: Path) -> Pixels:
    """Read a picture of one channel, such as near infrared, shape (H, W).

    Raises
    ------
    StudyError
        If it cannot be read, or is coloured.
    """
    rgb = read_picture(path)
    if (rgb != rgb[..., :1]).any():
        raise StudyError(f"{path} is coloured: a picture of one channel is grey, save it as such.")
    return rgb[..., 0]


def read_codes(path: Path) -> Pixels:
    """Read a picture whose values are codes of classes, as they are stored, shape (H, W)."""
    try:
        return codes(read_bytes(path))
    except PictureError as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: PictureError) -> StudyError:
    """Say that a file is no picture to be read, and what to do."""
    return StudyError(
        f"{path} {error}: fetch or save it again as an 8-bit JPEG or PNG, or remove it if the "
        "tract has none."
    )


def upright(content: bytes) -> Image.Image:
    """Decode bytes to an upright picture of mode RGB.

    Raises
    ------
    PictureError
        If they are none.
    """
    with opened(content) as image:
        refuse_see_through(image)
        turn = turn_of(image)
        picture = image.convert("RGB")
        return picture if turn is None else picture.transpose(turn)


def codes(content: bytes) -> Pixels:
    """Decode bytes to the codes that they store, shape (H, W); palettes and tags change nothing."""
    with opened(content) as image:
        if image.mode not in ("L", "P"):
            raise PictureError(f"has pixels of mode {image.mode}, not codes of classes, 0 to 255")
        return np.asarray(image)


@contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """Open bytes as a picture after looking at its kind, size and depth; decoded to its end."""
    try:
        with warnings.catch_warnings():
            # of a camera's odd tags, and of sizes, which are looked at here
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                refuse_form(content, image)
                image.load()
                yield image
    except PictureError:
        raise
    except Image.UnidentifiedImageError as error:
        raise PictureError(f"is not a whole image ({kind_of(content)})") from error
    except BROKEN as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise PictureError(f"is not a whole image ({reason})") from error


def refuse_form(content: bytes, image: Image.Image) -> None:
    """Refuse pictures that are too large or too small, too deep, or several."""
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise PictureError(
            f"has {width:,} × {height:,} pixels, more than {MOST_PIXELS / 1e6:.0f} million"
        )
    if min(width, height) < LEAST_SIDE:
        raise PictureError(f"has {width} × {height} pixels and shows nothing")
    deep = content[:8] == PNG_SIGNATURE and content[PNG_DEPTH_AT] > 8
    # deeper pixels would be clipped to white, or lose their lower half, by a conversion to 8 bits
    if deep or image.mode.startswith(("I", "F")):
        raise PictureError("has more than 8 bits a channel")
    if image.format == "PNG" and getattr(image, "n_frames", 1) > 1:
        raise PictureError("holds several pictures")


def refuse_see_through(image: Image.Image) -> None:
    """Refuse pictures with pixels that are not wholly opaque: nobody knows what lies under them."""
    if image.has_transparency_data:
        alpha = np.asarray(image.convert("RGBA").getchannel("A"))
        if clear := int((alpha < 255).sum()):
            raise PictureError(f"has {clear:,} see-through pixels")


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """Give the turn that a camera noted; None where there is no note, or none that can be read."""
    try:
        return TURNS.get(int(image.getexif().get(ORIENTATION, 1)))
    except BROKEN:
        # a viewer shows such a picture as it is stored, too
        return None


def kind_of(content: bytes) -> str:
    """Say what bytes are that are no picture to be read."""
    if not content:
        return "it is empty"
    for start, inside, words in OTHERS:
        if content.lstrip().startswith(start) and inside.encode() in content[:32]:
            return f"it is {words}"
    return "it is neither JPEG nor PNG"
