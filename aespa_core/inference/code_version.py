"""The version of the code that a kept result follows from."""

import hashlib
from collections.abc import Sequence

from aespa_core import __version__
from aespa_core.studies.catalogue import ROOT


def code_version(patterns: Sequence[str]) -> str:
    """Version of the package and hash of the files below ``aespa_core/`` that patterns name."""
    core = ROOT / "aespa_core"
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in core.glob(pattern)):
        digest.update(path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"
