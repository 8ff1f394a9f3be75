r"""A tract's week as the model reads it: the shape of each channel beside its volume.

.. math:: s_{ct} = \frac{T\, v_{ct}}{\sum_t v_{ct}}, \qquad \ell_c = \log(1 + \sum_t v_{ct})

Dividing each hour by its sum over channels, as the published code does, removes the volume and,
where channels run in step, the week itself.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.studies.tables import HOURS_OF_WEEK

Array = npt.NDArray[np.float64]

CHANNELS: Final = ("visits", "outbound", "stay")


def mobility_weeks(table: pd.DataFrame, geoids: npt.NDArray[np.str_]) -> Array:
    """Lay table ``mobility`` out as weeks, shape (B, T, 3), visits/h.

    A tract with any hour missing is NaN throughout: half a week has no shape.
    """
    hours = pd.RangeIndex(HOURS_OF_WEEK, name="hour_of_week")
    index = pd.MultiIndex.from_product([geoids, hours], names=["geoid", "hour_of_week"])
    wide = table.set_index(["geoid", "hour_of_week"]).reindex(index)
    weeks = wide[list(CHANNELS)].to_numpy(float).reshape(len(geoids), HOURS_OF_WEEK, -1)
    # a channel that nobody reported stays missing as a channel; a hole in one hides the tract
    reported = np.isfinite(weeks).any((0, 1))
    whole = np.isfinite(weeks[:, :, reported]).all((1, 2)) & reported.any()
    return np.where(whole[:, None, None], weeks, np.nan)


def week_shape(weeks: Array) -> Array:
    """Divide each channel by its mean hour, shape (B, T, 3); 0 where a channel has no visit."""
    total = weeks.sum(1, keepdims=True)
    return np.where(total > 0, weeks.shape[1] * weeks / np.where(total > 0, total, 1.0), 0.0)


def week_volume(weeks: Array) -> Array:
    """Logarithm of one plus a week's visits, shape (B, 3); NaN where missing."""
    volume: Array = np.log1p(weeks.sum(1))
    return volume
