"""Make samples that have images and labels and nothing else, in a folder of their own."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings

SMALL = EncoderSettings(image_px=16, patch_px=4, width=16, depth=1, heads=2)
SETTINGS = ModelSettings(satellite=SMALL, street=SMALL, grid=2, photos=3)


def made_samples(folder: Path, tracts: int = 6) -> HeatSamples:
    """Make tracts of which the first has no tile and tract i has i modulo 4 photos."""
    rng = np.random.default_rng(0)

    def painted(name: str, size: tuple[int, int]) -> Path:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        coarse = Image.fromarray(rng.integers(0, 256, (4, 4, 3), np.uint8))
        coarse.resize(size).save(path)
        return path

    tiles = [painted(f"satellite/{i}.png", (20, 20)) for i in range(tracts)]
    photos = [
        tuple(painted(f"street/{i}/{k}.jpg", (24, 12)) for k in range(i % 4)) for i in range(tracts)
    ]
    empty = {field.name: np.zeros(tracts) for field in dataclasses.fields(HeatSamples)}
    return HeatSamples(
        **empty
        | {
            "metro": np.full(tracts, "gridville"),
            "context": pd.DataFrame(index=range(tracts)),
            "lst_day_c": 30 + rng.normal(0, 2, tracts),
            "tiles": (None, *tiles[1:]),
            "photos": tuple(photos),
        }
    )
