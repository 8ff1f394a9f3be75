"""Who learns, who stops the learning, and who is tested: three masks that never meet."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import ConfigError, StudyError

Mask = npt.NDArray[np.bool_]

BLOCKS: Final = "spatial_blocks"
METRO_OUT: Final = "leave_one_metro_out"
RANDOM: Final = "random"
SPLITS: Final = (BLOCKS, METRO_OUT, RANDOM)
# Shares of tracts that learn and that stop the learning; the rest is tested.
TRAIN_SHARE: Final = 0.6
VALIDATION_SHARE: Final = 0.2
BLOCKS_A_SIDE: Final = 5
# A batch of one has no spread to learn from.
LEAST_TAUGHT: Final = 2


@dataclass(frozen=True)
class HeatSplit:
    """A split by its kind, the metro left out (``all`` where none is) and its seed; masks (B,)."""

    kind: str
    metro: str
    seed: int
    train: Mask
    validation: Mask
    test: Mask


def heat_split(samples: HeatSamples, kind: str, seed: int, metro: str = "all") -> HeatSplit:
    """Split the labelled tracts of a study.

    Parameters
    ----------
    samples
        All tracts.
    kind
        ``spatial_blocks``: square blocks of each metro go whole to one side; ``random``: single
        tracts, to show how optimistic that is; ``leave_one_metro_out``: a metro is tested, blocks
        of the others stop the learning.
    seed
        Of the draw.
    metro
        The metro left out.

    Raises
    ------
    ConfigError
        If the kind is unknown, or the metro is not in the study.
    """
    if kind not in SPLITS:
        raise ConfigError(f"There is no split '{kind}': choose one of {', '.join(SPLITS)}.")
    labelled = np.isfinite(samples.lst_day_c)
    rng = np.random.default_rng([seed, SPLITS.index(kind)])
    if kind == METRO_OUT:
        apart = samples.metro == metro
        if not (apart & labelled).any():
            raise ConfigError(
                f"'{metro}' has no labelled tract here: choose one of "
                f"{', '.join(np.unique(samples.metro[labelled]))}."
            )
        drawn = drawn_blocks(samples, labelled & ~apart, rng, (1 - VALIDATION_SHARE, 1.0))
        return HeatSplit(kind, metro, seed, drawn == 0, drawn == 1, apart & labelled)
    ends = (TRAIN_SHARE, TRAIN_SHARE + VALIDATION_SHARE)
    if kind == BLOCKS:
        drawn = drawn_blocks(samples, labelled, rng, ends)
    else:
        drawn = np.full(len(samples), -1)
        rank = rng.permutation(labelled.sum())
        drawn[labelled] = np.searchsorted(ends, (rank + 0.5) / len(rank))
    return HeatSplit(kind, "all", seed, drawn == 0, drawn == 1, drawn == 2)


def drawn_blocks(
    samples: HeatSamples, wanted: Mask, rng: np.random.Generator, ends: tuple[float, float]
) -> npt.NDArray[np.int64]:
    """Give the blocks of each metro to sides 0, 1, 2 by cumulated share of tracts; −1 unwanted.

    A metro's blocks are cut at quantiles of its tracts, so that they hold about the same number.
    """
    side = np.full(len(samples), -1)
    for name in np.unique(samples.metro[wanted]):
        rows = np.flatnonzero(wanted & (samples.metro == name))
        block = block_of(samples.place_km[rows])
        order = rng.permutation(block.max() + 1)
        count = np.bincount(block)[order]
        # a block belongs where its middle falls in the cumulated share
        middle = (np.cumsum(count) - count / 2) / count.sum()
        which = np.empty(len(order), np.int64)
        which[order] = np.searchsorted(ends, middle)
        side[rows] = which[block]
    return side


def block_of(place_km: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Give blocks of equal count numbers: columns eastward, each cut northward."""
    edges = np.arange(1, BLOCKS_A_SIDE) / BLOCKS_A_SIDE
    column = np.searchsorted(np.quantile(place_km[:, 0], edges), place_km[:, 0])
    block = np.zeros(len(place_km), np.int64)
    for number in np.unique(column):
        inside = column == number
        north = place_km[inside, 1]
        block[inside] = number * BLOCKS_A_SIDE + np.searchsorted(np.quantile(north, edges), north)
    return np.unique(block, return_inverse=True)[1]


def refuse_unlabelled(split: HeatSplit, study: Path) -> None:
    """Refuse a split of which nothing can be learned, before images are looked at.

    Raises
    ------
    StudyError
        If too few tracts with a day's temperature learn, or none stops the learning.
    """
    learning, stopping = int(split.train.sum()), int(split.validation.sum())
    if learning < LEAST_TAUGHT or not stopping:
        raise StudyError(
            f"{study} has too few tracts with a day temperature (lst_day_c): of this split "
            f"{learning} learn and {stopping} stop the learning, and at least {LEAST_TAUGHT} and 1 "
            "are needed; measure more tracts, or choose another --split."
        )
