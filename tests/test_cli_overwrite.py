"""Results of another study are not replaced in silence."""

import json
from pathlib import Path

import pytest

from aespa_core.studies.folder import open_study
from tests.analysis.scenarios.made_metro import write_made_study
from tests.tiny_study import tiny_tables, write_tiny_study


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Give two studies that answer scenarios."""
    folder = tmp_path_factory.mktemp("towns")
    return tuple(write_made_study(folder / name).path for name in ("gridville", "other"))


def asked(path: Path, study: object) -> Path:
    path.write_text(
        f'study = "{study}"\nmetro = "gridville"\n[where]\nhottest_share = 0.2\n'
        "[measures]\nplanting = { share = 0.05 }\n"
    )
    return path


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_what_if_replaces_its_own_results_alone(aespa, towns, tmp_path):
    one, other = (asked(tmp_path / f"{t.name}.toml", t) for t in towns)
    out = tmp_path / "out"
    assert aespa("whatif", one, "--out", out)[0] == 0
    assert aespa("whatif", one, "--out", out)[0] == 0
    before = content(out)
    code, said, err = aespa("whatif", other, "--out", out, "--json")
    assert code == 2
    assert json.loads(said)["error"] == err.strip()
    assert "gridville" in err
    assert "--overwrite" in err
    assert content(out) == before
    assert aespa("whatif", other, "--out", out, "--overwrite")[0] == 0
    assert "other" in (out / "scenario.toml").read_text()


def test_tables_replace_neither_those_of_another_study_nor_a_scenario(aespa, towns, tmp_path):
    study = write_tiny_study(tmp_path / "studies" / "town").path
    write_tiny_study(tmp_path / "studies" / "elsewhere")
    out = tmp_path / "out"
    words = ("--out", out, "--formats", "csv")
    assert aespa("disparity", "--study", study, *words)[0] == 0
    # the same study, by its id
    assert aespa("disparity", "--study", "town", *words)[0] == 0
    before = content(out)
    for studies in (("elsewhere",), ("town", "elsewhere")):
        names = [word for name in studies for word in ("--study", name)]
        code, said, err = aespa("disparity", *names, *words)
        assert (code, said, err.count("\n")) == (2, "", 1)
        assert "holds results of 'town'" in err
    code, _, err = aespa("whatif", asked(tmp_path / "s.toml", towns[0]), "--out", out)
    assert code == 2
    assert "another kind" in err
    assert content(out) == before
    assert aespa("disparity", "--study", "elsewhere", *words, "--overwrite")[0] == 0


def test_overwrite_replaces_nothing_that_no_command_wrote(aespa, towns, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine")
    scenario = asked(tmp_path / "s.toml", towns[0])
    assert aespa("whatif", scenario, "--out", out, "--overwrite")[0] == 2
    assert content(out) == {"mine.txt": b"mine"}


def test_a_published_layout_of_other_tracts_stays(aespa, tmp_path):
    from aespa_core.studies.atomic import write_parquet
    from aespa_core.studies.manifest import write_manifest

    first = write_tiny_study(tmp_path / "first")
    second = write_tiny_study(tmp_path / "second").path
    for name, table in tiny_tables()[0].items():
        ids = {"geoid": table["geoid"].str.replace("^01001", "01003", regex=True)}
        write_parquet(second / f"{name}.parquet", table.assign(**ids))
    for path in second.glob("estimates/*"):
        path.unlink()
    write_manifest(second)
    open_study(second)
    out = tmp_path / "out"
    assert aespa("study", "export-published", first.path, "--out", out)[0] == 0
    assert aespa("study", "export-published", first.path, "--out", out)[0] == 0
    before = content(out)
    code, _, err = aespa("study", "export-published", second, "--out", out)
    assert code == 2
    assert "of another study" in err
    assert content(out) == before
    assert aespa("study", "export-published", second, "--out", out, "--overwrite")[0] == 0
