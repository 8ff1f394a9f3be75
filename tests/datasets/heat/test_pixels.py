"""Image files as pixels: size, standardisation, what is missing, what is broken."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aespa_core.datasets.heat.pixels import (
    DEVIATION,
    MEAN,
    read_pixels,
    small_photos,
    small_tiles,
    standardised,
)
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import StudyError


def samples_of(tiles, photos):
    """Make samples that have images and nothing else."""
    size = len(tiles)
    empty = {field.name: np.zeros(size) for field in dataclasses.fields(HeatSamples)} | {
        "context": pd.DataFrame(index=range(size))
    }
    return HeatSamples(**(empty | {"tiles": tuple(tiles), "photos": tuple(photos)}))


def painted(path, color, size=(8, 8)):
    Image.new("RGB", size, color).save(path)
    return path


def test_an_oblong_photo_is_squashed_and_keeps_both_its_sides(tmp_path):
    picture = np.zeros((16, 32, 3), np.uint8)
    picture[:, :16, 0] = 200
    picture[:, 16:, 2] = 200
    Image.fromarray(picture).save(tmp_path / "wide.png")
    square = read_pixels(tmp_path / "wide.png", 8)
    assert square.shape == (8, 8, 3)
    assert square.dtype == np.uint8
    assert (square[:, 0] == [200, 0, 0]).all()
    assert (square[:, -1] == [0, 0, 200]).all()


def test_shrinking_averages_a_chessboard_to_grey(tmp_path):
    board = (np.indices((64, 64)).sum(0) % 2 * 255).astype(np.uint8)
    Image.fromarray(np.repeat(board[..., None], 3, 2)).save(tmp_path / "board.png")
    assert np.abs(read_pixels(tmp_path / "board.png", 8).astype(int) - 127).max() <= 2


def test_standardised_is_the_published_mean_and_deviation():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), np.uint8)
    expected = (pixels / 255 - np.array(MEAN)) / np.array(DEVIATION)
    made = standardised(pixels)
    assert made.shape == (2, 3, 4, 4)
    assert made.dtype == np.float32
    np.testing.assert_allclose(made, expected.transpose(0, 3, 1, 2), atol=1e-6)


def test_small_images_say_which_are_there(tmp_path):
    tile = painted(tmp_path / "t.png", (10, 20, 30))
    first, second = (painted(tmp_path / f"{k}.png", (k, k, k)) for k in (50, 60))
    samples = samples_of([tile, None], [(), (first, second, tile)])
    tiles, photos = small_tiles(samples, 4), small_photos(samples, 2, 4)
    assert tiles.present.tolist() == [True, False]
    assert (tiles.pixels[0] == [10, 20, 30]).all()
    assert not tiles.pixels[1].any()
    assert photos.pixels.shape == (2, 2, 4, 4, 3)
    assert photos.present.tolist() == [[False, False], [True, True]]
    assert photos.pixels[1, :, 0, 0, 0].tolist() == [50, 60]
    assert not photos.pixels[0].any()


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_a_cut_off_image_is_one_sentence_with_file_and_remedy(tmp_path, suffix):
    path = tmp_path / f"0{suffix}"
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(path)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"<html>not found</html>"):
        path.write_bytes(content)
        with pytest.raises(StudyError, match=r"0\.(png|jpg) is not a whole image .* again"):
            read_pixels(path, 8)


def test_a_missing_image_and_a_deep_one_are_refused(tmp_path):
    with pytest.raises(StudyError, match=r"nothing\.png cannot be read"):
        read_pixels(tmp_path / "nothing.png", 8)
    Image.fromarray(np.full((4, 4), 40_000, np.uint16)).save(tmp_path / "deep.png")
    with pytest.raises(StudyError, match=r"deep\.png has more than 8 bits"):
        read_pixels(tmp_path / "deep.png", 8)
