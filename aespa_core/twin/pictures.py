"""Pictures of a metro as files: satellite tiles with near infrared, street photos with masks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from PIL import Image

from aespa_core.studies.truth_tables import STREET_CLASSES
from aespa_core.twin.camera_places import choose_places
from aespa_core.twin.nadir_view import exposed, square_of, tile_of
from aespa_core.twin.panorama import render_panoramas
from aespa_core.twin.sentinel import COARSER, no2_column, sentinel_bands
from aespa_core.twin.shade import shadow_of
from aespa_core.twin.surroundings import surroundings_of
from aespa_core.twin.tract_map import place_of
from aespa_core.twin.truth import View
from aespa_core.twin.weather import weather_at

JPEG_QUALITY: Final = 90
# A grainy picture hardly shrinks with more effort.
PNG_EFFORT: Final = 1


@dataclass(frozen=True)
class PhotoList:
    """Photos of a metro: where each was taken, and the true share of each class in it."""

    places: pd.DataFrame
    shares: pd.DataFrame


def write_tiles(view: View, geoids: list[str], folder: Path) -> pd.DataFrame:
    """Write ``satellite/<geoid>.png`` and ``satellite_nir/<geoid>.png``; tell where each lies.

    Parameters
    ----------
    view
        The metro at overpass.
    geoids
        Id of each tract, by number.
    folder
        Folder of the study's images.
    """
    scene, light, top = view.scene, view.light, view.top
    sun = weather_at(scene.climate).sun
    colours = [exposed(band, light.lit, light.sky, sun) for band in (top.red, top.green, top.blue)]
    rgb, nir = np.stack(colours, -1), exposed(top.nir, light.lit, light.sky, sun)
    for name in ("satellite", "satellite_nir"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    places = []
    for number, geoid in enumerate(geoids):
        square = square_of(number, scene.tract)
        tile = tile_of(square, rgb, nir)
        Image.fromarray(tile.rgb).save(
            folder / "satellite" / f"{geoid}.png", compress_level=PNG_EFFORT
        )
        Image.fromarray(tile.nir).save(
            folder / "satellite_nir" / f"{geoid}.png", compress_level=PNG_EFFORT
        )
        corners = place_of(
            [square.left, square.left + square.side],
            [square.top + square.side, square.top],
            len(scene.ground),
            scene.climate.latitude_deg,
        )
        (west, east), (south, north) = (tuple(map(float, corner)) for corner in corners)
        places.append((geoid, west, south, east, north))
    return pd.DataFrame(places, columns=["geoid", "west", "south", "east", "north"])


def write_bands(
    view: View, no2_ug_m3: npt.NDArray[np.float64], geoids: list[str], folder: Path
) -> None:
    """Write ``sentinel2/<geoid>.npy``, (12, R, R), and ``no2_column/<geoid>.npy``, (R, R), at 10 m.

    Parameters
    ----------
    view
        The metro at overpass.
    no2_ug_m3
        Mean nitrogen dioxide of each tract, µg/m³.
    geoids
        Id of each tract, by number.
    folder
        Folder of the study's images.
    """
    numbers = view.scene.tract
    rasters = {"sentinel2": sentinel_bands(view.top), "no2_column": no2_column(no2_ug_m3, numbers)}
    for name, raster in rasters.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for number, geoid in enumerate(geoids):
            square = square_of(number, numbers)
            top, left, side = (v // COARSER for v in (square.top, square.left, square.side))
            part = raster[..., top : top + side, left : left + side]
            np.save(folder / name / f"{geoid}.npy", part, allow_pickle=False)


def write_photos(view: View, geoids: list[str], folder: Path, photos: int, seed: int) -> PhotoList:
    """Write ``street/<geoid>/<k>.jpg`` and ``street_masks/<geoid>/<k>.png``.

    Parameters
    ----------
    view
        The metro at overpass.
    geoids
        Id of each tract, by number.
    folder
        Folder of the study's images.
    photos
        Wanted photos a tract; one without roads gets none.
    seed
        Of the metro.
    """
    scene, sun = view.scene, weather_at(view.scene.climate).sun
    # on the ground, where a street camera looks: crowns shade what lies under them
    shade = shadow_of(scene.height_m, scene.building_m, sun.elevation_deg, sun.azimuth_deg)
    around = surroundings_of(scene, shade | (scene.tree_m > 0))
    rows, shares = [], []
    for places in choose_places(scene, photos, seed):
        geoid = geoids[places.tract]
        for name in ("street", "street_masks"):
            (folder / name / geoid).mkdir(parents=True, exist_ok=True)
        for number, photo in enumerate(render_panoramas(around, places, sun, seed)):
            Image.fromarray(photo.image).save(
                folder / "street" / geoid / f"{number}.jpg", quality=JPEG_QUALITY
            )
            Image.fromarray(photo.mask).save(folder / "street_masks" / geoid / f"{number}.png")
            east, north = place_of(
                photo.col + 0.5, photo.row + 0.5, len(scene.ground), scene.climate.latitude_deg
            )
            rows.append((geoid, number, float(east), float(north), photo.heading_deg))
            count = np.bincount(photo.mask.ravel(), minlength=len(STREET_CLASSES))
            shares.append((geoid, number, *(count / photo.mask.size)))
    return PhotoList(
        pd.DataFrame(rows, columns=["geoid", "photo", "longitude", "latitude", "heading_deg"]),
        pd.DataFrame(shares, columns=["geoid", "photo", *(f"{c}_share" for c in STREET_CLASSES)]),
    )
