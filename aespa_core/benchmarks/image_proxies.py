"""Proxies from images alone against people's labels (CamVid) and measured infrared (NAIP).

What thresholds were chosen on is kept apart from what they are judged by. CamVid: its own training
frames are for development; its validation and test frames, a whole sequence among them, are held
out. NAIP: two whole cities are for development, two are held out.
"""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.benchmarks.image_scores import MENDED, PUBLISHED, Judged, rows_of
from aespa_core.benchmarks.table import Row
from aespa_core.datasets.proxies.pixel_color import pixel_color
from aespa_core.datasets.proxies.satellite_proxies import satellite_proxies
from aespa_core.datasets.proxies.street_proxies_published import published_proxies
from aespa_core.datasets.proxies.street_segments import SKY, VEGETATION, street_segments
from aespa_core.datasets.proxies.vegetation_index import measured_ndvi
from aespa_core.sources import naip_california, street_camvid
from aespa_core.sources.mirror import Mirror

Image = npt.NDArray[np.uint8]
Method = Callable[[Image], float]

DEVELOPMENT_SPLIT: Final = "train"
DEVELOPMENT_CITIES: Final = ("eureka", "long_beach")


def excess_green(rgb: Image) -> float:
    """Mean excess green of the whole frame: greenness alone."""
    return float(pixel_color(rgb).excess_green.mean())


def green_hue(rgb: Image) -> float:
    """Share of the frame between 60° and 170° of hue with a saturation above 0.1: hue alone."""
    red, green, blue = np.moveaxis(rgb.astype(np.float64), -1, 0)
    low, high = rgb.min(-1), rgb.max(-1).astype(np.float64)
    # hue = 60°·(2 + (b − r)/(max − min)) where green is the largest; above 180° blue comes next
    reach = high - low
    hue = 60 * (2 + (blue - red) / np.maximum(reach, 1e-9))
    return float(((green >= high) & (reach > 0.1 * high) & (hue >= 60) & (hue <= 170)).mean())


def bright_grey(rgb: Image) -> float:
    """Share{Y > 150 ∧ S < 0.2}: the part of published imperviousness that sky moves most."""
    luma = rgb @ np.array([0.299, 0.587, 0.114])
    high = np.maximum(rgb.max(-1).astype(np.float64), 1)
    return float(((luma > 150) & ((high - rgb.min(-1)) / high < 0.2)).mean())


TREE_METHODS: Final[Mapping[str, Method]] = {
    PUBLISHED: lambda rgb: published_proxies(rgb).canopy,
    "excess_green": excess_green,
    "hue": green_hue,
}
SKY_METHODS: Final[Mapping[str, Method]] = {
    PUBLISHED: lambda rgb: published_proxies(rgb).impervious,
    "bright_grey": bright_grey,
}
NDVI_METHODS: Final[Mapping[str, Method]] = {
    PUBLISHED: lambda rgb: published_proxies(rgb).ndvi,
    MENDED: lambda rgb: satellite_proxies(rgb).ndvi,
    "excess_green": excess_green,
    "hue": green_hue,
}


def image_proxy_rows(mirror: Mirror, seed: int = 0) -> list[Row]:
    """Judge everything and give the rows of the benchmark."""
    return [
        row
        for judged in (*judge_camvid(mirror), judge_naip(mirror))
        for row in rows_of(judged, seed)
    ]


def judge_camvid(mirror: Mirror) -> tuple[Judged, Judged]:
    """Estimate the share of trees, then of sky, in every labelled frame."""
    frames = [
        street_camvid.read_frame(mirror, str(entry.id), str(entry.split))
        for entry in street_camvid.read_index(mirror).itertuples()
    ]
    labels = [street_segments(frame.rgb).label for frame in frames]
    judged = []
    for name, code, methods in (("tree", VEGETATION, TREE_METHODS), ("sky", SKY, SKY_METHODS)):
        seen = [label == code for label in labels]
        real = [frame.label == street_camvid.CODE[name] for frame in frames]
        pairs = list(zip(seen, real, strict=True))
        judged.append(
            Judged(
                "camvid",
                f"{name}_share",
                np.array([mask.mean() for mask in real]),
                {
                    **{
                        method: np.array([function(frame.rgb) for frame in frames])
                        for method, function in methods.items()
                    },
                    MENDED: np.array([mask.mean() for mask in seen]),
                },
                np.array([frame.sequence for frame in frames]),
                np.array([frame.split != DEVELOPMENT_SPLIT for frame in frames]),
                np.array([float((one & two).sum()) for one, two in pairs]),
                np.array([float((one | two).sum()) for one, two in pairs]),
            )
        )
    return judged[0], judged[1]


def judge_naip(mirror: Mirror) -> Judged:
    """Estimate each patch's mean vegetation index from its colours."""
    patches = [
        naip_california.read_patch(mirror, str(entry.patch), str(entry.city), str(entry.file))
        for entry in naip_california.read_index(mirror).itertuples()
    ]
    return Judged(
        "naip_california",
        "ndvi",
        np.array([measured_ndvi(patch.rgb[..., 0], patch.nir).mean() for patch in patches]),
        {
            method: np.array([function(patch.rgb) for patch in patches])
            for method, function in NDVI_METHODS.items()
        },
        np.array([patch.city for patch in patches]),
        np.array([patch.city not in DEVELOPMENT_CITIES for patch in patches]),
        np.empty(0),
        np.empty(0),
    )
