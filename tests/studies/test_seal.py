"""A study that was changed by hand gets its manifest anew, but only if all in it is well."""

import json
import stat

import pytest

from aespa_core.errors import FileError, ManifestError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import open_study, read_table
from aespa_core.studies.manifest import MANIFEST
from aespa_core.studies.seal import seal_study
from aespa_core.studies.validation import validate_study
from tests.studies.planting import put


def edit(folder, value: float) -> None:
    path = folder / "temperature.parquet"
    write_parquet(path, put("lst_day_c", 3, value)(read_table(path)))


def test_a_change_that_was_meant_is_sealed_and_opens(aespa, folder):
    edit(folder, 25.25)
    (folder / "notes.txt").write_text("mine")
    (folder / "flows.parquet").unlink()
    with pytest.raises(ManifestError):
        open_study(folder)
    code, out, err = aespa("study", "seal", folder)
    assert (code, err) == (0, "")
    assert out.endswith("files and is new: 1 changed, 1 added, 1 taken away.\n")
    assert open_study(folder).read("temperature")["lst_day_c"][3] == 25.25
    assert stat.S_IMODE((folder / MANIFEST).stat().st_mode) == 0o644
    code, out, _ = aespa("study", "seal", folder, "--json")
    assert code == 0
    found = json.loads(out)
    assert (found["changed"], found["added"], found["gone"]) == ([], [], [])


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_a_fault_keeps_a_study_from_being_sealed(aespa, folder, flags):
    edit(folder, 298.4)
    before = (folder / MANIFEST).read_bytes()
    code, out, err = aespa("study", "seal", folder, *flags)
    assert code == 1
    assert "298.4 looks like kelvin" in out
    assert "not the one that the manifest lists" not in out
    assert err.endswith("Nothing is written.\n")
    assert (folder / MANIFEST).read_bytes() == before
    if flags:
        assert json.loads(out)["faults"] == 1
    (folder / "temperature.parquet").write_bytes(b"garbage")
    assert aespa("study", "seal", folder, *flags)[0] == 2
    assert (folder / MANIFEST).read_bytes() == before


def test_a_link_that_leads_out_is_not_sealed(folder, tmp_path):
    (tmp_path / "secret").write_text("mine")
    (folder / "notes.txt").symlink_to(tmp_path / "secret")
    (fault,) = seal_study(folder).found.faults
    assert fault.value == "outside"
    assert "notes.txt" not in (folder / MANIFEST).read_text()


@pytest.mark.parametrize("manifest", [None, "{", "[]", '{"sha256": []}', "null"])
def test_a_study_made_by_hand_gets_its_first_manifest(aespa, folder, manifest):
    (folder / MANIFEST).unlink()
    if manifest is not None:
        (folder / MANIFEST).write_text(manifest)
    (fault,) = validate_study(folder)
    assert fault.remedy == f"run `aespa study seal {folder}`"
    code, out, _ = aespa("study", "seal", folder)
    assert code == 0
    assert "there was none before" in out
    assert validate_study(folder) == []


def test_what_else_a_manifest_says_stays(folder):
    path = folder / MANIFEST
    words = json.loads(path.read_text())
    path.write_text(json.dumps({"made_by": "a town", **words}))
    edit(folder, 25.25)
    assert seal_study(folder).changed == ("temperature.parquet",)
    assert json.loads(path.read_text())["made_by"] == "a town"


def test_a_seal_that_cannot_be_written_changes_nothing(folder, monkeypatch):
    edit(folder, 25.25)
    before = (folder / MANIFEST).read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_text", refuse)
    with pytest.raises(FileError, match="No space left"):
        seal_study(folder)
    assert (folder / MANIFEST).read_bytes() == before
    assert not list(folder.glob(".manifest*"))
