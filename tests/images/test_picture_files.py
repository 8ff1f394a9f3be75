"""A tract's pictures are found whatever case their suffix has, and clutter is no picture."""

import pytest

from aespa_core.errors import StudyError
from aespa_core.images.picture_files import photos_of, tiles_in


def test_suffixes_count_in_any_case_and_clutter_does_not(tmp_path):
    for name in ("0.JPG", "1.Jpeg", "2.PNG", "10.jpg", "._0.JPG", ".DS_Store", "Thumbs.db",
                 "2.png.aux.xml"):  # fmt: skip
        (tmp_path / name).touch()
    (tmp_path / "__MACOSX").mkdir()
    assert [path.name for path in photos_of(tmp_path)] == ["0.JPG", "1.Jpeg", "2.PNG", "10.jpg"]
    assert {name: path.name for name, path in tiles_in(tmp_path).items()} == {
        "0": "0.JPG", "1": "1.Jpeg", "2": "2.PNG", "10": "10.jpg"
    }  # fmt: skip


def test_clutter_alone_is_no_photo(tmp_path):
    for name in ("._0.jpg", "Thumbs.db"):
        (tmp_path / name).touch()
    with pytest.raises(StudyError, match="holds no photo"):
        photos_of(tmp_path)
    assert tiles_in(tmp_path) == {}
    assert tiles_in(tmp_path / "nowhere") == {}


@pytest.mark.parametrize("name", ["0.heic", "0.WEBP", "0.tif", "0.pdf"])
def test_pictures_of_other_forms_are_not_left_out_in_silence(tmp_path, name):
    (tmp_path / "1.jpg").touch()
    (tmp_path / name).touch()
    with pytest.raises(StudyError, match=rf"{name} is no JPEG or PNG: save it as one"):
        photos_of(tmp_path)


def test_two_pictures_of_one_name_are_refused(tmp_path):
    (tmp_path / "0.jpg").touch()
    (tmp_path / "0.PNG").touch()
    with pytest.raises(StudyError, match=r"holds 0\.(PNG|jpg) and 0\.(PNG|jpg)"):
        photos_of(tmp_path)
    with pytest.raises(StudyError, match="keep one of them"):
        tiles_in(tmp_path)


def test_a_folder_is_no_photo(tmp_path):
    (tmp_path / "0.jpg").mkdir()
    with pytest.raises(StudyError, match=r"0\.jpg is a folder"):
        photos_of(tmp_path)
