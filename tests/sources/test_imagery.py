"""Readers of labelled photos and four-band patches, on files that this test writes."""

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from aespa_core.errors import MirrorError
from aespa_core.sources import naip_california, street_camvid
from aespa_core.sources.mirror import Mirror


@pytest.fixture
def patches(tmp_path):
    """Write one smooth patch in each of the two encodings of the source."""
    folder = tmp_path / naip_california.FOLDER / "patches"
    folder.mkdir(parents=True)
    rise = np.linspace(20, 220, 64)[:, None] * np.ones(64)
    bands = np.stack([rise, rise[::-1], rise.T, rise.T[:, ::-1]], -1).astype(np.uint8)
    Image.fromarray(bands).save(folder / "a.tif", compression="tiff_adobe_deflate")
    # four components in JPEG strips: Pillow writes them as ink, the values stay
    Image.frombytes("CMYK", (64, 64), bands.tobytes()).save(
        folder / "b.tif", compression="jpeg", quality=95
    )
    pd.DataFrame(
        {
            "patch": ["a", "b"],
            "city": "eureka",
            "file": ["patches/a.tif", "patches/b.tif"],
            "ndvi_dn_mean": 0.0,
            **dict.fromkeys(("mean_r", "mean_g", "mean_b", "mean_nir"), 120.0),
        }
    ).to_csv(folder.parent / "patch_index.csv", index=False)
    return Mirror(tmp_path), bands


def test_both_encodings_give_the_four_bands(patches):
    mirror, bands = patches
    index = naip_california.read_index(mirror)
    first, second = (
        naip_california.read_patch(mirror, row.patch, row.city, row.file)
        for row in index.itertuples()
    )
    assert (first.bands == bands).all()
    assert np.abs(second.bands.astype(int) - bands).max() <= 3
    assert first.rgb.shape == (64, 64, 3)
    assert (first.nir == bands[..., 3]).all()


@pytest.mark.parametrize("content", [b"", b"no image", b"II*\x00\x08\x00\x00\x00\x00\x00"])
def test_a_garbled_patch_says_so(patches, content):
    mirror, _ = patches
    mirror.path(f"{naip_california.FOLDER}/patches/a.tif").write_bytes(content)
    with pytest.raises(MirrorError, match=r"a\.tif cannot be read .*download it again"):
        naip_california.read_patch(mirror, "a", "eureka", "patches/a.tif")


def test_a_patch_without_infrared_says_so(patches):
    mirror, bands = patches
    path = mirror.path(f"{naip_california.FOLDER}/patches/a.tif")
    Image.fromarray(bands[..., :3]).save(path, compression="tiff_adobe_deflate")
    with pytest.raises(MirrorError, match="not of four bands"):
        naip_california.read_patch(mirror, "a", "eureka", "patches/a.tif")


@pytest.fixture
def frames(tmp_path):
    """Write a frame, three quarters of it sky and one quarter tree."""
    folder = tmp_path / street_camvid.FOLDER
    for name in ("images", "labels"):
        (folder / name).mkdir(parents=True)
    label = np.zeros((40, 60), np.uint8)
    label[30:] = street_camvid.CODE["tree"]
    Image.fromarray(np.full((40, 60, 3), 99, np.uint8)).save(folder / "images" / "Drive_01.jpg")
    Image.fromarray(label).save(folder / "labels" / "Drive_01.png")
    return Mirror(tmp_path)


def test_a_frame_comes_with_its_labels(frames):
    frame = street_camvid.read_frame(frames, "Drive_01", "val")
    assert frame.sequence == "Drive"
    assert frame.rgb.shape == (40, 60, 3)
    assert frame.share("sky") == 0.75
    assert frame.share("tree") == 0.25
    assert frame.share("car") == 0


def test_labels_of_another_frame_are_refused(frames):
    path = frames.path(f"{street_camvid.FOLDER}/labels/Drive_01.png")
    Image.fromarray(np.full((40, 60), 12, np.uint8)).save(path)
    with pytest.raises(MirrorError, match="does not label its frame"):
        street_camvid.read_frame(frames, "Drive_01", "val")
    with pytest.raises(MirrorError, match=r"Drive_02\.jpg is missing"):
        street_camvid.read_frame(frames, "Drive_02", "val")
