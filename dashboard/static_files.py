"""Files that the browser fetches by itself: map borders, named by their content.

They lie in ``dashboard/static/``, which is made anew at start and is public to whoever reaches the
server.
"""

from pathlib import Path
from typing import Final

from aespa_core.studies.atomic import replacing
from aespa_core.views.maps import MapFile

STATIC: Final = Path(__file__).resolve().parent / "static"


def clear() -> None:
    """Make the folder if it is missing and take last run's files away.

    Raises
    ------
    OSError
        If the folder cannot be written to; pages then send their borders inline and say so.
    """
    STATIC.mkdir(exist_ok=True)
    for path in STATIC.glob("*.geojson"):
        path.unlink()


def publish(file: MapFile) -> str | None:
    """Put a file where the browser can fetch it; return its address, None if that cannot be."""
    target = STATIC / file.name
    if not target.is_file():
        try:
            with replacing(target) as temporary:
                temporary.write_bytes(file.content)
        except OSError:
            return None
    return f"/app/static/{file.name}"
