"""Which files are a tract's pictures: one rule for encoders, proxies and pages."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from aespa_core.errors import StudyError

PHOTO_SUFFIXES: Final = (".jpg", ".jpeg", ".png")
# Pictures that nobody reads here; left out without a word they would look like missing ones.
UNREAD_SUFFIXES: Final = (
    ".heic", ".heif", ".avif", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".jp2", ".dng", ".pdf",
)  # fmt: skip


def photos_of(folder: Path) -> tuple[Path, ...]:
    """List a tract's photos in the order of their numbers; none where it has no folder.

    Raises
    ------
    StudyError
        If the folder is there and holds no photo (a download that broke off looks like that), or
        holds pictures of another form, or two of one name.
    """
    found = sorted(pictures_in(folder), key=lambda path: (len(path.stem), path.stem))
    if folder.is_dir() and not found:
        raise StudyError(
            f"{folder} holds no photo: put photos there ({', '.join(PHOTO_SUFFIXES)}), or remove "
            "the folder if the tract has none."
        )
    for one, other in pairwise(found):
        if one.stem == other.stem:
            raise StudyError(
                f"{folder} holds {one.name} and {other.name}: give each photo a name of its own."
            )
    return tuple(found)


def tiles_in(folder: Path) -> dict[str, Path]:
    """Tile of each tract that has one, by the tract's id, which is the file's name.

    Raises
    ------
    StudyError
        If a tract has two, or a picture is of another form.
    """
    tiles: dict[str, Path] = {}
    for path in pictures_in(folder):
        if (other := tiles.setdefault(path.stem, path)) != path:
            raise StudyError(f"{folder} holds {other.name} and {path.name}: keep one of them.")
    return tiles


def pictures_in(folder: Path) -> Iterator[Path]:
    """Give the pictures of a folder; what systems leave beside them is passed over."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        suffix = path.suffix.lower()
        if path.name.startswith("."):
            continue  # ._0.jpg is a Mac's note on 0.jpg
        if suffix in UNREAD_SUFFIXES:
            raise StudyError(
                f"{path} is no JPEG or PNG: save it as one, or remove it if it is not meant."
            )
        if suffix in PHOTO_SUFFIXES:
            if path.is_dir():
                raise StudyError(f"{path} is a folder, not a picture: put the picture there.")
            yield path
