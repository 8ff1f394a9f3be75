"""A scenario's outcome as files: the tracts, everything as JSON, and the scenario to play again."""

import json
import math
from dataclasses import asdict, replace
from typing import Any

import geopandas as gpd
import pandas as pd

from aespa_core.analysis.places import places_of
from aespa_core.analysis.scenarios.measures import MEASURE_IDS, MEASURES
from aespa_core.analysis.scenarios.outcome import Outcome, Plan
from aespa_core.analysis.scenarios.plan_words import plan_table
from aespa_core.analysis.scenarios.scenario_file import scenario_as_toml
from aespa_core.analysis.scenarios.scenario_link import scenario_as_link
from aespa_core.analysis.scenarios.words import sentences
from aespa_core.analysis.trends import warnings
from aespa_core.studies.folder import Study
from aespa_core.views.exports import Provenance, as_csv, provenance_of
from aespa_core.views.file_text import one_line
from aespa_core.views.whatif_report import whatif_report

TRACTS, OUTCOME, SCENARIO = "tracts.csv", "outcome.json", "scenario.toml"
REPORT = "report.html"
FILES = (TRACTS, OUTCOME, SCENARIO, REPORT)


def outcome_provenance(study: Study, outcome: Outcome) -> Provenance:
    """Describe where an outcome comes from, and what is to be known of it."""
    content = (
        f"What a scenario would change in '{outcome.metro}' by the curves of the run "
        f"'{outcome.run}': surface temperature by day, direct effect."
    )
    origin = provenance_of(study, " ".join((content, *warnings(outcome.trends))))
    return replace(origin, notices=outcome.notices)


def outcome_files(study: Study, outcome: Outcome) -> dict[str, str]:
    """Give the text of each file by its name."""
    frame = places_of(study, outcome.metro, outcome.run).frame
    return {name: outcome_file(study, outcome, frame, name) for name in FILES}


def outcome_file(study: Study, outcome: Outcome, frame: gpd.GeoDataFrame, name: str) -> str:
    """Give the text of one file; ``frame`` has the shapes of the metro's tracts by geoid."""
    provenance = outcome_provenance(study, outcome)
    table = tract_table(outcome)
    if name == REPORT:
        return whatif_report(outcome, frame.geometry, table, provenance)
    if name == TRACTS:
        return as_csv(table, provenance).decode()
    if name == OUTCOME:
        words = outcome_words(outcome) | {"provenance": asdict(provenance)}
        return json.dumps(words, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    # a comment ends with its line, whatever a source is called
    head = "".join(f"# {one_line(line)}\n" for line in provenance.lines())
    return head + scenario_as_toml(outcome.scenario)


def tract_shapes(outcome: Outcome, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the outcome's columns on the shapes of its tracts."""
    return gpd.GeoDataFrame(
        outcome.table, geometry=frame.geometry.reindex(outcome.table.index), crs=frame.crs
    )


def tract_table(outcome: Outcome) -> pd.DataFrame:
    """Make one row a tract, those that change most first; columns carry their units."""
    table = outcome.table.reset_index()
    return table.sort_values(["effect_c", "geoid"], ignore_index=True)


def outcome_words(outcome: Outcome) -> dict[str, Any]:
    """Give an outcome as plain values, without its tracts; what is unknown is None."""
    used = [amount.measure for amount in outcome.scenario.amounts]
    return {
        "answer": list(sentences(outcome)),
        "study": outcome.study,
        "kind": outcome.kind,
        "metro": outcome.metro,
        "run": outcome.run,
        "members": outcome.members,
        "scenario": scenario_as_link(outcome.scenario),
        "totals": plain(asdict(outcome.totals)),
        "measures": [plain(asdict(total)) for total in outcome.measures],
        "assumptions": [plain(asdict(MEASURES[MEASURE_IDS.index(name)])) for name in used],
        "refusals": [asdict(refusal) for refusal in outcome.refusals],
        "gap": None if outcome.gap is None else plain(asdict(outcome.gap)),
        "contradicted": [plain(asdict(one)) for one in outcome.trends.against],
        "notices": list(outcome.notices),
        "why_no_gap": outcome.why_no_gap or None,
        "published": None if outcome.published is None else plain(asdict(outcome.published)),
        "budget": None if outcome.plan is None else budget_words(outcome.plan),
    }


def budget_words(plan: Plan) -> list[dict[str, Any]]:
    """Give the three ways of spending a budget as plain values."""
    rows: list[dict[str, Any]] = plan_table(plan).to_dict("records")
    return [plain(row) for row in rows]


def plain(value: Any) -> Any:  # noqa: ANN401
    """Put None where a number is unknown: JSON has no NaN."""
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
