"""The town of ``tests/tiny_study.py`` with weather, and pictures whose green is its canopy."""

from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from aespa_core.studies.folder import Study, StudyInfo, write_study
from tests.tiny_study import METRO, tiny_tables

PX = 16
# A tract without a tile, one without photos, one with neither.
NO_TILE, NO_PHOTO, NO_PICTURE = 20, 30, 40


def write_painted_town(
    folder: Path, seed: int = 0, *, labels: bool = True, weather: bool = True
) -> Study:
    """Write the town."""
    tables, _ = tiny_tables(seed)
    tracts = tables["tracts"]
    canopy = tables["proxies"]["canopy"].fillna(0.5).to_numpy()
    rng = np.random.default_rng(seed)
    for number, geoid in enumerate(tracts["geoid"]):
        tile = folder / "images" / "satellite" / f"{geoid}.png"
        photo = folder / "images" / "street" / geoid / "0.jpg"
        if number not in (NO_TILE, NO_PICTURE):
            paint(tile, canopy[number], rng)
        if number not in (NO_PHOTO, NO_PICTURE):
            paint(photo, canopy[number], rng)
    bounds = tracts.geometry.bounds
    bounds.columns = ["west", "south", "east", "north"]
    tables["tiles"] = pd.concat([tracts["geoid"], bounds], axis=1)
    if weather:
        tables["weather"] = hours()
    if not labels:
        del tables["temperature"]
    info = StudyInfo("Painted town", "simulated", "imaginary", ("made by tests",), ("tests",))
    return write_study(folder, info, tables)


def paint(path: Path, canopy: float, rng: np.random.Generator) -> None:
    """Paint as many pixels green as there is canopy, the rest grey."""
    path.parent.mkdir(parents=True, exist_ok=True)
    green = rng.uniform(size=(PX, PX, 1)) < canopy
    pixels = np.where(green, (40, 120, 30), (150, 150, 150)) + rng.integers(0, 20, (PX, PX, 3))
    Image.fromarray(pixels.astype(np.uint8)).save(path)


def hours() -> pd.DataFrame:
    """Two days, 24 °C in the mean and 30 °C at most."""
    hour = np.arange(48)
    return pd.DataFrame(
        {
            "metro": METRO,
            "hour": hour,
            "wind_m_s": 3.0,
            "wind_from_deg": 200.0,
            "temperature_c": 24.0 - 6.0 * np.cos(2 * np.pi * (hour - 3) / 24),
            "humidity_percent": 60.0,
            "pressure_hpa": 1013.0,
        }
    )
