"""The command line of what-if: sentences, files that carry their source, exit codes."""

import json
from io import StringIO

import pandas as pd
import pytest

from aespa_core.analysis.scenarios.scenario_file import read_scenario
from tests.analysis.scenarios.made_metro import write_made_study

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
