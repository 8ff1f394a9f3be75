"""Moran's I: whether near tracts are alike, in a value or in what a regression leaves of it."""

from dataclasses import dataclass

import numpy as np

from aespa_core.analysis.spatial.connected_sample import ConnectedSample, connected_sample
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, pysal_weights
from aespa_core.errors import StudyError


@dataclass(frozen=True)
class Moran:
    """Moran's I with its moments under no spatial dependence.

    Attributes
    ----------
    statistic, expectation, variance
        I, and its mean and variance if values were strewn at random.
    z
        (I − expectation) / √variance.
    p
        Two-sided, normal.
    tracts
        Number used, all with neighbours.
    left_out
        Geoids without neighbours.
    """

    statistic: float
    expectation: float
    variance: float
    z: float
    p: float
    tracts: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class MoranScatter:
    """Points of the Moran scatter plot; the slope of the line through them is I.

    Attributes
    ----------
    standardised
        (N,) values in standard deviations from the mean of the tracts with neighbours.
    lag
        (N,) mean of the neighbours' standardised values. Both NaN where there are none.
    slope
        Moran's I.
    """

    standardised: np.ndarray
    lag: np.ndarray
    slope: float


def moran(values: np.ndarray, weights: SpatialWeights) -> Moran:
    r"""Compute Moran's I of values (N,), moments under randomisation.

    .. math:: I = \frac{n}{S_0} \frac{z'Wz}{z'z}

    Cliff & Ord (1981), Spatial Processes; the numbers are esda's. Tracts without neighbours are
    left out of the mean too.

    Raises
    ------
    StudyError
        If the values are missing somewhere or the same everywhere, or too few have neighbours.
    """
    from esda.moran import Moran as EsdaMoran

    sample = connected_sample(values, None, weights)
    found = EsdaMoran(sample.y, pysal_weights(sample.weights), permutations=0)
    return Moran(
        float(found.I),
        float(found.EI),
        float(found.VI_rand),
        float(found.z_rand),
        float(found.p_rand),
        len(sample.y),
        sample.left_out,
    )


def residual_moran(
    y: np.ndarray,
    x: np.ndarray,
    weights: SpatialWeights,
    weighted: np.ndarray | None = None,
) -> Moran:
    """Compute Moran's I of the residuals of a regression, as R's ``lm.morantest``.

    Residuals are not free values: they are orthogonal to x, and the moments know it (Cliff & Ord
    1981, p. 201–203). The numbers are spreg's. The regression is fitted here, on the tracts with
    neighbours.

    Parameters
    ----------
    y
        (N,) outcome.
    x
        (N, K) design with its constant.
    weights
        Of the N tracts.
    weighted
        (N,) positive weights of the regression (residuals are then those of √w y on √w x), or
        None for ordinary least squares.
    """
    from spreg import MoranRes

    sample = connected_sample(y, x, weights)
    root = np.ones(len(sample.y))
    if weighted is not None:
        given = np.asarray(weighted, float)[sample.used]
        if not (given > 0).all():
            raise StudyError(
                f"{int((~(given > 0)).sum())} tracts have no positive regression weight: leave "
                "them out before spatial weights are made."
            )
        root = np.sqrt(given)
    fit = least_squares_span(sample, root)
    found = MoranRes(fit, pysal_weights(sample.weights), z=True)
    return Moran(
        float(found.I),
        float(found.eI),
        float(found.vI),
        float(found.zI),
        float(found.p_norm),
        len(sample.y),
        sample.left_out,
    )


def moran_scatter(values: np.ndarray, weights: SpatialWeights) -> MoranScatter:
    """Give the points of the Moran scatter plot; arguments and errors as in `moran`."""
    sample = connected_sample(values, None, weights)
    centred = (sample.y - sample.y.mean()) / sample.y.std()  # (n,)
    lag = sample.weights.matrix @ centred
    points = np.full((2, len(sample.used)), np.nan)
    points[:, sample.used] = centred, lag
    return MoranScatter(points[0], points[1], float(centred @ lag / (centred @ centred)))


def least_squares_span(sample: ConnectedSample, root: np.ndarray | None = None) -> object:
    """Fit spreg's least squares on an orthonormal basis of the design's columns.

    Tests on residuals see only the span of x; on this basis X'X is the identity, so that dollars
    beside shares cost no digits.

    Parameters
    ----------
    root
        (n,) square roots of the regression's weights, or None.
    """
    from spreg.ols import BaseOLS

    root = np.ones(len(sample.y)) if root is None else root  # (n,)
    basis = np.linalg.qr(sample.x * root[:, None]).Q  # (n, K)
    return BaseOLS((sample.y * root)[:, None], basis)
