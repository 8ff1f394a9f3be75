"""Coarser satellites: bands keep what is known of the surfaces, a column keeps its mass."""

import numpy as np
import pytest

from aespa_core.twin.materials import CODE, MATERIALS
from aespa_core.twin.nadir_view import seen_from_above
from aespa_core.twin.sentinel import BANDS, SHORT_WAVE, coarser, no2_column, sentinel_bands
from tests.twin.made_scene import made_scene, plain


def test_twelve_bands_at_ten_metres():
    scene = made_scene()
    bands = sentinel_bands(seen_from_above(scene))
    assert bands.shape == (12, scene.ground.shape[0] // 5, scene.ground.shape[1] // 5)
    assert len(BANDS) == 12
    assert set(SHORT_WAVE) == {material.id for material in MATERIALS}
    assert 0 <= bands.min() <= bands.max() <= 1.2


def test_indices_of_pure_surfaces_have_their_textbook_signs():
    def index(ground, first, second) -> float:
        bands = sentinel_bands(seen_from_above(plain(ground=ground)))
        one, two = (bands[BANDS.index(name)].mean() for name in (first, second))
        return (one - two) / (one + two)

    # vegetation, built-up and water index: Tucker 1979, Zha et al. 2003, McFeeters 1996
    assert index("grass", "B08", "B04") > 0.6 > 0.3 > index("bare_soil", "B08", "B04")
    assert index("asphalt", "B11", "B08") > 0 > index("grass", "B11", "B08")
    assert index("water", "B03", "B08") > 0.3 > 0 > index("bare_soil", "B03", "B08")


def test_coarser_keeps_the_mean():
    raster = np.random.default_rng(0).random((50, 35), dtype=np.float32)
    assert coarser(raster).mean() == pytest.approx(raster.mean(), rel=1e-5)


def test_a_column_keeps_its_mass_and_lies_where_the_source_is():
    tract = np.zeros((1000, 1000), np.int16)
    tract[:, 500:] = 1
    column = no2_column(np.array([10.0, 30.0]), tract)
    assert column.mean() == pytest.approx(20.0 * 1000 / 46.0055, rel=1e-3)
    assert column[:, -1].mean() > column[:, 0].mean()
    assert CODE["water"] == 8
