"""Files that were made to harm: each is a named fault of its study, and costs next to nothing."""

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aespa_core.errors import ManifestError, StudyError
from aespa_core.studies import parquet_limits
from aespa_core.studies.catalogue import list_studies
from aespa_core.studies.folder import open_study
from aespa_core.studies.kept_examination import key_of
from aespa_core.studies.manifest import MANIFEST, read_words, write_manifest
from aespa_core.studies.validation import validate_study
from dashboard.refused_studies import manifest_key

INFOS = {
    "deep": ("name = " + "[" * 50_000 + "]" * 50_000, "nested"),
    "digits": ("name = " + "9" * 50_000, "number"),
    "large": ("# " + "x" * 50_000_000, "larger than 1 MB"),
    "nul": ('name = "a\0b"', "NUL"),
    "utf16": ('name = "x"'.encode("utf-16").decode("latin-1"), "UTF-8"),
    "keys": (".".join(["a"] * 5_000) + " = 1", "nested"),
}


@pytest.mark.parametrize("kind", INFOS)
def test_a_hostile_study_toml_is_a_fault_of_its_study_alone(folder, kind, monkeypatch):
    text, words = INFOS[kind]
    (folder / "study.toml").write_bytes(text.encode("latin-1"))
    write_manifest(folder)
    faults = [fault for fault in validate_study(folder) if fault.file == "study.toml"]
    assert len(faults) == 1
    assert words in str(faults[0])
    monkeypatch.setenv("AESPA_STUDIES", os.fspath(folder.parent))
    (mine,) = [study for study in list_studies() if study.path == folder]
    assert words in mine.problem
    assert len(mine.problem) < 1_000


def test_notepads_three_bytes_are_none(folder):
    text = (folder / "study.toml").read_bytes()
    (folder / "study.toml").write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    write_manifest(folder)
    assert validate_study(folder) == []
    assert open_study(folder).info.name == "Gridville"


@pytest.mark.parametrize(
    "text",
    [
        '{"sha256": ' + "[" * 50_000 + "]" * 50_000 + "}",
        '{"sha256": {"a": ' + "9" * 50_000 + "}}",
        '{"sha256": {"\\ud800": "x"}}',
        '{"sha256": {"../../etc/passwd": "x"}}',
        '{"sha256": {"tracts.parquet": ["x"]}}',
        "\0" * 100,
        "x" * 50_000_000,
        '{"sha256": "tracts.parquet"}',
        "null",
    ],
    ids=["deep", "digits", "surrogate", "outside", "list", "nul", "large", "text", "null"],
)
def test_a_hostile_manifest_is_a_fault(folder, text):
    (folder / MANIFEST).write_text(text)
    faults = validate_study(folder)
    assert faults
    assert all(fault.unusable for fault in faults)
    for fault in faults:
        str(fault).encode("utf-8")
    with pytest.raises(StudyError):
        open_study(folder)


def test_links_that_lead_outside_are_refused(folder, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "0.jpg").write_bytes(b"mine")
    (folder / "images").symlink_to(tmp_path / "secret")
    (folder / "passwd").symlink_to("/etc/passwd")
    (folder / "nowhere").symlink_to(tmp_path / "nowhere")
    (folder / "circle").symlink_to(folder / "circle")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    names = {fault.file, *fault.files}
    assert names == {"images", "passwd", "nowhere", "circle"}
    assert "leads out of the study" in fault.problem
    # one that stays within is a file like any other
    for name in names:
        (folder / name).unlink()
    (folder / "again.parquet").symlink_to(folder / "flows.parquet")
    write_manifest(folder)
    assert validate_study(folder) == []


def test_what_file_managers_leave_is_no_change(folder):
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini", "._tracts.parquet"):
        (folder / name).write_bytes(b"litter")
    (folder / "__MACOSX").mkdir()
    (folder / "__MACOSX" / "tracts.parquet").write_bytes(b"litter")
    assert validate_study(folder) == []


def bomb(path, rows: int, value: str) -> int:
    """Write one text so many times; return how large the file is."""
    one = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([value]))
    pq.write_table(pa.table({"origin": one}), path)
    return int(path.stat().st_size)


def test_a_small_file_of_endless_rows_is_refused_before_it_is_read(folder, monkeypatch):
    assert bomb(folder / "flows.parquet", 31_000_000, "01001020100") < 3_000_000
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "31,000,000 rows" in fault.problem
    assert fault.unusable


def test_one_long_text_a_thousand_times_is_refused(folder):
    assert bomb(folder / "flows.parquet", 1_000, "x" * 1_000_000) < 1_000_000
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "1,000 MB of text" in fault.problem


def test_columns_without_number_are_refused(folder, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MOST_COLUMNS", 20)
    pq.write_table(pa.table({f"c{i}": [1.0] for i in range(30)}), folder / "flows.parquet")
    write_manifest(folder)
    (fault,) = validate_study(folder)
    assert "30 columns" in fault.problem


def test_names_of_files_that_no_one_can_write(folder):
    (folder / "estimates" / "a\udcffb.parquet").write_bytes(b"x")
    (folder / "images").mkdir()
    write_manifest(folder)
    faults = validate_study(folder)
    assert faults
    for fault in faults:
        str(fault).encode("utf-8")


def test_a_study_toml_that_leads_outside_is_not_read(folder, tmp_path, monkeypatch):
    (tmp_path / "secret.toml").write_text('name = "SECRET"')
    (folder / "study.toml").unlink()
    (folder / "study.toml").symlink_to(tmp_path / "secret.toml")
    write_manifest(folder)
    for look in (validate_study, open_study):
        with pytest.raises(StudyError, match="leads out of the study"):
            look(folder)
    monkeypatch.setenv("AESPA_STUDIES", os.fspath(folder.parent))
    (mine,) = [study for study in list_studies() if study.path == folder]
    assert mine.info is None
    assert "SECRET" not in mine.problem


@pytest.mark.parametrize("target", ["/dev/zero", "/etc/passwd", "secret.json", "manifest.json"])
def test_a_manifest_that_leads_outside_is_not_read(folder, tmp_path, monkeypatch, target):
    (tmp_path / "secret.json").write_text((folder / MANIFEST).read_text())
    (folder / MANIFEST).unlink()
    (folder / MANIFEST).symlink_to(tmp_path / target if target == "secret.json" else target)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", lambda path, *_, **__: pytest.fail(f"{path} is opened"))
        for read in (read_words, key_of):
            with pytest.raises(ManifestError, match="leads out of the study"):
                read(folder)
        assert manifest_key(os.fspath(folder), 0.0) is None
    first, *_ = validate_study(folder)
    assert first.file == MANIFEST
    assert "leads out of the study" in first.problem
    with pytest.raises(ManifestError, match="leads out of the study"):
        open_study(folder)


def test_folders_without_end_are_a_fault(folder):
    there, made = Path.cwd(), 0
    os.chdir(folder)
    try:
        for _ in range(1_200):
            Path("d").mkdir()
            os.chdir("d")
            made += 1
        (fault,) = validate_study(folder)
        assert "nested hundreds of levels" in fault.problem
        with pytest.raises(StudyError, match="nested hundreds"):
            open_study(folder)
    finally:
        # pytest itself cannot remove folders so deep
        for _ in range(made):
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(there)


@pytest.mark.parametrize("kind", ['["x"]', "{a = 1}", "3", "true"])
def test_a_kind_of_another_kind(folder, kind):
    text = (folder / "study.toml").read_text().replace('"simulated"', kind)
    (folder / "study.toml").write_text(text)
    write_manifest(folder)
    assert [fault.column for fault in validate_study(folder)] == ["kind"]


def test_folders_that_are_named_as_tables(folder):
    (folder / "estimates" / "z.parquet").mkdir()
    assert validate_study(folder) == []
    assert open_study(folder).runs == ("tract_model",)
