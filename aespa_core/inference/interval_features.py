"""What the width of an interval may depend on: how unsure the model is, and what the place is."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.tract_features import URBAN_PER_KM2, TractFeatures
from aespa_core.inference.tract_estimate import TractEstimate

Array = npt.NDArray[np.float64]

NAMES: Final = (
    "log_member_sd",
    "log_area_sd",
    "size_of_difference",
    "log_housing",
    "log_land_km2",
    "near_sea",
)
PLACE: Final = ("log_housing", "log_land_km2", "near_sea")
# members that agree to the last digit, or an area without contrast: keeps logarithms finite
FLOOR_C: Final = 0.01


def interval_features(estimate: TractEstimate, features: TractFeatures) -> Array:
    """Describe each tract of one area for the scale of its error.

    Parameters
    ----------
    estimate
        Of all tracts of one area.
    features
        Of the same tracts.

    Returns
    -------
    Array
        Shape (B, F), columns :data:`NAMES`: standard deviation over members (log °C), of the
        estimates over the area's urban tracts (log °C), distance of the estimate from the area's
        median (°C), and of the place housing density, land area and nearness of the sea.
    """
    place = features.context[list(PLACE)].to_numpy(float)
    mean = features.context_mean[list(PLACE)].to_numpy(float)
    # a tract without land has no density of its own
    place = np.where(np.isfinite(place), place, mean)
    # the countryside around a metro differs more than anything that was labelled
    urban = features.context["log_people"].to_numpy() >= np.log1p(URBAN_PER_KM2)
    contrast = estimate.anomaly_c[urban if urban.any() else slice(None)].std()
    return np.column_stack(
        [
            np.log(estimate.member_c.std(0) + FLOOR_C),
            np.full(len(place), np.log(contrast + FLOOR_C)),
            np.abs(estimate.anomaly_c),
            place,
        ]
    )
