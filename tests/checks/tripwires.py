"""What a process may read and write, watched from inside; and files outside that must stay unread.

The watch sees what Python opens, makes, moves and takes away, and whom it connects to. What
compiled readers open past it would show by the secret that every file outside holds.
"""

import os
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pandas as pd

SECRET: Final = "TRIPWIRE-4711"
READ: Final = ("open",)
# Events → which of their arguments are paths that change; a link, and not where it leads.
CHANGE: Final = {
    "os.mkdir": (0,), "os.rename": (0, 1), "os.remove": (0,), "os.rmdir": (0,), "os.link": (0, 1),
    "os.symlink": (1,), "shutil.rmtree": (0,),
}  # fmt: skip
# Events that change what a link leads to.
CHANGE_BEHIND: Final = ("os.truncate", "os.chmod")
SYSTEM: Final = (
    "/usr",
    "/lib",
    "/lib64",
    "/bin",
    "/opt",
    "/proc",
    "/sys",
    "/dev",
    "/run",
    "/var/lib",
)
# Libraries look these up: time zone, certificates, names of fonts and types of files.
SYSTEM_FILES: Final = ("/etc/localtime", "/etc/timezone", "/etc/ssl", "/etc/fonts",
                       "/etc/mime.types", "/etc/os-release", "/etc/ld.so.cache",
                       "/etc/nvidia", "/etc/OpenCL")  # fmt: skip
LOCAL: Final = ("127.0.0.1", "::1", "localhost")


@dataclass
class Watch:
    """A sandbox, what lies outside, and what was touched there.

    Attributes
    ----------
    sandbox
        Where all may be read and written.
    root
        The project: read; of it only ``writable`` is written.
    writable
        Folders of the project that the program writes to by itself.
    on
        Whether a case is running.
    touched
        What should not have been.
    """

    sandbox: Path
    root: Path
    writable: tuple[Path, ...]
    on: bool = False
    touched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Resolve where reading is allowed."""
        environment = [sys.prefix, sys.base_prefix, *sysconfig.get_paths().values()]
        environment += [path for path in sys.path if path]
        places = [self.sandbox, self.root, *map(Path, environment)]
        self.readable = tuple({
            str(form) for place in places for form in (place, place.resolve())
        } | {*SYSTEM, *SYSTEM_FILES})  # fmt: skip
        self.changeable = tuple(str(path.resolve()) for path in (self.sandbox, *self.writable))

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note one event; an audit hook may not raise."""
        if not self.on:
            return
        if event in READ and isinstance(arguments[0], str | bytes | os.PathLike):
            mode, flags = arguments[1], arguments[2]
            writes = bool(isinstance(mode, str) and set(mode) & set("wax+")) or bool(
                isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            self.note("written" if writes else "read", arguments[0])
        elif event in CHANGE:
            for place in CHANGE[event]:
                if isinstance(arguments[place], str | bytes | os.PathLike):
                    self.note("written", arguments[place], follow=False)
        elif event in CHANGE_BEHIND and isinstance(arguments[0], str | bytes | os.PathLike):
            self.note("written", arguments[0])
        elif event == "socket.connect":
            address = arguments[1]
            if isinstance(address, tuple) and address[0] not in LOCAL:
                self.touched.append(f"connected to {address[0]}")

    def note(self, what: str, path: str | bytes | os.PathLike[str], *, follow: bool = True) -> None:
        """Note a path if it lies where it should not; of a link where it leads, or itself."""
        self.on = False  # what resolves a path is no case
        try:
            given = Path(os.fsdecode(path))
            real = os.path.realpath(given) if follow else str(given.parent.resolve() / given.name)
            allowed = self.changeable if what == "written" else self.readable
            inside = any(real == place or real.startswith(place + os.sep) for place in allowed)
            if not inside and not real.startswith("/dev/"):
                self.touched.append(f"{what} outside: {real}")
        except (ValueError, OSError):
            pass  # NUL bytes and the like: nothing can be opened by that name
        finally:
            self.on = True


@contextmanager
def watched(watch: Watch) -> Iterator[list[str]]:
    """Watch a block; the list holds what it touched."""
    watch.touched = touched = []
    watch.on = True
    try:
        yield touched
    finally:
        watch.on = False


def lay_tripwires(outside: Path) -> str:
    """Write files that a reader of other people's folders would find; give their fingerprint."""
    outside.mkdir(parents=True, exist_ok=True)
    (outside / "secret").write_text(SECRET)
    (outside / "secret.toml").write_text(f'name = "{SECRET}"\n')
    (outside / "study.toml").write_text(f'name = "{SECRET}"\nkind = "observed"\n')
    pd.DataFrame({"geoid": [SECRET], "anomaly_c": [4711.0]}).to_parquet(outside / "secret.parquet")
    return fingerprint(outside)


def fingerprint(outside: Path) -> str:
    """Hash names and bytes of all files of a folder."""
    digest = sha256()
    for path in sorted(outside.rglob("*")):
        digest.update(str(path.relative_to(outside)).encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
