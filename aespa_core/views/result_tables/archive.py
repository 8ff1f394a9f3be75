"""ZIP archives whose bytes depend on what is in them and on nothing else."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

# the first moment that a ZIP archive can name; the analysis is dated by its provenance
EPOCH: Final = datetime(1980, 1, 1)
STAMPS: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class NamedFile:
    """A file's name in its folder, and its bytes."""

    name: str
    content: bytes


def zipped(files: Iterable[NamedFile]) -> bytes:
    """Put files into an archive, in their order."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.name, EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            # read by all, whatever machine wrote it
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, file.content)
    return stream.getvalue()


def undated(document: bytes) -> bytes:
    """Take the moment of writing out of an Office document."""
    stamp = EPOCH.isoformat().encode() + b"Z"
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        files = [NamedFile(name, archive.read(name)) for name in archive.namelist()]
    return zipped(
        NamedFile(file.name, STAMPS.sub(rb"\g<1>" + stamp, file.content))
        if file.name == "docProps/core.xml"
        else file
        for file in files
    )
