"""The images of a study as numbers, read once and kept until an image or the reader changes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from PIL import Image

from aespa_core.datasets.proxies.study_images import TractImages, images_of, tract_numbers
from aespa_core.errors import StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import Study
from aespa_core.studies.manifest import read_manifest

READER = Path(__file__).parents[1] / "proxies"
# What the numbers of a tract follow from, beside its images: its border, and where its tile lies.
TABLES = ("tracts.parquet", "tiles.parquet")


def read_image_numbers(
    study: Study, folder: Path, progress: Callable[[float], None] = lambda share: None
) -> pd.DataFrame:
    """Describe the images of all tracts; a metro that was read before is taken from ``folder``.

    Parameters
    ----------
    study
        Its images lie under ``images/``.
    folder
        Where finished metros are kept: a run that was stopped goes on after the last of them.
    progress
        Called with the share that is done, 0–1.

    Returns
    -------
    pd.DataFrame
        One row a tract, in the order of the table of tracts, index ``geoid``, columns
        ``satellite_*`` and ``street_*``; NaN where no image tells. No columns where the study has
        no image.

    Raises
    ------
    StudyError
        If an image cannot be read.
    """
    tracts = study.read("tracts")
    geoid = pd.Index(tracts["geoid"].astype(str), name="geoid")
    if "tiles" not in study.tables or not (study.path / "images").is_dir():
        return pd.DataFrame(index=geoid)
    kept = folder / key_of(study)
    parts, done = [], 0
    for metro in tracts["metro"].unique():
        path = kept / f"{metro}.parquet"
        if path.is_file():
            part = pd.read_parquet(path)
        else:
            rows = []
            for at, tract in enumerate(images_of(study, metro)):
                rows.append({"geoid": tract.geoid, **numbers_of(tract)})
                progress((done + at + 1) / len(tracts))
            part = pd.DataFrame(rows)
            write_parquet(path, part)
        parts.append(part)
        done += len(part)
        progress(done / len(tracts))
    return pd.concat(parts).set_index("geoid").reindex(geoid)


def key_of(study: Study) -> str:
    """Hash the study's images, their places and the code that reads them.

    Estimates that are added to the study later change its manifest, and not this.
    """
    files = read_manifest(study.path)
    follows = {k: v for k, v in files.items() if k.startswith("images/") or k in TABLES}
    digest = hashlib.sha256(json.dumps(follows, sort_keys=True).encode())
    for path in sorted(READER.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def numbers_of(tract: TractImages) -> dict[str, float]:
    """Describe one tract's images, or say which of them is broken."""
    try:
        return tract_numbers(tract)
    except (OSError, SyntaxError) as error:  # Pillow raises both on a cut or garbled file
        broken = next((p for p in files_of(tract) if not readable(p)), tract.geoid)
        raise StudyError(
            f"{broken} is no readable image ({error}): replace the file, or remove it, and write "
            "the study's manifest again."
        ) from error


def files_of(tract: TractImages) -> list[Path]:
    """List the image files of a tract."""
    return [path for path in (tract.tile, tract.tile_nir, *tract.photos) if path is not None]


def readable(path: Path) -> bool:
    """Say whether an image can be decoded to its end."""
    try:
        with Image.open(path) as image:
            image.load()
    except (OSError, SyntaxError):
        return False
    return True
