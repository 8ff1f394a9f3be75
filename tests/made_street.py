"""Draw streets, tiles and flat frames whose shares are known because the drawing sets them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


def flat(red: int, green: int, blue: int) -> npt.NDArray[np.uint8]:
    """Fill a frame with one colour, shape (120, 160, 3)."""
    return np.broadcast_to(np.array([red, green, blue], np.uint8), (120, 160, 3)).copy()


@dataclass(frozen=True)
class Street:
    """A street with its horizon in the middle; shares are of the frame's width."""

    height: int = 180
    width: int = 240
    wall: float = 0.4
    tree: float = 0.3
    lawn: float = 0.3
    shade: float = 0.2
    soil: float = 0.0
    sky: tuple[int, int, int] = (170, 200, 240)
    seed: int = 0

    def draw(self) -> npt.NDArray[np.uint8]:
        """Draw it: walls with windows left, trees right, below them road, shade, soil and lawn."""
        chance = np.random.default_rng(self.seed)
        half, low = self.height // 2, self.height - self.height // 2
        frame = np.zeros((self.height, self.width, 3))
        frame[:half] = np.array(self.sky) + np.linspace(-10, 10, half)[:, None, None]
        wall, tree, lawn, shade, soil = (
            int(share * self.width)
            for share in (self.wall, self.tree, self.lawn, self.shade, self.soil)
        )
        frame[half // 3 : half, :wall] = (150, 110, 95)
        for x in range(4, wall - 8, 16):
            for y in range(half // 3 + 5, half - 8, 16):
                frame[y : y + 9, x : x + 8] = (60, 65, 75)
        leaves = chance.uniform(0.5, 1.4, (half - half // 4, tree, 1))
        frame[half // 4 : half, self.width - tree :] = np.array([60, 95, 45]) * leaves
        frame[half:] = np.array([105, 104, 104]) + chance.normal(0, 2, (low, self.width, 1))
        frame[half:, 10 : 10 + shade] *= 0.4
        blades = chance.uniform(0.9, 1.1, (low, lawn, 1))
        frame[half:, self.width - lawn :] = np.array([95, 125, 65]) * blades
        end = self.width - lawn
        frame[half:, end - soil : end] = (150, 122, 92)
        return np.clip(frame, 0, 255).astype(np.uint8)

    @property
    def crowns(self) -> float:
        """Share of the view above the horizon under crowns."""
        half = self.height // 2
        return int(self.tree * self.width) / self.width * (half - half // 4) / half


def draw_tile(trees: float, lawn: float, roofs: float, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Draw a tile of four strips, the rest asphalt, shape (200, 200, 3)."""
    chance = np.random.default_rng(seed)
    tile = np.full((200, 200, 3), (92, 90, 88), dtype=np.float64)
    at = 0
    for share, color, grain in (
        (trees, (52, 80, 45), 0.35),
        (lawn, (70, 98, 62), 0.03),
        (roofs, (160, 158, 155), 0.02),
    ):
        end = at + round(share * 200)
        tile[at:end] = np.array(color) * chance.uniform(1 - grain, 1 + grain, (end - at, 200, 1))
        at = end
    return np.clip(tile, 0, 255).astype(np.uint8)
