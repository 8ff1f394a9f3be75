"""The town of ``tests/tiny_study.py`` with pictures, and a run that says why it estimates so."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from aespa_core.studies.folder import Study, StudyInfo, write_study
from aespa_core.studies.run_tables import MODALITIES
from aespa_core.studies.saliency_table import PHOTO_CELLS, TILE, TILE_CELLS
from tests.tiny_study import tiny_tables

PHOTOS = {"0": 0.3, "1": 0.6, "10": 0.1}  # name → attention
MOVED = dict(zip(MODALITIES, (0.3, -0.1, 0.0), strict=True))
REACH_C = 0.5
LIKENESS = (-0.02, 0.08)  # of maps with those of a random model, of random encoders


def write_explained_town(folder: Path) -> Study:
    """Write it; only the first two tracts have pictures, only the first has maps."""
    tables, estimates = tiny_tables()
    geoid = estimates["geoid"]
    for name in geoid[:2]:
        paint(folder / "images" / "satellite" / f"{name}.png", 64, 64)
        for photo in PHOTOS:
            paint(folder / "images" / "street" / name / f"{photo}.jpg", 32, 128)
    info = StudyInfo("Explained town", "simulated", "imaginary", ("made by tests",), ("tests",))
    run = {
        "estimates": estimates,
        "attributions": attributions_of(estimates),
        "attention": pd.DataFrame(
            [(name, photo, share) for name in geoid[:2] for photo, share in PHOTOS.items()],
            columns=["geoid", "photo", "attention"],
        ),
        "saliency": pd.concat(
            [cells_of(geoid[0], name, TILE_CELLS if name == TILE else PHOTO_CELLS)
             for name in (TILE, *PHOTOS)]
        ),
        "saliency_check": pd.DataFrame(
            {"geoid": geoid[:2], "image": TILE, "model": LIKENESS[0], "encoders": LIKENESS[1]}
        ),
    }  # fmt: skip
    return write_study(folder, info, tables, runs={"heat_teacher": run})


def paint(path: Path, height: int, width: int) -> None:
    """Paint a grey picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((height, width, 3), 128, np.uint8)).save(path)


def attributions_of(estimates: pd.DataFrame) -> pd.DataFrame:
    """Take the estimates' own parts, with the same reach each, and some of its neighbours'."""
    parts = []
    for part, effect, own in (
        ("base", estimates["base_c"], np.nan),
        ("canopy", estimates["contribution_canopy_c"], estimates["contribution_canopy_c"] / 2),
        *((name, pd.Series(moved, estimates.index), np.nan) for name, moved in MOVED.items()),
    ):
        rows = pd.DataFrame({"geoid": estimates["geoid"], "part": part, "effect_c": effect})
        low, high = rows["effect_c"] - REACH_C, rows["effect_c"] + REACH_C
        parts.append(rows.assign(low90_c=low, high90_c=high, own_c=own))
    return pd.concat(parts, ignore_index=True).dropna(subset="effect_c").reset_index(drop=True)


def cells_of(geoid: str, image: str, cells: tuple[int, int]) -> pd.DataFrame:
    """Let the left half of a picture cool and the right half warm."""
    row, column = np.indices(cells)
    effect = np.where(column < cells[1] / 2, -0.01, 0.02).astype(np.float32)
    return pd.DataFrame(
        {"geoid": geoid, "image": image, "row": row.ravel(), "column": column.ravel(),
         "effect_c": effect.ravel()}
    )  # fmt: skip
