"""Files that the browser fetches by itself: map borders, named by their content.

They lie in ``dashboard/static/``, which every dashboard of this checkout shares and which is public
to whoever reaches one of them.
"""

import time
from pathlib import Path
from typing import Final

from aespa_core.errors import FileError
from aespa_core.studies.atomic import replacing
from aespa_core.views.maps import MapFile

STATIC: Final = Path(__file__).resolve().parent / "static"
KEPT_SECONDS: Final = 86_400


def sweep() -> None:
    """Make the folder if it is missing and take files away that no page asked for in a day.

    Younger ones stay: another dashboard may be serving them, and a map whose borders vanish
    between the page and the browser's request stays empty.

    Raises
    ------
    OSError
        If the folder cannot be written to; pages then send their borders inline and say so.
    """
    STATIC.mkdir(exist_ok=True)
    for path in STATIC.glob("*.geojson"):
        if time.time() - path.stat().st_mtime > KEPT_SECONDS:
            path.unlink(missing_ok=True)


def publish(file: MapFile) -> str | None:
    """Put a file where the browser can fetch it; return its address, None if that cannot be."""
    target = STATIC / file.name
    try:
        if target.is_file():
            target.touch()
        else:
            with replacing(target) as temporary:
                temporary.write_bytes(file.content)
    except (OSError, FileError):
        return None
    return f"/app/static/{file.name}"
