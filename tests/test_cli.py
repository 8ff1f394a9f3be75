"""The command line: exit codes, one sentence for bad input, JSON for machines."""

import json
import subprocess
import sys

import pytest

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.manifest import write_manifest
from tests.sources.tiny_mirror import write_tiny_mirror
from tests.tiny_study import write_tiny_study


@pytest.fixture
def town(tmp_path):
    """Give a valid study in the catalogue."""
    return write_tiny_study(tmp_path / "studies" / "town").path


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Give a small data mirror."""
    folder = write_tiny_mirror(tmp_path / "data")
    monkeypatch.setenv("AESPA_DATA_MIRROR", str(folder))
    return folder


def test_help_does_not_load_the_world():
    """Nobody waits seconds to read which commands there are."""
    code = (
        "import sys; sys.argv = ['aespa', '--help']\n"
        "from aespa_core.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'geopandas', 'pandas', 'torch', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "study" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_list(aespa, town):
    code, out, _ = aespa("study", "list")
    assert code == 0
    assert "Gridville" in out
    code, out, _ = aespa("study", "list", "--json")
    mine = [study for study in json.loads(out) if study["path"] == str(town)]
    assert mine[0]["info"]["kind"] == "simulated"


def test_validate_a_valid_study(aespa, town):
    assert aespa("study", "validate", town) == (0, f"{town}: valid\n", "")
    code, out, _ = aespa("study", "validate", town, "--json")
    assert (code, json.loads(out)["faults"]) == (0, 0)


def test_validate_every_study_of_the_catalogue(aespa, town):
    code, out, _ = aespa("study", "validate")
    assert code == 0
    assert f"{town}: valid" in out


def test_faults_exit_with_1_and_are_all_printed(aespa, town):
    from aespa_core.studies.folder import read_table

    table = read_table(town / "temperature.parquet")
    table.loc[2, "lst_day_c"] = 298.4
    table.loc[5, "lst_day_c"] = -9999.0
    write_parquet(town / "temperature.parquet", table)
    write_manifest(town)
    code, out, err = aespa("study", "validate", town)
    assert code == 1
    assert (
        "temperature.parquet, row 2 (tract 01001020102), lst_day_c: 298.4 looks like kelvin; "
        "subtract 273.15 → 25.25 °C" in out
    )
    assert "row 5 (tract 01001020105), lst_day_c: -9999 is a code" in out
    assert err == "1 of 1 study at fault: 2 faults.\n"
    code, out, _ = aespa("study", "validate", town, "--json")
    listed = json.loads(out)["studies"][0]["faults"]
    assert [(fault["row"], fault["value"]) for fault in listed] == [(2, "298.4"), (5, "-9999")]


def test_a_study_that_cannot_be_opened_exits_with_2(aespa, town):
    (town / "temperature.parquet").write_bytes(b"garbage")
    code, out, err = aespa("study", "validate", town)
    assert code == 2
    assert "is not readable Parquet" in out
    assert "not the one that the manifest lists" in out
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["nowhere", "file", "empty"])
def test_validate_what_is_no_study_exits_with_2(aespa, tmp_path, name):
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    code, out, err = aespa("study", "validate", tmp_path / name)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert str(tmp_path / name) in err


def test_ingest_prints_what_it_found_and_lacks(aespa, data, tmp_path):
    code, out, err = aespa("study", "ingest", "--metro", "minneapolis")
    assert (code, err) == (0, "")
    assert "lst_day_c 2" in out
    assert "1 repeated census block dropped" in out
    assert (tmp_path / "studies" / "minneapolis" / "study.toml").is_file()
    code, out, _ = aespa("study", "ingest", "--metro", "minneapolis", "--out", tmp_path, "--json")
    (report,) = json.loads(out)
    assert report["path"] == str(tmp_path / "minneapolis")
    counts = {table["table"]: table for table in report["tables"]}
    assert counts["tracts"]["rows"] == 12
    assert counts["temperature"]["missing"]["lst_day_c"] == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--metro", "paris"), "There is no metro 'paris': choose one of boston"),
        (("--metro", "minneapolis", "--out", "FILE"), "cannot be made"),
        (("--metro", "boston"), "tracts_boston.geojson.gz is missing"),
    ],
)
def test_bad_ingest_exits_with_2_and_one_sentence(aespa, data, tmp_path, words, sentence):
    (tmp_path / "file").write_text("")
    words = [str(tmp_path / "file") if word == "FILE" else word for word in words]
    code, out, err = aespa("study", "ingest", *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("value", [None, "nowhere", "file"])
def test_no_mirror_exits_with_2_and_says_what_to_set(aespa, tmp_path, monkeypatch, value):
    (tmp_path / "file").write_text("")
    monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    if value:
        monkeypatch.setenv("AESPA_DATA_MIRROR", str(tmp_path / value))
    code, out, err = aespa("study", "ingest", "--metro", "all")
    assert (code, out) == (2, "")
    assert "AESPA_DATA_MIRROR" in err
    assert err.count("\n") == 1
