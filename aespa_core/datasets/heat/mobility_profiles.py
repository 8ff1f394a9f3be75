r"""A tract's week as the model reads it: the shape of each channel beside its volume.

.. math:: s_{ct} = \frac{T\, v_{ct}}{\sum_t v_{ct}}, \qquad \ell_c = \log(1 + \sum_t v_{ct})

Dividing each hour by its sum over channels, as the published code does, removes the volume and,
where channels run in step, the week itself.
"""

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def week_shape(weeks: Array) -> Array:
    """Divide each channel by its mean hour, shape (B, T, 3); 0 where a channel has no visit."""
    total = weeks.sum(1, keepdims=True)
    return np.where(total > 0, weeks.shape[1] * weeks / np.where(total > 0, total, 1.0), 0.0)


def week_volume(weeks: Array) -> Array:
    """Logarithm of one plus a week's visits, shape (B, 3); NaN where missing."""
    volume: Array = np.log1p(weeks.sum(1))
    return volume
