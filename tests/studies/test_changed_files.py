"""Files that are not the manifest's: one fault a cause, the cause inside first, no place kept."""

import json
import os
import shutil

import pytest

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies import changed_files, kept_examination, manifest
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.faults import Fault
from aespa_core.studies.folder import open_study, read_table
from aespa_core.studies.manifest import MANIFEST, write_manifest
from aespa_core.studies.validation import examine, validate_study
from tests.studies.planting import put


def edit(folder, value: float = 298.4) -> None:
    """Change one cell and leave the manifest as it was."""
    path = folder / "temperature.parquet"
    write_parquet(path, put("lst_day_c", 3, value)(read_table(path)))


def test_why_a_value_cannot_be_comes_before_that_its_file_changed(folder):
    edit(folder)
    inside, changed = validate_study(folder)
    assert "298.4 looks like kelvin" in str(inside)
    assert changed.value == "changed"
    assert f"correct the rest, then run `aespa study seal {folder}`" in changed.remedy
    with pytest.raises(ManifestError, match=r"298\.4 looks like kelvin.*\(1 more: "):
        open_study(folder)


def test_a_change_that_is_well_names_the_command(folder):
    edit(folder, 25.25)
    (fault,) = validate_study(folder)
    assert fault.remedy == (
        f"restore the file; if the change was meant, run `aespa study seal {folder}`"
    )
    with pytest.raises(ManifestError, match="aespa study seal"):
        open_study(folder)


def test_a_changed_study_is_examined_once(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(kept_examination, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(kept_examination, "_known", {})
    looks, real = [], kept_examination.examine_content
    monkeypatch.setattr(
        kept_examination, "examine_content", lambda path: looks.append(path) or real(path)
    )
    edit(folder, 25.25)
    for _ in range(3):
        with pytest.raises(ManifestError):
            open_study(folder)
    assert len(looks) == 1
    edit(folder)
    with pytest.raises(ManifestError, match="kelvin"):
        open_study(folder)
    assert len(looks) == 2


@pytest.mark.parametrize("problem", ["missing", "unlisted", "changed", "outside"])
def test_many_files_of_one_cause_are_one_fault(folder, tmp_path, problem):
    names = [f"images/{number:05}.jpg" for number in range(300)]
    (folder / "images").mkdir()
    for name in names if problem != "missing" else ():
        (folder / name).write_bytes(b"picture")
    listed = json.loads((folder / MANIFEST).read_text())
    if problem in ("missing", "changed"):
        listed["sha256"] |= dict.fromkeys(names, "0" * 64)
        (folder / MANIFEST).write_text(json.dumps(listed))
    if problem == "outside":
        (tmp_path / "secret").write_text("mine")
        for name in names:
            (folder / name).unlink()
            (folder / name).symlink_to(tmp_path / "secret")
        write_manifest(folder)
    (fault,) = validate_study(folder)
    assert (fault.value, fault.file, fault.files) == (problem, names[0], tuple(names[1:5]))
    assert "295 more files than are named here" in str(fault)
    assert len(str(fault)) < 600 + len(str(folder))


def test_names_without_number_cost_next_to_nothing(folder, monkeypatch):
    made: list[Fault] = []
    monkeypatch.setattr(
        changed_files,
        "Fault",
        lambda *args, **named: made.append(Fault(*args, **named)) or made[-1],
    )
    listed = json.loads((folder / MANIFEST).read_text())
    listed["sha256"] |= {f"images/{number}.jpg": "0" * 64 for number in range(100_000)}
    (folder / MANIFEST).write_text(json.dumps(listed))
    (fault,) = validate_study(folder)
    assert "99,995 more files than are named here" in str(fault)
    # one for each file that is named, and not for each that is counted
    assert len(made) < 20
    monkeypatch.setattr(manifest, "MOST_FILES", 99_999)
    (fault,) = validate_study(folder)
    assert "files, more than the 99,999 that a study may have" in fault.problem
    assert f"`aespa study seal {folder}`" in fault.remedy
    with pytest.raises(ManifestError, match="more than the 99,999"):
        open_study(folder)


def test_many_files_that_nobody_reads_are_one_notice(folder):
    for number in range(40):
        shutil.copyfile(folder / "flows.parquet", folder / f"zzzz{number:02}.parquet")
    write_manifest(folder)
    (notice,) = examine(folder).notices
    assert "so with 39 more files" in str(notice)


@pytest.mark.parametrize("what", ["tracts.parquet", "estimates/tract_model.parquet", "study.toml"])
@pytest.mark.parametrize("content", [b"", b"PAR1garbagePAR1", b"\xff\0", "cut"])
def test_a_kept_refusal_names_the_folder_where_the_study_lies_now(
    folder, tmp_path, monkeypatch, what, content
):
    monkeypatch.setattr(kept_examination, "FOLDER", tmp_path / "kept")
    path = folder / what
    path.write_bytes(path.read_bytes()[:-30] if content == "cut" else content)
    write_manifest(folder)
    with pytest.raises(StudyError) as here:
        open_study(folder)
    monkeypatch.setattr(kept_examination, "_known", {})
    there = folder.rename(tmp_path / "moved")
    with pytest.raises(StudyError) as refused:
        open_study(there)
    for sentence in (str(here.value), str(refused.value), *map(str, validate_study(there))):
        assert sentence.count(what.rpartition("/")[2]) == 1, sentence
    assert str(folder) not in str(refused.value)
    for file in (tmp_path / "kept").glob("*.json"):
        assert str(tmp_path) not in file.read_text()


def test_findings_do_not_grow_without_end(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_examination, "FOLDER", tmp_path)
    monkeypatch.setattr(kept_examination, "MOST_KEPT", 20)
    for number in range(60):
        kept_examination.keep(f"{number:02}", kept_examination.Examination((), ()))
        os.utime(tmp_path / f"{number:02}.json", ns=(number, number))
    names = sorted(path.stem for path in tmp_path.iterdir())
    assert 20 <= len(names) <= 23
    assert names[-1] == "59"
    assert names == [f"{number:02}" for number in range(60 - len(names), 60)]


@pytest.mark.parametrize("package", kept_examination.JUDGES)
def test_another_version_of_a_library_is_another_judge(package, monkeypatch):
    before = kept_examination.rules_version.__wrapped__()
    real = kept_examination.version
    monkeypatch.setattr(
        kept_examination, "version", lambda name: "0" if name == package else real(name)
    )
    assert kept_examination.rules_version.__wrapped__() != before


def test_the_folder_one_stands_in_is_told_by_its_name(folder, tmp_path, monkeypatch):
    shadow = folder.rename(tmp_path / "demo")
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    monkeypatch.chdir(shadow)
    for refused in (open_study, validate_study):
        try:
            (said,) = refused(type(shadow)("."))
        except StudyError as error:
            said = error
        assert str(said).startswith("demo: 'demo' is the name of a study that ships")
