"""Pictures of a study whose name is no tract's: nobody looks at them, and nobody would know."""

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from aespa_core.images.picture_files import PHOTO_SUFFIXES
from aespa_core.studies.faults import Notice

IMAGES: Final = "images"
TILE_FOLDERS: Final = ("satellite", "satellite_nir")
STREET: Final = "street"


def picture_notices(folder: Path, geoids: Collection[str]) -> list[Notice]:
    """Count the tiles and the folders of photos that have the name of no tract.

    Parameters
    ----------
    folder
        The study.
    geoids
        Its tracts.
    """
    tracts = frozenset(geoids)
    return [
        *(
            notice
            for name in TILE_FOLDERS
            for notice in nameless(
                f"{IMAGES}/{name}", list(tiles(folder / IMAGES / name)), tracts,
                "pictures", f"<geoid>{PHOTO_SUFFIXES[-1]}",
            )
        ),
        *nameless(
            f"{IMAGES}/{STREET}", list(photo_folders(folder / IMAGES / STREET)), tracts,
            "entries", "<geoid>/<photo>.jpg",
        ),
    ]  # fmt: skip


def nameless(
    place: str, found: Collection[Path], tracts: frozenset[str], what: str, form: str
) -> Iterator[Notice]:
    """Count what has no tract's name."""
    strange = [path for path in found if own_stem(path) not in tracts]
    if strange:
        problem = (
            f"{len(strange):,} of {len(found):,} {what} have the name of no tract (the first is "
            f"{strange[0].name}): nobody looks at them; the form is {place}/{form}"
        )
        yield Notice(place, None, problem, len(strange))


def own_stem(path: Path) -> str:
    """Name of a folder, or of a picture without its ending."""
    return path.stem if path.suffix.lower() in PHOTO_SUFFIXES else path.name


def tiles(folder: Path) -> Iterator[Path]:
    """Give the pictures that lie in a folder itself."""
    return (
        path for path in entries(folder) if path.suffix.lower() in PHOTO_SUFFIXES and path.is_file()
    )


def photo_folders(folder: Path) -> Iterator[Path]:
    """Give the folders of photos, and photos that lie beside them and belong into one."""
    return (
        path for path in entries(folder) if path.is_dir() or path.suffix.lower() in PHOTO_SUFFIXES
    )


def entries(folder: Path) -> Iterator[Path]:
    """Give what lies in a folder, but what systems leave there."""
    listed = sorted(folder.iterdir()) if folder.is_dir() else []
    return (path for path in listed if not path.name.startswith((".", "__MACOSX")))
