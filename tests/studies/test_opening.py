"""Opening a study examines it, once for each time it was written."""

import errno
import json
import shutil
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from aespa_core.errors import FileError, ManifestError, StudyError
from aespa_core.studies import kept_examination
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import Study, add_explanations, add_run, open_study, read_table
from aespa_core.studies.kept_examination import examined
from aespa_core.studies.manifest import MANIFEST, write_manifest
from aespa_core.studies.validation import examine, validate_study
from tests.studies.planting import plant, put


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    """Give a folder of findings of this test alone, and a process that knows none."""
    monkeypatch.setattr(kept_examination, "FOLDER", tmp_path / "kept")
    monkeypatch.setattr(kept_examination, "_known", {})
    return tmp_path / "kept"


def test_what_the_validator_refuses_is_refused_in_its_sentence(folder, kept):
    faults = plant(folder, "tracts", put("median_household_income_usd", 3, -666666666.0))
    with pytest.raises(StudyError) as refused:
        open_study(folder)
    assert str(refused.value) == f"{folder}: {faults[0]}."
    plant(folder, "temperature", put("lst_day_c", 3, 298.4))
    with pytest.raises(StudyError, match=r"298\.4 looks like kelvin.*1 more: `aespa study valid"):
        open_study(folder)


def test_what_is_found_is_found_once_for_each_writing(folder, kept, monkeypatch):
    looks = []
    real = kept_examination.examine_content
    monkeypatch.setattr(
        kept_examination, "examine_content", lambda path: looks.append(path) or real(path)
    )
    for _ in range(3):
        open_study(folder)
    assert len(looks) == 1
    # another process finds what this one has kept, also of the same study elsewhere
    monkeypatch.setattr(kept_examination, "_known", {})
    open_study(Path(shutil.copytree(folder, folder.parent / "copy")))
    assert len(looks) == 1
    assert plant(folder, "temperature", put("lst_day_c", 3, 30.0)) == []
    open_study(folder)
    assert len(looks) == 2


def test_other_rules_find_anew(folder, kept, monkeypatch):
    open_study(folder)
    before = set(kept.iterdir())
    monkeypatch.setattr(kept_examination, "rules_version", lambda: "others")
    open_study(folder)
    assert len(set(kept.iterdir()) - before) == 1


def test_kept_findings_come_back_whole(folder, kept):
    write_parquet(
        folder / "tracts.parquet",
        read_table(folder / "tracts.parquet", geographic=True).assign(
            colour="red", median_household_income_usd=250_001.0, white_share=45.0
        ),
    )
    write_manifest(folder)
    found = examined(folder)
    assert found == examine(folder)
    kept_examination._known.clear()
    assert examined(folder) == found
    assert found.faults
    assert len(found.notices) == 2


@pytest.mark.parametrize("content", ["", "{", "[]", '{"faults": [{}], "notices": []}', "null"])
def test_broken_findings_are_made_again(folder, kept, content):
    open_study(folder)
    (file,) = kept.iterdir()
    file.write_text(content)
    kept_examination._known.clear()
    assert isinstance(open_study(folder), Study)


def test_a_study_cannot_speak_for_itself(folder, kept):
    """Findings laid into the study, or a manifest of other files, make nothing valid."""
    plant(folder, "proxies", put("canopy", 0, 55.0))
    key = kept_examination.key_of(folder)
    (folder / "runs" / "validation").mkdir(parents=True)
    for place in (folder / f".{key}.json", folder / "runs" / "validation" / f".{key}.json"):
        place.write_text(json.dumps({"faults": [], "notices": []}))
    with pytest.raises(StudyError, match="percent"):
        open_study(folder)
    sound = json.loads((folder / MANIFEST).read_text())
    sound["sha256"]["proxies.parquet"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(sound))
    with pytest.raises(ManifestError, match=r"percent.*\(1 more: "):
        open_study(folder)
    assert "the file is not the one" in str(validate_study(folder)[-1])


def test_findings_that_cannot_be_kept_are_found_all_the_same(folder, kept):
    kept.write_text("a file where the folder should be")
    assert isinstance(open_study(folder), Study)


def test_a_run_that_is_being_written_is_none(folder):
    study = open_study(folder)
    (folder / "estimates" / ".tract_model-abc.parquet").write_bytes(b"half")
    assert study.runs == ("tract_model",)
    assert validate_study(folder) == []


@pytest.mark.parametrize("run", ["../truth/effects", "a/b", "/etc/passwd", "..", "a\0b"])
def test_a_run_cannot_lead_out_of_its_folder(folder, run):
    study = open_study(folder)
    with pytest.raises(StudyError, match="plain name"):
        study.read_run(run)
    with pytest.raises(StudyError, match="plain name"):
        study.run_file(run, "estimates")


def test_one_tract_is_read_by_itself(folder):
    study = open_study(folder)
    rows = study.read_rows("mobility", "01001020101")
    assert len(rows) == 168
    whole = study.read("mobility")
    pd.testing.assert_frame_equal(
        rows, whole[whole["geoid"] == "01001020101"].reset_index(drop=True)
    )
    assert len(study.read_tract("tract_model", "estimates", "01001020101")) == 1


@pytest.mark.parametrize("fails", ["estimates", "manifest", "attributions"])
def test_a_run_that_cannot_be_written_leaves_the_study_as_it_was(folder, monkeypatch, fails):
    """All files are written before the first is moved: a full disk closes no study."""
    study = open_study(folder)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    estimates = study.read_run("tract_model")
    parts = estimates[["geoid"]].assign(part="base", effect_c=estimates["base_c"])

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    target = {"manifest": (Path, "write_text")}.get(fails, (pd.DataFrame, "to_parquet"))
    monkeypatch.setattr(*target, full)
    write = (
        partial(add_explanations, study, "tract_model", {"attributions": parts})
        if fails == "attributions"
        else partial(add_run, study, "another", estimates)
    )
    with pytest.raises(FileError, match="No space left"):
        write()
    monkeypatch.undo()
    after = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert after == before
    again = add_run(add_explanations(study, "tract_model", {"attributions": parts}), "b", estimates)
    assert again.runs == ("b", "tract_model")
    assert again.run_tables("tract_model") == ("estimates", "attributions")
    assert add_run(again, "tract_model", estimates).run_tables("tract_model") == ("estimates",)
    assert validate_study(folder) == []
