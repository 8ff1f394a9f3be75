"""The real frames and patches agree with the numbers that their own indexes give."""

import numpy as np
import pytest

from aespa_core.datasets.proxies.vegetation_index import measured_ndvi
from aespa_core.sources import naip_california, street_camvid
from aespa_core.sources.mirror import Mirror

pytestmark = pytest.mark.slow


def test_bands_have_their_documented_means(mirror):
    index = naip_california.read_index(Mirror(mirror))
    assert len(index) == 221
    for row in index.itertuples():
        patch = naip_california.read_patch(Mirror(mirror), row.patch, row.city, row.file)
        documented = [row.mean_r, row.mean_g, row.mean_b, row.mean_nir]
        assert np.abs(patch.bands.mean((0, 1)) - documented).max() < 0.02
        ndvi = measured_ndvi(patch.rgb[..., 0], patch.nir).mean()
        assert ndvi == pytest.approx(row.ndvi_dn_mean, abs=1e-3)


def test_labels_have_their_documented_shares(mirror):
    index = street_camvid.read_index(Mirror(mirror))
    assert len(index) == 71
    for row in index.itertuples():
        frame = street_camvid.read_frame(Mirror(mirror), row.id, row.split)
        for name in ("sky", "building", "tree", "road", "pavement"):
            assert frame.share(name) == pytest.approx(getattr(row, f"frac_{name}"), abs=1e-4)
