r"""The metro as coarser satellites see it: twelve bands at 10 m, and a column of nitrogen dioxide.

Bands follow from the four of :mod:`aespa_core.twin.materials`: between red and near infrared by a
share of the step (a plant's red edge lies early, a man-made surface rises evenly), short-wave
infrared by a factor on near infrared from measured spectra (Kotthaus et al. 2014, ISPRS J. 94:194,
for what is built; typical leaves, soils and water otherwise).

.. math:: N = \frac{c\,h}{M}, \quad h = 1000\ \text{m}, \quad M = 46.0055\ \text{g/mol}

turns a concentration c, µg/m³, well mixed up to h, into a column N, µmol/m².
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from aespa_core.twin.materials import CODE, MATERIALS
from aespa_core.twin.nadir_view import TopView

Floats = npt.NDArray[np.float32]

BANDS: Final = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B11", "B12")
# Pixels of 2 m in one of 10 m.
COARSER: Final = 5
# Share of the step from red to near infrared reached in bands 5, 6 and 7.
RED_EDGE: Final = (0.17, 0.35, 0.58)
PLANT_RED_EDGE: Final = (0.18, 0.70, 0.93)
PLANTS: Final = ("grass", "tree")
# Short-wave infrared over near infrared, bands 11 and 12.
SHORT_WAVE: Final = {
    "asphalt": (1.11, 1.05), "concrete": (1.11, 0.96), "dark_roof": (1.12, 1.03),
    "white_roof": (0.80, 0.65), "metal_roof": (0.95, 0.90), "tile_roof": (1.48, 1.47),
    "bare_soil": (1.25, 1.10), "grass": (0.55, 0.30), "water": (0.30, 0.20),
    "tree": (0.45, 0.20), "dry_grass": (1.15, 0.85),
}  # fmt: skip
MIXED_M: Final = 1000.0
GRAM_PER_MOL: Final = 46.0055
# A column sees what the wind has spread: a kilometre to either side.
SPREAD_PX: Final = 100.0


def sentinel_bands(top: TopView) -> Floats:
    """Reflectance in :data:`BANDS` at 10 m, shape (12, H // 5, W // 5)."""
    step = top.nir - top.red
    plant = np.isin(top.material, [CODE[name] for name in PLANTS])
    edges = [
        top.red + np.where(plant, np.float32(early), np.float32(even)) * step
        for early, even in zip(PLANT_RED_EDGE, RED_EDGE, strict=True)
    ]
    ratios = np.array([SHORT_WAVE[material.id] for material in MATERIALS], np.float32)
    short = [top.nir * ratios[:, band][top.material] for band in (0, 1)]
    full = [top.blue, top.blue, top.green, top.red, *edges, top.nir, top.nir, top.nir, *short]
    return np.stack([coarser(band) for band in full])


def coarser(raster: Floats) -> Floats:
    """Mean over squares of 5 × 5 pixels; a rest at the edge is left out."""
    rows, columns = (side // COARSER * COARSER for side in raster.shape)
    squares = raster[:rows, :columns].reshape(rows // COARSER, COARSER, columns // COARSER, COARSER)
    mean: Floats = squares.mean((1, 3), dtype=np.float32)
    return mean


def no2_column(
    no2_ug_m3: npt.NDArray[np.float64], tract: npt.NDArray[np.int16]
) -> npt.NDArray[np.float32]:
    """Column of nitrogen dioxide over the metro at 10 m, µmol/m², shape (H // 5, W // 5).

    Parameters
    ----------
    no2_ug_m3
        Mean at the ground of each tract, µg/m³.
    tract
        Tract of each pixel, shape (H, W); water takes the mean of the metro.
    """
    ground = np.append(no2_ug_m3, no2_ug_m3.mean())[tract].astype(np.float32)
    spread = gaussian_filter(coarser(ground), SPREAD_PX, mode="nearest")
    return (spread * np.float32(MIXED_M / GRAM_PER_MOL)).astype(np.float32)
