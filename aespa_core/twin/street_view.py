"""What a camera in the street sees: class, distance and place of every pixel of a panorama.

Buildings are solid columns on level ground. The crown of a tree hangs between
:data:`CROWN_BASE` of its height and its top, on a thin trunk, and lets some rays through. The
nearest thing that stops a ray is what the pixel shows, so masks are true by construction.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.studies.truth_tables import STREET_CLASSES
from aespa_core.twin.materials import MATERIALS, ROOFS
from aespa_core.twin.street_camera import Camera
from aespa_core.twin.surroundings import Surroundings

# The position is the code in a panorama's mask.
STREET_CODE: Final = {name: code for code, name in enumerate(STREET_CLASSES)}
SKY: Final = STREET_CODE["sky"]
BUILDING: Final = STREET_CODE["building"]
TREE: Final = STREET_CODE["tree"]

CROWN_BASE: Final = 0.3
# Extinction of a ray inside a crown, 1/m: a crown of 5 m hides 97 of 100 points behind it.
CROWN_EXTINCTION: Final = 0.7
LEAF_CLUMP_M: Final = 0.3
_GROUND: Final = {
    "asphalt": "road", "concrete": "pavement", "bare_soil": "soil", "grass": "grass",
    "dry_grass": "grass", "tree": "grass", "water": "water",
}  # fmt: skip
CLASS_OF_GROUND: Final = np.array(
    [BUILDING if c in ROOFS else STREET_CODE[_GROUND[m.id]] for c, m in enumerate(MATERIALS)],
    dtype=np.uint8,
)


@dataclass(frozen=True)
class View:
    """What the pixels of a panorama show; R rows from zenith to nadir, W columns, north amid.

    Attributes
    ----------
    mask
        Code of :data:`STREET_CLASSES`, uint8, shape (R, W).
    distance_m
        Horizontal distance of the point seen, infinite in the sky, float32, shape (R, W).
    cell
        Flat index of its cell in the surroundings; 0 in the sky, shape (R, W).
    face
        Side of the cell that is seen, code of ``FACE_AZIMUTH_DEG``, uint8, shape (R, W).
    trunk
        Whether it is a trunk, shape (R, W).
    """

    mask: npt.NDArray[np.uint8]
    distance_m: npt.NDArray[np.float32]
    cell: npt.NDArray[np.intp]
    face: npt.NDArray[np.uint8]
    trunk: npt.NDArray[np.bool_]


def look(around: Surroundings, row: int, col: int) -> View:
    """Cast the rays of a camera that stands in a cell of the scene.

    Parameters
    ----------
    around
        The prepared scene.
    row, col
        Cell of the camera; a crown there must hang higher than the lens.

    Raises
    ------
    ValueError
        If a building stands there.
    """
    camera, fan = around.camera, around.fan
    if around.building_m[around.cell(row, col)] > 0:
        raise ValueError(f"A building stands in row {row}, column {col}: choose a cell outdoors.")
    cells = around.steps + around.cell(row, col)  # (S, W)
    skyline = _skyline(around.building_m[cells], around)
    wall = _first_wall(skyline, camera)  # (R, W)
    leaf, trunk = _first_tree(around.tree_m[cells], cells, skyline, around)

    seen = np.where(leaf >= 0, leaf, wall)  # step · W + azimuth of what stops the ray, else -1
    distance = np.where(seen >= 0, fan.near_m.ravel()[seen], np.float32(np.inf))
    mask = np.where(seen >= 0, np.where(leaf >= 0, TREE, BUILDING), SKY).astype(np.uint8)
    cell = np.where(seen >= 0, cells.ravel()[seen], 0)

    down = camera.height // 2
    on_ground = distance[down:] >= fan.ground_m[down:, None]  # (G, W)
    ground = around.ground_steps + around.cell(row, col)
    cell[down:] = np.where(on_ground, ground, cell[down:])
    mask[down:] = np.where(on_ground, CLASS_OF_GROUND[around.ground[ground]], mask[down:])
    distance[down:] = np.where(on_ground, fan.ground_m[down:, None], distance[down:])
    return View(mask, distance, cell, fan.face.ravel()[seen], trunk & (mask == TREE))


def _skyline(building_m: npt.NDArray[np.float32], around: Surroundings) -> npt.NDArray[np.float32]:
    """Slope up to which buildings block the ray before each step and after the last, (S + 1, W)."""
    fan, lens = around.fan, around.camera.above_ground_m
    # One looks down on the far edge of a building lower than the lens.
    edge_m = np.where(building_m < lens, fan.far_m, fan.near_m)
    slope = np.where(building_m > 0, (building_m - lens) / edge_m, np.float32(-np.inf))
    open_sky = np.full((1, slope.shape[1]), -np.inf, dtype=np.float32)
    return np.maximum.accumulate(np.concatenate([open_sky, slope]), axis=0)


def _first_wall(skyline: npt.NDArray[np.float32], camera: Camera) -> npt.NDArray[np.intp]:
    """Index (step · W + azimuth) of the first building that stops each ray, -1 if none, (R, W)."""
    rises = np.flatnonzero(skyline[1:] > skyline[:-1])
    top = camera.first_row(skyline[1:].ravel()[rises])
    bottom = camera.first_row(skyline[:-1].ravel()[rises])
    which, rows = _rows_between(top, bottom)
    wall = np.full(camera.height * camera.width, -1, dtype=np.intp)
    wall[rows * camera.width + rises[which] % camera.width] = rises[which]
    return wall.reshape(camera.height, camera.width)


def _first_tree(
    tree_m: npt.NDArray[np.float32],
    cells: npt.NDArray[np.intp],
    skyline: npt.NDArray[np.float32],
    around: Surroundings,
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """Index of the first crown or trunk that stops each ray, -1 if none, and whether a trunk."""
    camera, fan = around.camera, around.fan
    crowns = np.flatnonzero(tree_m)
    trunks = crowns[fan.meets_trunk.ravel()[crowns] & _holds_trunk(cells.ravel()[crowns], around)]
    step = np.concatenate([crowns, trunks])
    base = CROWN_BASE * tree_m.ravel()[step]
    high = np.where(np.arange(step.size) < crowns.size, tree_m.ravel()[step], base)
    low = np.where(np.arange(step.size) < crowns.size, base, 0.0)
    near, far = fan.near_m.ravel()[step], fan.far_m.ravel()[step]
    above, below = high - camera.above_ground_m, low - camera.above_ground_m
    top = camera.first_row(np.maximum(above / near, above / far))
    bottom = camera.first_row(np.minimum(below / near, below / far))
    # Buildings in front hide what is not above them.
    bottom = np.minimum(bottom, camera.first_row(skyline.ravel()[step]))

    which, rows = _rows_between(top, bottom)
    at, cell = step[which], cells.ravel()[step[which]]
    # Leaves hang in clumps: near ones span several pixels, and so do the gaps between them.
    clump = np.clip(LEAF_CLUMP_M * camera.height / np.pi / near, 1, 2).astype(np.intp)[which]
    through = np.exp(-CROWN_EXTINCTION * (far - near))[which]
    chance = _speckle(cell, rows // clump, at % camera.width // clump)
    stops = (which >= crowns.size) | (chance >= through)
    # Farthest first: the nearest one is written last and stays.
    order = np.argsort(-(at[stops] // camera.width), kind="stable")
    pixel = (rows * camera.width + at % camera.width)[stops][order]
    leaf = np.full(camera.height * camera.width, -1, dtype=np.intp)
    trunk = np.zeros(leaf.size, dtype=np.bool_)
    leaf[pixel] = at[stops][order]
    trunk[pixel] = (which >= crowns.size)[stops][order]
    shape = (camera.height, camera.width)
    return leaf.reshape(shape), trunk.reshape(shape)


def _holds_trunk(cell: npt.NDArray[np.intp], around: Surroundings) -> npt.NDArray[np.bool_]:
    """Whether a trunk stands in a cell: one of five, so that any cross of five cells has one."""
    row, col = np.divmod(cell, around.stride)
    return (row + 2 * col) % 5 == 0


def _speckle(
    cell: npt.NDArray[np.intp], row: npt.NDArray[np.intp], col: npt.NDArray[np.intp]
) -> npt.NDArray[np.float32]:
    """Hash the crossing of a ray and a cell into [0, 1): the same whatever else the scene holds."""
    mixed = (cell.astype(np.uint32) * np.uint32(2654435761)) ^ (
        row.astype(np.uint32) * np.uint32(40503) + col.astype(np.uint32) * np.uint32(2246822519)
    )
    mixed = (mixed ^ (mixed >> np.uint32(15))) * np.uint32(2246822519)
    return (mixed >> np.uint32(8)).astype(np.float32) * np.float32(2.0**-24)


def _rows_between(
    top: npt.NDArray[np.intp], bottom: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """List the rows of many half-open intervals: which interval, and the row."""
    length = np.maximum(bottom - top, 0)
    which = np.repeat(np.arange(length.size), length)
    start = np.cumsum(length) - length
    return which, np.arange(which.size) - (start - top)[which]
