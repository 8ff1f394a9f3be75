"""What lies in each tract of a simulated metro: the input of its people, movement and air."""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Mean distance of two random points in a unit square, (2 + √2 + 5 asinh 1) / 15
# (Santaló 1976, Integral Geometry and Geometric Probability).
MEAN_DISTANCE_IN_SQUARE: Final = 0.521405


@dataclass(frozen=True)
class Land:
    """Land of one metro, one entry a tract, every array of shape (B,).

    Attributes
    ----------
    metro
        Metro id.
    geoid
        Tract ids, 11 digits.
    x_m, y_m
        Centroid east and north of the metro's origin, metres.
    land_km2
        Land area, km², above 0.
    canopy
        Share of the land under tree crowns, 0–1.
    homes_m2
        Floor area of homes, m².
    work_m2
        Floor area of commerce and industry, m².
    shop_m2
        Part of ``work_m2`` that is retail, m².
    park_km2
        Area of parks, km².
    road_km, road_m2
        Length of roads, km, and their surface, m².
    canyon_aspect
        Mean building height over street width.
    centre_km
        Distance from the metro's centre, km.

    Raises
    ------
    ValueError
        If arrays differ in shape, or hold what is not a finite number in range.
    """

    metro: str
    geoid: npt.NDArray[np.str_]
    x_m: Floats
    y_m: Floats
    land_km2: Floats
    canopy: Floats
    homes_m2: Floats
    work_m2: Floats
    shop_m2: Floats
    park_km2: Floats
    road_km: Floats
    road_m2: Floats
    canyon_aspect: Floats
    centre_km: Floats

    def __post_init__(self) -> None:
        """Refuse land that no metro can have."""
        for field in fields(self)[2:]:
            values = getattr(self, field.name)
            if values.shape != self.geoid.shape:
                raise ValueError(
                    f"Land.{field.name} has shape {values.shape}: "
                    f"one number a tract is right, {self.geoid.shape}."
                )
            low = -np.inf if field.name in ("x_m", "y_m") else 0.0
            if not (np.isfinite(values) & (values >= low)).all():
                raise ValueError(f"Land.{field.name} must be finite and at least {low:g}.")
        if (self.land_km2 == 0).any() or (self.canopy > 1).any():
            raise ValueError("Land.land_km2 must be above 0 and Land.canopy at most 1.")

    @property
    def tracts(self) -> int:
        """Number of tracts B."""
        return len(self.geoid)

    @property
    def side_m(self) -> Floats:
        """Side of a square of the tract's area, m."""
        return 1000.0 * np.sqrt(self.land_km2)

    @property
    def distance_km(self) -> Floats:
        """Distance between centroids, and within a tract that of two random points, km, (B, B)."""
        apart = np.hypot(self.x_m[:, None] - self.x_m, self.y_m[:, None] - self.y_m)
        apart[np.diag_indices_from(apart)] = MEAN_DISTANCE_IN_SQUARE * self.side_m
        kilometres: Floats = apart / 1000.0
        return kilometres

    @property
    def street_width_m(self) -> Floats:
        """Surface over length of roads, m; 0 where there is no road."""
        metres = 1000.0 * self.road_km
        return np.divide(self.road_m2, metres, out=np.zeros_like(metres), where=metres > 0)

    @property
    def street_height_m(self) -> Floats:
        """Mean height of the buildings along the streets, m."""
        return self.canyon_aspect * self.street_width_m
