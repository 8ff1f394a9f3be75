"""What the operating system refuses, as a sentence: the path, the reason, and what would do."""

import errno
from pathlib import Path
from types import MappingProxyType
from typing import Final

from aespa_core.errors import FileError
from aespa_core.names import shown

NO_SPACE: Final = "free some space, or choose a folder on another disk"
NOT_ALLOWED: Final = "choose a place that you may read and write"
REMEDIES: Final = MappingProxyType(
    {
        errno.ENOSPC: NO_SPACE,
        errno.EDQUOT: NO_SPACE,
        errno.EFBIG: NO_SPACE,
        errno.EROFS: NOT_ALLOWED,
        errno.EACCES: NOT_ALLOWED,
        errno.EPERM: NOT_ALLOWED,
        errno.ENOENT: "there is nothing of that name; check the path",
        errno.ENOTDIR: "a file stands where a folder should be; choose another path",
        errno.EEXIST: "a file stands where a folder should be; choose another path",
        errno.EISDIR: "a folder stands where a file should be; choose another path",
        errno.ENAMETOOLONG: "choose a shorter path",
        errno.ELOOP: "links lead to each other; choose another path",
        errno.EMFILE: "too many files are open; raise the limit with ulimit -n",
        errno.ENOMEM: "close other programs, or use a machine with more memory",
    }
)
OTHERWISE: Final = "see that its disk is whole and there, or choose another path"


def file_error(error: OSError, path: Path | str | None = None, verb: str = "written") -> FileError:
    """Make one sentence of what the system refused.

    Parameters
    ----------
    error
        What was raised.
    path
        What was to be read or written; what the error names if None.
    verb
        What could not be done with it.
    """
    name = path if path is not None else error.filename
    reason = error.strerror or str(error) or type(error).__name__
    what = "A file" if name is None else short_path(name)
    remedy = REMEDIES.get(error.errno or 0, OTHERWISE)
    return FileError(f"{what} cannot be {verb} ({reason}): {remedy}.")


def short_path(path: object, most: int = 300) -> str:
    """Write a path, of a very long one the two ends."""
    words = path.decode("utf-8", "replace") if isinstance(path, bytes) else str(path)
    if len(words) > most:
        words = f"{words[: most // 2]}…{words[-most // 4 :]}"
    return words if words.isprintable() else shown(words)
