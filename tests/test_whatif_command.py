"""The command line of what-if: sentences, files that carry their source, exit codes."""

import json
import re
from io import StringIO

import pandas as pd
import pytest

from aespa_core.analysis.scenarios.scenario_file import read_scenario
from aespa_core.studies.folder import write_study
from aespa_core.studies.manifest import write_manifest
from tests.analysis.scenarios.made_metro import RUN, write_made_study
from tests.studies.planting import plant

SCENARIO = """
study = "{study}"
metro = "gridville"
[where]
hottest_share = 0.2
[measures]
planting = {{ share = 0.05 }}
"""


@pytest.fixture
def asked(tmp_path):
    study = write_made_study(tmp_path / "gridville").path
    path = tmp_path / "scenario.toml"
    path.write_text(SCENARIO.format(study=study))
    return path


def test_it_prints_sentences_and_writes_files_with_their_source(aespa, asked, tmp_path):
    out = tmp_path / "out"
    code, said, _ = aespa("whatif", asked, "--out", out)
    assert code == 0
    assert "Gridville, the hottest 20 % of the metro's tracts: 29 of 144 tracts." in said
    assert "Surface temperature seen from above by day, not air temperature or comfort." in said
    assert "Simulated: no place of this study exists." in said
    text = (out / "tracts.csv").read_text()
    assert "# kind: SIMULATED, no real place" in text
    table = pd.read_csv(StringIO(text), comment="#", dtype={"geoid": str})
    assert len(table) == 144
    assert table["effect_c"].is_monotonic_increasing
    words = json.loads((out / "outcome.json").read_text())
    assert words["provenance"]["study"] == "Gridville"
    assert words["totals"]["chosen"] == 29
    assert words["assumptions"][0]["couplings"][0]["proxy"] == "canopy"
    # the scenario that is written plays again to the same
    assert "# manifest_sha256: " in (out / "scenario.toml").read_text()
    assert read_scenario(out / "scenario.toml") == read_scenario(asked)
    assert not [path for path in out.iterdir() if path.name.startswith(".")]
    code, said, _ = aespa("whatif", out / "scenario.toml", "--json")
    again = json.loads(said)
    assert again["totals"] == words["totals"]


def test_bad_input_is_a_sentence_and_exit_code_2(aespa, asked, tmp_path):
    code, _, said = aespa("whatif", tmp_path / "none.toml")
    assert (code, "cannot be read" in said) == (2, True)
    asked.write_text(asked.read_text().replace("0.05", "1.5"))
    code, _, said = aespa("whatif", asked)
    assert (code, "[measures] planting is 1.5" in said) == (2, True)
    asked.write_text(
        'study = "nowhere"\nmetro = "a"\n[where]\nhottest_share = 1\n'
        "[measures]\nplanting = { share = 0.1 }\n"
    )
    code, _, said = aespa("whatif", asked)
    assert (code, "There is no study 'nowhere'" in said) == (2, True)


def test_a_folder_that_cannot_be_written_is_a_sentence(aespa, asked, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    code, _, said = aespa("whatif", asked, "--out", file)
    assert (code, "is a file" in said) == (2, True)


def rewritten(tmp_path, change, tracts=None):
    """Write the town with other responses, or other tracts, and its scenario."""
    study = write_made_study(tmp_path / "odd")
    tables = {name: study.read(name) for name in ("tracts", "temperature", "proxies")}
    if tracts is not None:
        tables["tracts"] = tracts(tables["tracts"])
    runs = {RUN: {name: study.read_run(RUN, name) for name in ("estimates", "responses")}}
    runs[RUN]["responses"] = change(runs[RUN]["responses"])
    path = tmp_path / "odd.toml"
    written = write_study(tmp_path / "odd", study.info, tables, runs=runs)
    path.write_text(SCENARIO.format(study=written.path), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            lambda rows: rows.assign(member=2 * rows["member"]),
            "are numbered 0, 2, 4; number them from 0 to 2",
        ),
        (
            lambda rows: rows.assign(member=rows["member"].where(rows.index != 0, 10**6)),
            "are numbered 0, 1, 2, 1000000; number them from 0 to 3",
        ),
        (lambda rows: rows.drop(index=rows.index[5]), "1 of 714 curves of "),
        (lambda rows: rows.assign(metro="elsewhere"), "the metro is 'elsewhere', and "),
    ],
    ids=["gap", "large", "one lacks", "elsewhere"],
)
def test_curves_without_all_members_are_refused(change, words, aespa, tmp_path):
    asked = rewritten(tmp_path, lambda rows: rows)
    plant(tmp_path / "odd", f"responses/{RUN}", change)
    code, said, told = aespa("whatif", asked)
    assert (code, said) == (2, "")
    assert words in told


@pytest.mark.parametrize(
    ("tracts", "words"),
    [
        (lambda rows: rows.drop(columns="population"), "The study has no residents"),
        (lambda rows: rows.assign(population=float("nan")), "The study has no residents"),
        (lambda rows: rows.drop(columns="aland_m2"), "treated area and cost are unknown"),
        (lambda rows: rows[["geoid", "metro", "geometry"]], "No gap between income groups"),
    ],
    ids=["no people", "people unknown", "no land", "bare"],
)
def test_what_a_study_lacks_is_a_sentence_and_null_in_json(tracts, words, aespa, tmp_path):
    path = rewritten(tmp_path, lambda rows: rows, tracts)
    code, said, _ = aespa("whatif", path, "--out", tmp_path / "out")
    assert code == 0
    assert words in said
    assert not re.search(r"\bnan\b|\binf\b", said)
    code, said, _ = aespa("whatif", path, "--json")
    for text in (said, (tmp_path / "out" / "outcome.json").read_text(encoding="utf-8")):
        told = json.loads(text, parse_constant=pytest.fail)["notices"]
        # of what is lacking as a column, opening speaks
        spoken = ("no row has a value of", "no column 'population'")
        assert all(any(words in notice for words in spoken) for notice in told)


def test_who_is_not_counted_is_told(aespa, tmp_path):
    """Residents that are unknown and tracts without an estimate are counted, not passed over."""
    path = rewritten(
        tmp_path,
        lambda rows: rows,
        lambda rows: rows.assign(population=rows["population"].where(rows.index >= 12)),
    )
    plant(tmp_path / "odd", f"estimates/{RUN}", lambda rows: rows[rows.index < 140])
    plant(tmp_path / "odd", f"responses/{RUN}",
          lambda rows: rows[rows["geoid"].isin(sorted(rows["geoid"].unique())[:120])])  # fmt: skip
    code, _, told = aespa("whatif", path, "--out", tmp_path / "out")
    assert code == 0
    words = (
        "The residents of 12 of 140 tracts are unknown",
        "4 of 144 tracts of the metro are without an estimate",
    )
    for name in ("report.html", "tracts.csv", "scenario.toml"):
        text = (tmp_path / "out" / name).read_text(encoding="utf-8")
        assert [text.count(part) for part in words] == [1, 1]
    assert all(part in told for part in words)


@pytest.mark.parametrize("run", ["", f'run = "{RUN}"\n'], ids=["any run", "this run"])
def test_responses_without_their_estimates_are_named(run, aespa, tmp_path):
    path = rewritten(tmp_path, lambda rows: rows)
    path.write_text(path.read_text().replace("[where]", f"{run}[where]", 1))
    (tmp_path / "odd" / "estimates" / f"{RUN}.parquet").unlink()
    write_manifest(tmp_path / "odd")
    code, said, told = aespa("whatif", path)
    assert (code, said) == (2, "")
    assert f"has responses/{RUN}.parquet and no estimates/{RUN}.parquet" in told
    assert "`aespa predict`" in told


def test_tracts_without_curves_stay_as_they_are(aespa, tmp_path):
    half = rewritten(tmp_path, lambda rows: rows[rows["geoid"] < "01001020170"])
    out = tmp_path / "out"
    code, said, _ = aespa("whatif", half, "--out", out)
    assert code == 0
    assert "29 of 144 tracts" in said
    table = pd.read_csv(out / "tracts.csv", comment="#", dtype={"geoid": str})
    without = table["geoid"] >= "01001020170"
    assert without.sum() == 74
    assert not table.loc[without, "treated"].any()
    assert (table.loc[without, "effect_c"] == 0).all()


def censored(tracts):
    """Put the last incomes at the end of their scale."""
    income = tracts["median_household_income_usd"]
    return tracts.assign(median_household_income_usd=income.where(tracts.index < 120, 250_001.0))


def test_notices_of_the_door_and_censored_incomes_are_told(aespa, tmp_path):
    path = rewritten(tmp_path, lambda rows: rows, censored)
    words = "24 of 144 median household incomes are censored"
    code, said, told = aespa("whatif", path, "--out", tmp_path / "out")
    assert code == 0
    assert words in told
    assert words not in said
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").count(words) == 1
    for name in ("tracts.csv", "scenario.toml"):
        assert (tmp_path / "out" / name).read_text(encoding="utf-8").count(words) == 1
    _, said, _ = aespa("whatif", path, "--json")
    assert any(words in line for line in json.loads(said)["notices"])
