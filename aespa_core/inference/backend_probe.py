r"""How far estimates move with the backend, before there is a model: a linear probe stands for it.

.. math:: \hat y(x) = \bar y + k(x)^\top (K + \lambda I)^{-1} (y - \bar y), \qquad
          k_i(x) = \langle x, x_i \rangle / D

over standardised embeddings (ridge regression in its dual form), fitted on what the plain backend
gives. It leans on every direction of the embedding, so it moves rather more than a model does.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.pixels import read_pixels
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import StudyError
from aespa_core.inference.encoder_backend import (
    BackendChoice,
    LstOf,
    choose_backend,
    torch_fp32,
)
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.street import StreetEncoder

Floats = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]

PENALTY: Final = 0.1
# Images that backends are tried on: enough for a 99th percentile, few enough for a slow host.
IMAGES: Final = 128


def lst_probe(embeddings: Floats, lst_c: Array) -> LstOf:
    """Fit LST to n embeddings, (n, …) and °C, and give the function of other embeddings."""
    rows = embeddings.reshape(len(embeddings), -1).astype(float)
    middle, spread = rows.mean(0), rows.std(0) + 1e-6
    known = (rows - middle) / spread
    products = known @ known.T / known.shape[1]
    mean = lst_c.mean()
    weights = np.linalg.solve(products + PENALTY * np.eye(len(known)), lst_c - mean)

    def lst_of(others: Floats) -> Array:
        given = (others.reshape(len(others), -1) - middle) / spread
        return mean + given @ known.T / known.shape[1] @ weights

    return lst_of


def probed_backend(
    encoder: SatelliteEncoder | StreetEncoder, samples: HeatSamples, images: int = IMAGES
) -> BackendChoice:
    """Choose the backend of an encoder by images of a study and their tracts' day LST.

    Raises
    ------
    StudyError
        If no labelled tract has such an image.
    """
    tiles = isinstance(encoder, SatelliteEncoder)
    found = [
        (path, lst)
        for tile, photos, lst in zip(samples.tiles, samples.photos, samples.lst_day_c, strict=True)
        for path in ([tile] if tiles else photos[:1])
        if path is not None and np.isfinite(lst)
    ]
    if not found:
        what = "satellite tile" if tiles else "street photo"
        raise StudyError(
            f"No tract with a temperature has a {what}, so backends cannot be compared: name one "
            "with --backend."
        )
    # spread over the study, in its order
    places = np.unique(np.linspace(0, len(found) - 1, min(images, len(found))).astype(int))
    pixels = np.stack([read_pixels(found[i][0], encoder.image_px) for i in places])
    lst_c = np.array([found[i][1] for i in places])
    return choose_backend(encoder, pixels, lst_probe(torch_fp32(encoder)(pixels), lst_c))
