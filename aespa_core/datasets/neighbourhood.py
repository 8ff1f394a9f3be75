"""Which tracts lie near a tract, and what they are like on average."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.spatial import cKDTree

from aespa_core.sources.shorelines import points_on_sphere

Array = npt.NDArray[np.float64]

NEIGHBOURS: Final = 200


@dataclass(frozen=True)
class Neighbourhood:
    """The :data:`NEIGHBOURS` tracts nearest to each of B tracts, nearest first, itself left out.

    Attributes
    ----------
    row
        Rows of the national table, shape (B, N).
    km
        Distances between centres of population, km, shape (B, N).
    own
        Row of the tract itself, shape (B,).
    """

    row: npt.NDArray[np.int64]
    km: Array
    own: npt.NDArray[np.int64]


def neighbourhood(table: pd.DataFrame, own: npt.NDArray[np.int64]) -> Neighbourhood:
    """Find the nearest other tracts of each tract."""
    place = points_on_sphere(table["lat"].to_numpy(), table["lon"].to_numpy())
    km, row = cKDTree(place).query(place[own], k=NEIGHBOURS + 1)
    # a tract is usually its own nearest, but two tracts may share a centre
    km = np.where(row == own[:, None], np.inf, km)
    order = np.argsort(km, axis=1)[:, :NEIGHBOURS]
    return Neighbourhood(np.take_along_axis(row, order, 1), np.take_along_axis(km, order, 1), own)


def kernel_mean(values: Array, near: Neighbourhood, scale_km: float, weight: Array) -> Array:
    r"""Average neighbours by nearness.

    .. math:: \bar v_i = \sum_j w_j e^{-d_{ij}/s} v_j / \sum_j w_j e^{-d_{ij}/s}

    Neighbours without a value are left out; NaN where none has one. All weights are positive, so
    that the mean never falls when a value rises.

    Parameters
    ----------
    values, weight
        Of all tracts of the country, shape (T,).
    near
        Who is near, shape (B, N).
    scale_km
        Length s.
    """
    value = values[near.row]  # (B, N)
    # relative to the nearest, which drops out of the ratio: no underflow in the countryside
    kernel = np.exp(-(near.km - near.km[:, :1]) / scale_km) * weight[near.row]
    kernel = np.where(np.isfinite(value), kernel, 0.0)
    total = kernel.sum(1)
    with np.errstate(invalid="ignore"):
        return np.where(total > 0, (kernel * np.nan_to_num(value)).sum(1) / total, np.nan)
