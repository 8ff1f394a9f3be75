"""Images are read once a metro; a changed image is read again, a broken one is named."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from shapely.geometry import box

from aespa_core.datasets.heat.image_numbers import read_image_numbers
from aespa_core.errors import StudyError
from aespa_core.studies.folder import Study, StudyInfo, write_study
from aespa_core.studies.manifest import write_manifest

GEOID = ("01001000100", "01001000200", "01001000300")


def made_study(folder):
    """Three tracts of two metros, each with a tile and a photo; the last has no photo."""
    rng = np.random.default_rng(0)
    tracts = gpd.GeoDataFrame(
        {"geoid": GEOID, "metro": ["ashford", "birchton", "birchton"]},
        geometry=[box(i, 0, i + 1, 1) for i in range(3)],
        crs="EPSG:4326",
    )
    east = np.arange(3.0)
    tiles = pd.DataFrame(
        {"geoid": GEOID, "west": east, "south": 0.0, "east": east + 1, "north": 1.0}
    )
    for number, geoid in enumerate(GEOID):
        street = folder / "images" / "street" / geoid
        street.mkdir(parents=True)
        (folder / "images" / "satellite").mkdir(exist_ok=True)
        pixels = rng.integers(0, 256, (24, 24, 3)).astype(np.uint8)
        Image.fromarray(pixels).save(folder / "images" / "satellite" / f"{geoid}.png")
        if number < 2:
            Image.fromarray(pixels).save(street / "0.jpg")
        else:
            street.rmdir()
    info = StudyInfo("made", "simulated", "none", (), ())
    return write_study(folder, info, {"tracts": tracts, "tiles": tiles})


def test_numbers_are_kept_by_metro_and_a_stopped_run_goes_on(tmp_path):
    study, told = made_study(tmp_path / "study"), []
    first = read_image_numbers(study, tmp_path / "kept", told.append)
    assert list(first.index) == list(GEOID)
    assert told[-1] == 1.0
    assert told == sorted(told)
    assert first.filter(like="street_").iloc[2].isna().all()
    assert first.filter(like="satellite_share").notna().all().all()
    kept = sorted((tmp_path / "kept").rglob("*.parquet"))
    assert [path.stem for path in kept] == ["ashford", "birchton"]
    kept[1].unlink()
    stamp = kept[0].stat().st_mtime_ns
    pd.testing.assert_frame_equal(read_image_numbers(study, tmp_path / "kept"), first)
    assert kept[0].stat().st_mtime_ns == stamp


def test_a_changed_image_is_read_again_and_a_new_table_is_not(tmp_path):
    study = made_study(tmp_path / "study")
    first = read_image_numbers(study, tmp_path / "kept")
    (study.path / "new.txt").write_text("a run was added")
    write_manifest(study.path)
    read_image_numbers(study, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == 1
    tile = study.path / "images" / "satellite" / f"{GEOID[0]}.png"
    Image.fromarray(np.full((24, 24, 3), 200, np.uint8)).save(tile)
    write_manifest(study.path)
    second = read_image_numbers(study, tmp_path / "kept")
    assert (first.iloc[0] != second.iloc[0]).any()
    pd.testing.assert_frame_equal(first.iloc[1:], second.iloc[1:])


def test_a_broken_photo_is_named(tmp_path):
    study = made_study(tmp_path / "study")
    photo = study.path / "images" / "street" / GEOID[1] / "0.jpg"
    photo.write_bytes(photo.read_bytes()[:200])
    write_manifest(study.path)
    with pytest.raises(StudyError, match=f"{GEOID[1]}/0.jpg is not a whole image"):
        read_image_numbers(study, tmp_path / "kept")


def test_a_study_without_images_has_rows_and_no_columns(tmp_path):
    study = made_study(tmp_path / "study")
    bare = Study(tmp_path / "elsewhere", study.info)
    (tmp_path / "elsewhere").mkdir()
    for name in ("tracts", "tiles"):
        table = f"{name}.parquet"
        (bare.path / table).write_bytes((study.path / table).read_bytes())
    assert read_image_numbers(bare, tmp_path / "kept").shape == (3, 0)
