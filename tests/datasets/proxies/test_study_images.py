"""A tract's pictures as numbers: turned photos, oblong tiles, pictures that do not fit."""

import numpy as np
import pytest
from PIL import Image
from shapely.geometry import box

from aespa_core.datasets.proxies.study_images import TractImages, inside_of, tract_numbers
from aespa_core.errors import StudyError

UNIT = (0.0, 0.0, 1.0, 1.0)


def tract(tile=None, nir=None, photos=(), outline=None):
    return TractImages("1", tile, nir, outline or box(*UNIT), UNIT, tuple(photos))


def saved(path, pixels, **options: object):
    Image.fromarray(pixels).save(path, **options)
    return path


def noise(height, width):
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def test_a_photo_that_the_camera_turned_has_the_numbers_of_the_upright_one(tmp_path):
    scene = noise(24, 40)
    scene[:10] = (130, 180, 240)
    exif = Image.Exif()
    exif[0x0112] = 6
    upright = saved(tmp_path / "a.png", scene)
    turned = saved(tmp_path / "b.png", np.ascontiguousarray(np.rot90(scene)), exif=exif)
    one, other = (tract_numbers(tract(photos=[path])) for path in (upright, turned))
    assert one == pytest.approx(other, nan_ok=True)
    assert one["street_share_sky"] > 0.3


def test_an_oblong_tile_is_laid_over_its_place(tmp_path):
    west = inside_of(box(0.0, 0.0, 0.5, 1.0), UNIT, (10, 30))
    assert west.shape == (10, 30)
    assert west[:, :15].all()
    assert not west[:, 15:].any()
    tile = saved(tmp_path / "t.png", noise(20, 60))
    numbers = tract_numbers(tract(tile, outline=box(0.0, 0.0, 0.5, 1.0)))
    assert np.isfinite(numbers["satellite_plant_cover"])


def test_a_tile_that_does_not_show_its_tract_is_refused(tmp_path):
    tile = saved(tmp_path / "t.png", noise(20, 20))
    with pytest.raises(StudyError, match=r"t\.png shows no pixel of its tract: correct"):
        tract_numbers(tract(tile, outline=box(5.0, 5.0, 6.0, 6.0)))


def test_near_infrared_must_fit_its_tile(tmp_path):
    tile = saved(tmp_path / "t.png", noise(20, 20))
    nir = saved(tmp_path / "n.png", noise(10, 20)[..., 0].copy())
    with pytest.raises(StudyError, match=r"n\.png is not of its tile's size \(20 × 10 and 20 × 20"):
        tract_numbers(tract(tile, nir))
