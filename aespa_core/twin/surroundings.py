"""The scene around street cameras: rasters laid out so that casting a ray is one look-up."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.twin.scene import Scene
from aespa_core.twin.street_camera import Camera, RayFan, ray_fan


@dataclass(frozen=True)
class Surroundings:
    """A scene with a margin as wide as the camera sees, flattened, so no ray leaves it; N cells.

    Beyond the scene's border its outermost ground goes on, without buildings and trees.

    Attributes
    ----------
    camera, fan
        Camera and its rays.
    margin, stride
        Width of the margin and of a padded row, cells.
    building_m, tree_m, brightness, moisture
        As in the scene, float32, shape (N,).
    ground
        Material's code, uint8, shape (N,).
    shaded
        Whether the sun's beam does not reach the ground, shape (N,).
    steps, ground_steps
        The fan's cells as steps in the flattened rasters, shapes (S, W) and (G, W).
    """

    camera: Camera
    fan: RayFan
    margin: int
    stride: int
    building_m: npt.NDArray[np.float32]
    tree_m: npt.NDArray[np.float32]
    brightness: npt.NDArray[np.float32]
    moisture: npt.NDArray[np.float32]
    ground: npt.NDArray[np.uint8]
    shaded: npt.NDArray[np.bool_]
    steps: npt.NDArray[np.intp]
    ground_steps: npt.NDArray[np.intp]

    def cell(self, row: int, col: int) -> int:
        """Flat index of a cell of the scene."""
        return (row + self.margin) * self.stride + col + self.margin


def surroundings_of(
    scene: Scene, shade: npt.NDArray[np.bool_] | None = None, camera: Camera | None = None
) -> Surroundings:
    """Prepare a scene for its cameras, once.

    Parameters
    ----------
    scene
        The metro.
    shade
        Whether the sun's beam does not reach the ground, shape (H, W); None for no shadows.
    camera
        The standard camera if None.

    Raises
    ------
    ValueError
        If the shade has another shape than the scene.
    """
    if shade is None:
        shade = np.zeros(scene.ground.shape, dtype=np.bool_)
    if shade.shape != scene.ground.shape:
        raise ValueError(f"Shade of shape {shade.shape}: the scene's is {scene.ground.shape}.")
    camera = camera or Camera()
    fan = ray_fan(camera)
    margin = fan.margin
    stride = scene.ground.shape[1] + 2 * margin
    return Surroundings(
        camera,
        fan,
        margin,
        stride,
        building_m=np.pad(scene.building_m, margin).ravel(),
        tree_m=np.pad(scene.tree_m, margin).ravel(),
        brightness=np.pad(scene.brightness, margin, mode="edge").ravel(),
        moisture=np.pad(scene.moisture, margin, mode="edge").ravel(),
        ground=np.pad(scene.ground, margin, mode="edge").ravel(),
        shaded=np.pad(shade, margin).ravel(),
        steps=fan.d_row * stride + fan.d_col,
        ground_steps=fan.ground_d_row * stride + fan.ground_d_col,
    )
