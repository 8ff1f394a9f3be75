"""Lagrange multiplier tests: which spatial model a regression lacks."""

from dataclasses import dataclass

import numpy as np

from aespa_core.analysis.spatial.connected_sample import connected_sample
from aespa_core.analysis.spatial.moran import least_squares_span
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, pysal_weights


@dataclass(frozen=True)
class LagrangeTest:
    """One test: χ² ``statistic`` with ``freedom`` degrees of freedom and its ``p``."""

    statistic: float
    freedom: int
    p: float


@dataclass(frozen=True)
class LagrangeTests:
    """The five tests of Anselin et al. (1996), Reg. Sci. Urban Econ. 26:77.

    Attributes
    ----------
    error, lag
        Against a spatial error, against a lag of the outcome.
    robust_error, robust_lag
        Each where the other may be present too.
    sarma
        Against both at once.
    tracts
        Number used, all with neighbours.
    left_out
        Geoids without neighbours.
    """

    error: LagrangeTest
    lag: LagrangeTest
    robust_error: LagrangeTest
    robust_lag: LagrangeTest
    sarma: LagrangeTest
    tracts: int
    left_out: tuple[str, ...]


def lagrange_tests(y: np.ndarray, x: np.ndarray, weights: SpatialWeights) -> LagrangeTests:
    """Test the residuals of y (N,) on x (N, K) with its constant; the numbers are spreg's.

    Raises
    ------
    StudyError
        As `aespa_core.analysis.spatial.moran.residual_moran`.
    """
    from spreg import LMtests

    sample = connected_sample(y, x, weights)
    found = LMtests(
        least_squares_span(sample),
        pysal_weights(sample.weights),
        tests=["lme", "lml", "rlme", "rlml", "sarma"],
    )

    def test(pair: tuple[float, float], freedom: int = 1) -> LagrangeTest:
        return LagrangeTest(float(pair[0]), freedom, float(pair[1]))

    return LagrangeTests(
        test(found.lme),
        test(found.lml),
        test(found.rlme),
        test(found.rlml),
        test(found.sarma, 2),
        len(sample.y),
        sample.left_out,
    )
