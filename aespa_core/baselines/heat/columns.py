"""Context and proxies as standardised columns: what every learning baseline is given alike."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.baselines.heat.contract import HeatData
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Columns:
    """How context and proxies become columns, learned from the training tracts.

    Attributes
    ----------
    centre, scale
        Mean and deviation of each of the C context columns and five proxies, shape (C + 5,).
    flagged
        Which of them get a column that says where they are missing, shape (C + 5,).
    metros
        Metros with training tracts; each gets a column, so that an unseen one has none.
    """

    centre: Array
    scale: Array
    flagged: Mask
    metros: tuple[str, ...]

    def __call__(self, data: HeatData) -> Array:
        """Give the columns of all tracts, finite, shape (B, F); a missing value is the mean."""
        raw = raw_columns(data)
        standard = np.nan_to_num((raw - self.centre) / self.scale)
        missing = np.isnan(raw)[:, self.flagged].astype(float)
        metro = data.samples.metro[:, None] == np.array(self.metros)  # (B, M)
        return np.hstack([standard, missing, metro.astype(float)])

    def without_metros(self) -> "Columns":
        """Forget which metro a tract lies in."""
        return Columns(self.centre, self.scale, self.flagged, ())


def raw_columns(data: HeatData) -> Array:
    """Context beside proxies, NaN where missing, shape (B, C + 5)."""
    return np.hstack([data.samples.context.to_numpy(float), data.proxies])


def learnable(data: HeatData) -> Mask:
    """Training tracts whose label is known, shape (B,).

    Raises
    ------
    ConfigError
        If there is none.
    """
    rows = data.split.train & np.isfinite(data.excess_c)
    if not rows.any():
        raise ConfigError(
            f"The split {data.split.kind} (seed {data.split.seed}) has no training tract with a "
            "temperature: a baseline needs some to learn from."
        )
    return rows


def fit_columns(data: HeatData) -> Columns:
    """Learn means, deviations and what is ever missing from the training tracts."""
    rows = learnable(data)
    raw = raw_columns(data)[rows]
    count = np.isfinite(raw).sum(axis=0)
    centre = np.nansum(raw, axis=0) / np.maximum(count, 1)
    spread = np.sqrt(np.nansum((raw - centre) ** 2, axis=0) / np.maximum(count, 1))
    flagged = (count > 0) & (count < len(raw))
    # a column that never varies, or was never there, says nothing: it is 0 and must stay finite
    return Columns(
        centre,
        np.where(spread > 1e-9, spread, np.inf),
        flagged,
        tuple(np.unique(data.samples.metro[rows])),
    )
