"""What one image says of the five physical proxies."""

from dataclasses import asdict, dataclass
from typing import Final

import numpy as np


@dataclass(frozen=True)
class ProxyReading:
    """The proxies of :data:`aespa_core.schema.PROXIES` as one image shows them.

    A proxy is missing (NaN) where the image cannot tell, such as the albedo of a frame full of sky.

    Attributes
    ----------
    ndvi
        Vegetation index, −1 to 1.
    canopy, impervious, albedo, shadow
        Shares, 0 to 1; of what, the function that reads them says.
    """

    ndvi: float
    canopy: float
    impervious: float
    albedo: float
    shadow: float

    def as_dict(self) -> dict[str, float]:
        """Give the five by their name in the schema."""
        return asdict(self)


NOTHING: Final = ProxyReading(np.nan, np.nan, np.nan, np.nan, np.nan)
# An image without a value above this, of 255, is a lens cap or a hole in a mosaic, not a place.
BLACK_FRAME: Final = 7
