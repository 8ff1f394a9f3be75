r"""What a coefficient is in the law of the disparity worlds: the truth that intervals shall cover.

.. math:: \beta = E[\hat\beta(x, y)], \qquad
    \hat\beta = \frac1R \sum_{r=1}^{R} \hat\beta_r, \qquad
    s(\hat\beta) = \sqrt{\frac{\sum_r (\hat\beta_r - \hat\beta)^2}{R (R - 1)}}

People are drawn along with temperatures, and temperature is no straight line in the trees that
incomes follow: no slope of the regression is written in the law, and what least squares aims at
depends on how x is spread, on the weights and on the standardisation. So the truth is what the
same specification gives on average over worlds drawn from the law.

The worlds that it is computed from are not those whose intervals are counted. A mean over counted
worlds would lie among their own estimates and be covered a little too often; from others it is a
number fixed beforehand, and its own error, known from R, does not go with theirs.
"""

import zlib
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

COUNTED: Final = "counted"
TRUTH: Final = "truth"


@dataclass(frozen=True)
class Target:
    """True coefficients and their Monte Carlo standard errors, shape (K,) each."""

    value: Floats
    error: Floats


def truth_of(estimates: Floats) -> Target:
    """Average the estimates of worlds that are kept for the truth.

    Parameters
    ----------
    estimates
        One row a world, one column a coefficient, shape (R, K).

    Raises
    ------
    ValueError
        If there are fewer than two worlds, or an estimate is missing.
    """
    if len(estimates) < 2:
        raise ValueError(f"A truth needs two worlds or more: {len(estimates)} given.")
    if not np.isfinite(estimates).all():
        raise ValueError("An estimate of the truth's worlds is missing: each needs all of them.")
    return Target(
        value=estimates.mean(axis=0),
        error=estimates.std(axis=0, ddof=1) / np.sqrt(len(estimates)),
    )


def world_seeds(seed: int, purpose: str, count: int) -> tuple[int, ...]:
    """Give the seeds of the worlds of one purpose; the first of them do not depend on ``count``.

    Parameters
    ----------
    seed
        Of the benchmark.
    purpose
        :data:`COUNTED` or :data:`TRUTH`: two streams that share no world.
    count
        Worlds.
    """
    # 64 bits each: that two of some thousand worlds agree happens about never
    states = np.random.SeedSequence([seed, zlib.crc32(purpose.encode())])
    return tuple(int(state) for state in states.generate_state(count, np.uint64))
