"""The images of a study as numbers, read once and kept until an image or the reader changes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from aespa_core import images
from aespa_core.datasets.proxies.study_images import images_of, tract_numbers
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import Study
from aespa_core.studies.manifest import read_manifest

# Code that numbers follow from: what describes pictures, and what reads them.
READERS = (Path(__file__).parents[1] / "proxies", Path(images.__file__).parent)
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
                rows.append({"geoid": tract.geoid, **tract_numbers(tract)})
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
    for path in (path for folder in READERS for path in sorted(folder.glob("*.py"))):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
