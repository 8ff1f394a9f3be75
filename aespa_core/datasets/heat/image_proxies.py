"""The five proxies of every tract as images tell them, none by what was learned on it."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.heat.folds import FOLDS, blocks_of, training_folds
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.datasets.proxies.image_estimator import ImageEstimator, fit_image_estimator
from aespa_core.schema import PROXY_IDS

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


def image_proxies(
    numbers: pd.DataFrame,
    samples: HeatSamples,
    split: HeatSplit,
    folds: int = FOLDS,
    seed: int = 0,
) -> Array:
    """Read the proxies off images with an estimator that learns on ``split.train``.

    A training tract is read by an estimator that learned without its fold, so that whoever learns
    from its proxies meets the errors that the tested tracts will have.

    Parameters
    ----------
    numbers
        Of each tract's images, B rows in the order of the samples, NaN where no image tells.
    samples
        All tracts; ``proxies`` are what is learned from, where they are finite and in training.
    split
        Who learns.
    folds, seed
        Of :func:`aespa_core.datasets.heat.folds.training_folds`.

    Returns
    -------
    Array
        Shape (B, 5); NaN where a tract has no image, or where no training tract has the proxy.
    """
    seen = numbers.notna().any(axis=1).to_numpy(bool)
    found = np.full((len(samples), len(PROXY_IDS)), np.nan)
    if not seen.any():
        return found
    fold = training_folds(samples, split, folds, seed)
    blocks = blocks_of(samples)
    known = np.isfinite(samples.proxies) & (split.train & seen)[:, None]
    # proxies that are measured at the same tracts are learned together
    for pattern in np.unique(known, axis=1).T:
        which = (known == pattern[:, None]).all(axis=0)
        if not pattern.any():
            continue
        for number in (-1, *np.unique(fold[split.train])):
            asked = seen & (fold == number)
            taught = pattern & (fold != number)
            if asked.any() and taught.any():
                # of two folds one is left: its blocks choose the penalty
                apart = fold.astype(str) if len(np.unique(fold[taught])) > 1 else blocks
                estimator = fitted(numbers, samples.proxies, taught, apart)
                values = estimator(numbers[asked]).to_numpy(float)
                found[np.ix_(asked, which)] = values[:, which]
    return found


def fitted(
    numbers: pd.DataFrame, proxies: Array, taught: Mask, apart: npt.NDArray[np.str_]
) -> ImageEstimator:
    """Learn on some tracts; the penalty leaves groups out in turn."""
    # the estimator wants all five columns: a proxy that is unknown here is learned as 0, not used
    truth = pd.DataFrame(np.nan_to_num(proxies[taught]), columns=list(PROXY_IDS))
    return fit_image_estimator(
        numbers[taught].reset_index(drop=True), truth, apart[taught].tolist()
    )
