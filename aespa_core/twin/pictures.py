"""Pictures of a metro as files: satellite tiles, one a tract, and near infrared beside them."""

from pathlib import Path

import numpy as np
from PIL import Image

from aespa_core.twin.nadir_view import exposed, tile_of
from aespa_core.twin.truth import View
from aespa_core.twin.weather import weather_at


def write_tiles(view: View, geoids: list[str], folder: Path) -> None:
    """Write ``satellite/<geoid>.png`` and ``satellite_nir/<geoid>.png``.

    Parameters
    ----------
    view
        The metro at overpass.
    geoids
        Id of each tract, by number.
    folder
        Folder of the study's images.
    """
    sun, light, top = weather_at(view.scene.climate).sun, view.light, view.top
    colours = [exposed(band, light.lit, light.sky, sun) for band in (top.red, top.green, top.blue)]
    rgb, nir = np.stack(colours, -1), exposed(top.nir, light.lit, light.sky, sun)
    for name in ("satellite", "satellite_nir"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, geoid in enumerate(geoids):
        tile = tile_of(number, view.scene.tract, rgb, nir)
        Image.fromarray(tile.rgb).save(folder / "satellite" / f"{geoid}.png")
        Image.fromarray(tile.nir).save(folder / "satellite_nir" / f"{geoid}.png")
