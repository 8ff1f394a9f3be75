"""Training tracts dealt into folds that are as far from each other as the tested tracts are."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import METRO_OUT, RANDOM, HeatSplit, block_of
from aespa_core.errors import ConfigError

FOLDS: Final = 5


def training_folds(
    samples: HeatSamples, split: HeatSplit, folds: int = FOLDS, seed: int = 0
) -> npt.NDArray[np.int64]:
    """Give each training tract the number of its fold, −1 to all others, shape (B,).

    What is learned without a fold and applied to it errs as it will on tested tracts: where a metro
    is tested, a fold is a metro (a single training metro is cut into blocks, the farthest apart
    that it holds); where blocks are, blocks stay whole; where single tracts are, so here.

    Parameters
    ----------
    samples
        All tracts.
    split
        Who learns, and what is tested.
    folds
        How many; as many as there are metros where metros are folds.
    seed
        Of the deal.

    Raises
    ------
    ConfigError
        If there is too little to make two folds of.
    """
    rows = np.flatnonzero(split.train)
    groups = groups_of(samples, split)[rows]
    names, group = np.unique(groups, return_inverse=True)
    if len(names) < 2:
        raise ConfigError(
            f"The split {split.kind} has {len(rows)} training tracts in {len(names)} group(s): two "
            "are needed, so that one can be estimated by the other."
        )
    by_metro = split.kind == METRO_OUT and len(np.unique(samples.metro[rows])) > 1
    fold = np.full(len(samples), -1)
    if by_metro:
        fold[rows] = group
        return fold
    order = np.random.default_rng([seed, folds]).permutation(len(names))
    # dealt round by round: folds differ by one group at most
    fold[rows] = order[group] % min(folds, len(names))
    return fold


def groups_of(samples: HeatSamples, split: HeatSplit) -> npt.NDArray[np.str_]:
    """Name what must stay together: the metro, the block or the tract, shape (B,)."""
    if split.kind == RANDOM:
        return samples.geoid
    if split.kind == METRO_OUT and len(np.unique(samples.metro[split.train])) > 1:
        return samples.metro
    return blocks_of(samples)


def blocks_of(samples: HeatSamples) -> npt.NDArray[np.str_]:
    """Name the spatial block of each tract within its metro, shape (B,)."""
    group = np.empty(len(samples), dtype=object)
    for metro in np.unique(samples.metro):
        rows = np.flatnonzero(samples.metro == metro)
        group[rows] = [f"{metro}/{block}" for block in block_of(samples.place_km[rows])]
    return group.astype(str)
