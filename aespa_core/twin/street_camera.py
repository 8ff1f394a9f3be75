"""The panoramic camera of the simulated street: which cells of the raster each ray crosses.

A ray passes from cell to cell at the lines of the grid (Amanatides & Woo 1987, Eurographics 87:3),
so no wall, however thin, falls between two samples. The camera stands in the middle of a cell;
the fan of rays is therefore the same wherever it stands, and is made once.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.scene import PIXEL_M

# Sides of a cell, by the code in RayFan.face: the way that a wall looks.
FACE_AZIMUTH_DEG: Final = (0.0, 90.0, 180.0, 270.0)
TRUNK_RADIUS_M: Final = 0.2
# Its own cell begins at the lens; a positive number keeps slopes finite.
LENS_M: Final = 0.05


@dataclass(frozen=True)
class Camera:
    """An equirectangular camera that sees the whole sphere.

    Attributes
    ----------
    width, height
        Of the panorama, pixels; columns share 360°, rows 180° from the zenith to the nadir.
    above_ground_m
        Height of the lens; 2.5 m is that of the cars that take street imagery.
    reach_m
        Distance to which buildings and trees are seen at least; rays along the diagonals of the
        grid go just so far, those along its lines √2 times. Ground is seen to the horizon's row.
    """

    width: int = 256
    height: int = 128
    above_ground_m: float = 2.5
    reach_m: float = 250.0

    def __post_init__(self) -> None:
        """Refuse a size that would put a pixel's centre on the horizon or on a grid line."""
        if self.width < 4 or self.height < 2 or self.width % 4 or self.height % 2:
            raise ValueError(
                f"A panorama of {self.width} × {self.height} pixels: "
                "its width must be a multiple of 4 and its height of 2."
            )

    @property
    def elevation_rad(self) -> npt.NDArray[np.float64]:
        """Elevation of the rows' centres, from the zenith down, shape (R,)."""
        return np.pi / 2 - (np.arange(self.height) + 0.5) * np.pi / self.height

    @property
    def azimuth_rad(self) -> npt.NDArray[np.float64]:
        """Azimuth of the columns' centres, clockwise from north in the middle, shape (W,)."""
        return (np.arange(self.width) + 0.5) * 2 * np.pi / self.width - np.pi

    def first_row(self, slope: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
        """Find the first row whose centre looks no higher than a slope; `height` if none does."""
        below_zenith = np.pi / 2 - np.arctan(slope)
        return np.ceil(below_zenith * (self.height / np.pi) - 0.5).astype(np.intp)


@dataclass(frozen=True)
class RayFan:
    """Cells that the rays of a camera cross; S steps, W azimuths, R rows, G rows of ground.

    Attributes
    ----------
    d_row, d_col
        Cell relative to the camera's own, by step and azimuth, shape (S, W).
    near_m, far_m
        Horizontal distance where the ray enters and leaves the cell, m, float32, shape (S, W).
    face
        Side of the cell by which the ray enters, code of :data:`FACE_AZIMUTH_DEG`, shape (S, W).
    meets_trunk
        Whether the ray passes a trunk that stands in the middle of the cell, shape (S, W).
    ground_m
        Horizontal distance where a row meets level ground, m, infinite above the horizon,
        float32, shape (R,).
    ground_d_row, ground_d_col
        Cell of that point relative to the camera's own, shape (G, W), G = R / 2.
    """

    d_row: npt.NDArray[np.intp]
    d_col: npt.NDArray[np.intp]
    near_m: npt.NDArray[np.float32]
    far_m: npt.NDArray[np.float32]
    face: npt.NDArray[np.uint8]
    meets_trunk: npt.NDArray[np.bool_]
    ground_m: npt.NDArray[np.float32]
    ground_d_row: npt.NDArray[np.intp]
    ground_d_col: npt.NDArray[np.intp]

    @property
    def margin(self) -> int:
        """Farthest cell that any ray touches, cells."""
        touched = (self.d_row, self.d_col, self.ground_d_row, self.ground_d_col)
        return max(int(np.abs(cells).max()) for cells in touched)


@lru_cache(maxsize=4)
def ray_fan(camera: Camera) -> RayFan:
    """Follow the rays of a camera over the grid."""
    east, north = np.sin(camera.azimuth_rad), np.cos(camera.azimuth_rad)  # (W,)
    # A diagonal ray crosses the most lines a metre, so it says how many steps all need.
    steps = int(np.ceil(camera.reach_m * np.sqrt(2.0) / PIXEL_M))
    lines = (np.arange(steps + 1)[:, None] + 0.5) * PIXEL_M
    crossings = np.concatenate([lines / np.abs(east), lines / np.abs(north)])  # (2 lines, W)
    order = np.argsort(crossings, axis=0, kind="stable")[: steps + 1]
    line_m = np.take_along_axis(crossings, order, axis=0)  # (steps + 1, W)
    sideways = (order <= steps)[:-1]  # enters the next cell over a line that runs north
    d_col = np.cumsum(sideways, axis=0, dtype=np.intp) * np.sign(east).astype(np.intp)
    d_row = np.cumsum(~sideways, axis=0, dtype=np.intp) * -np.sign(north).astype(np.intp)
    face = np.where(sideways, np.where(east > 0, 3, 1), np.where(north > 0, 2, 0))

    own = np.zeros((1, camera.width), dtype=np.intp)
    d_row, d_col = np.concatenate([own, d_row]), np.concatenate([own, d_col])  # (S, W)
    aside_m = np.abs(d_col * PIXEL_M * north + d_row * PIXEL_M * east)
    near_m = np.concatenate([np.full((1, camera.width), LENS_M), line_m[:-1]])

    down = camera.height // 2
    ground_m = np.full(camera.height, np.inf)
    ground_m[down:] = -camera.above_ground_m / np.tan(camera.elevation_rad[down:])
    reach = ground_m[down:, None] / PIXEL_M  # (G, 1)
    return RayFan(
        d_row=d_row,
        d_col=d_col,
        near_m=near_m.astype(np.float32),
        far_m=line_m.astype(np.float32),
        face=np.concatenate([own, face]).astype(np.uint8),
        meets_trunk=aside_m < TRUNK_RADIUS_M,
        ground_m=ground_m.astype(np.float32),
        ground_d_row=-np.rint(reach * north).astype(np.intp),
        ground_d_col=np.rint(reach * east).astype(np.intp),
    )
