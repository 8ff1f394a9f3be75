"""Pictures of a study that no command can read: told where a study is checked, not where opened.

To know it, every picture must be decoded to its end, which takes minutes where there are thousands.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from aespa_core.errors import StudyError
from aespa_core.images.picture import read_grey, read_picture
from aespa_core.images.picture_files import photos_of, tiles_in
from aespa_core.studies.faults import Notice
from aespa_core.studies.picture_names import IMAGES, STREET, TILE_FOLDERS
from aespa_core.studies.sheet_faults import with_mended_ids
from aespa_core.studies.table_file import read_sheet
from aespa_core.studies.tables import TRACTS

SATELLITE, INFRARED = TILE_FOLDERS
REFUSE: Final = "`aespa train`, `predict`, `attribute` and `embed` refuse the study"
# what reads a picture, or lists a folder of them, and its path
Look = tuple[Callable[[Path], object], Path]


def unread_pictures(folder: Path, step: Callable[[], None] = lambda: None) -> list[Notice]:
    """Look at every picture of a study's tracts through the one reader of pictures.

    Parameters
    ----------
    folder
        A study without a fault.
    step
        Called after each picture.

    Returns
    -------
    list of Notice
        One for each folder of pictures of which some cannot be read.
    """
    images = folder / IMAGES
    if not images.is_dir():
        return []
    notices = []
    for place, looks in (
        (SATELLITE, tile_looks(images / SATELLITE, read_picture)),
        (INFRARED, tile_looks(images / INFRARED, read_grey)),
        (STREET, photo_looks(images / STREET, geoids_of(folder))),
    ):
        problems, count = [], 0
        for read, path in looks:
            count += 1
            try:
                read(path)
            except StudyError as error:
                problems.append(str(error).replace(f"{folder}/", "").rstrip("."))
            step()
        if problems:
            problem = (
                f"{len(problems):,} of {count:,} pictures cannot be read, and {REFUSE}; "
                f"the first: {problems[0]}"
            )
            notices.append(Notice(f"{IMAGES}/{place}", None, problem, len(problems)))
    return notices


def geoids_of(folder: Path) -> Iterable[str]:
    """Give the tracts of a study without a fault."""
    sheet = read_sheet(folder, "tracts.parquet", TRACTS, geographic=True)
    return with_mended_ids(sheet).frame["geoid"]


def tile_looks(folder: Path, read: Callable[[Path], object]) -> Iterator[Look]:
    """Give a look at each tile; at a folder of them that cannot be listed, the one at that."""
    try:
        tiles = tiles_in(folder)
    except StudyError:
        yield tiles_in, folder
        return
    for tile in tiles.values():
        yield read, tile


def photo_looks(folder: Path, geoids: Iterable[str]) -> Iterator[Look]:
    """Give a look at each photo of the tracts, and at each folder that cannot be listed."""
    for geoid in geoids:
        own = folder / geoid
        try:
            photos = photos_of(own)
        except StudyError:
            yield photos_of, own
            continue
        for photo in photos:
            yield read_picture, photo
