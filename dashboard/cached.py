"""The one door to data: small arguments in, shared read-only results out."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import streamlit as st

from aespa_core.analysis.attention import Attention, attention_of
from aespa_core.analysis.benchmark_tables import (
    benchmarks_folder,
    read_places,
    read_predictions,
    read_results,
)
from aespa_core.analysis.budget_curve import CoolingCurve
from aespa_core.analysis.budget_menu import Menu
from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import TABLES
from aespa_core.analysis.disparity.sample import sample_of
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.analysis.evidence import Evidence, evidence_of
from aespa_core.analysis.explanation import attributions_of
from aespa_core.analysis.places import Places, metros_of, nearest, places_of
from aespa_core.analysis.response import TABLE as CURVES
from aespa_core.analysis.scenarios.answer import outcome_of
from aespa_core.analysis.scenarios.baseline import Baseline, baseline_of
from aespa_core.analysis.scenarios.limits import Limits, limits_of
from aespa_core.analysis.scenarios.outcome import Outcome
from aespa_core.analysis.scenarios.plan import curve_of, menu_for
from aespa_core.analysis.scenarios.scenario import Scenario
from aespa_core.analysis.trends import Trends, trends_of
from aespa_core.errors import AespaError
from aespa_core.studies.catalogue import Listed, list_studies
from aespa_core.studies.folder import INFO_FILE, Study, open_study
from aespa_core.studies.manifest import MANIFEST
from aespa_core.views.disparity_files import SHIPPED
from aespa_core.views.maps import MapFile, map_file
from aespa_core.views.result_tables.kept import Kept, read_kept
from dashboard.refused_studies import RefusedStudyError, remember

NEAR_TRACTS = 300


def studies() -> dict[str, Listed]:
    """Studies by id; looked up afresh so that a new one appears without a restart."""
    return {listed.id: listed for listed in list_studies()}


def studies_with_people() -> dict[str, Listed]:
    """Studies that carry census columns; the atlas is model output only and has none."""
    return {key: listed for key, listed in studies().items() if not is_atlas(listed)}


def studies_with_responses() -> dict[str, Listed]:
    """Studies with files of curves; whether these hold any is known once one is opened."""
    return {key: listed for key, listed in studies().items() if has_curves(listed)}


def has_curves(listed: Listed) -> bool:
    """Whether some run left a file of curves; broken studies stay, so that they can be named."""
    if is_atlas(listed):
        return (listed.path / f"{CURVES}.parquet").is_file()
    return listed.info is None or any((listed.path / CURVES).glob("*.parquet"))


def is_atlas(listed: Listed) -> bool:
    """Whether a listed study is model output without source tables."""
    return listed.info is not None and listed.info.kind == "estimated"


def version_of(path: Path) -> float:
    """Time at which a study was last written; part of every key below."""
    files = (path / MANIFEST, path / INFO_FILE)
    return max((file.stat().st_mtime for file in files if file.is_file()), default=0.0)


@st.cache_resource(max_entries=16, show_spinner="Checking the study …")
def study(path: str, version: float) -> Study:
    """Open a study once for each time that it was written.

    Raises
    ------
    RefusedStudyError
        If it is not valid.
    """
    try:
        opened = open_study(Path(path))
    except AespaError as error:
        remember(path, version, str(error))
        raise RefusedStudyError(Path(path), str(error), error.faults) from error
    remember(path, version, None)
    return opened


@st.cache_resource(max_entries=32)
def metros(path: str, version: float) -> tuple[str, ...]:
    """Metros of a study."""
    return metros_of(study(path, version))


@st.cache_resource(max_entries=32, show_spinner="Reading the tracts …")
def places(path: str, version: float, metro: str, run: str | None = None) -> Places:
    """Tracts of a metro; shared by all sessions, never written to."""
    return places_of(study(path, version), metro, run)


@st.cache_resource(max_entries=64)
def near(path: str, version: float, metro: str, run: str | None, geoid: str) -> gpd.GeoDataFrame:
    """Tracts around a chosen one, few enough that clicking is quick without a graphics card."""
    return nearest(places(path, version, metro, run), geoid, NEAR_TRACTS)


@st.cache_resource(max_entries=64, show_spinner="Drawing the borders …")
def polygons(
    path: str, version: float, metro: str, run: str | None, around: str | None = None
) -> MapFile:
    """GeoJSON of a metro, or of the tracts around one of them on the metro's colours."""
    frame = places(path, version, metro, run).frame
    return map_file(near(path, version, metro, run, around) if around else frame, frame)


def benchmark_key(name: str) -> tuple[str, float]:
    """Path of a benchmark's table and the time at which it was written, 0 where it is missing."""
    path = benchmarks_folder() / name
    return str(path), path.stat().st_mtime if path.is_file() else 0.0


@st.cache_resource(max_entries=8)
def results(path: str, version: float) -> pd.DataFrame:
    """Numbers of a benchmark; shared by all sessions, never written to."""
    return read_results(Path(path))


@st.cache_resource(max_entries=4, show_spinner="Reading the estimates of single tracts …")
def predictions(path: str, version: float) -> pd.DataFrame:
    """Estimates of single tracts by every method of a benchmark."""
    return read_predictions(Path(path))


@st.cache_resource(max_entries=4)
def middles(path: str, version: float) -> pd.DataFrame:
    """Where the tracts of a benchmark lie."""
    return read_places(Path(path))


@st.cache_resource(max_entries=64)
def evidence(path: str, version: float, geoid: str) -> Evidence:
    """Pictures and movement of one tract."""
    return evidence_of(study(path, version), geoid)


@st.cache_resource(max_entries=64, show_spinner="Reading the parts …")
def attributions(path: str, version: float, run: str | None, geoid: str) -> pd.DataFrame | None:
    """Parts of a tract's estimate by a run; shared by all sessions, never written to."""
    return attributions_of(study(path, version), run, geoid)


@st.cache_resource(max_entries=32)
def trends(path: str, version: float, metro: str, run: str | None) -> Trends:
    """Read what labels say of a run's proxies in a metro."""
    return trends_of(study(path, version), metro, run)


@st.cache_resource(max_entries=64)
def attention(path: str, version: float, run: str | None, geoid: str) -> Attention:
    """Weights and maps of one tract's pictures by a run."""
    return attention_of(study(path, version), run, geoid)


@st.cache_resource(max_entries=16, show_spinner="Reading the curves …")
def baseline(path: str, version: float, metro: str, run: str | None) -> Baseline:
    """Tracts of a metro and how they respond; shared by all sessions, never written to."""
    return baseline_of(study(path, version), metro, run)


@st.cache_resource(max_entries=16)
def limits(path: str, version: float, metro: str, run: str | None) -> Limits:
    """How much of each measure each tract can take."""
    return limits_of(baseline(path, version, metro, run))


@st.cache_resource(max_entries=8, show_spinner="Listing what money can buy …")
def menu(path: str, version: float, scenario: Scenario) -> Menu:
    """List what a budget may buy within a scenario that has none itself."""
    return menu_for(scenario, baseline(path, version, scenario.metro, scenario.run))


@st.cache_resource(max_entries=16, show_spinner="Following the next dollar …")
def cooling_curve(path: str, version: float, scenario: Scenario, objective: str) -> CoolingCurve:
    """Cooling against budget within a scenario that has none itself."""
    here = baseline(path, version, scenario.metro, scenario.run)
    return curve_of(here, menu(path, version, scenario), objective)


@st.cache_resource(max_entries=32, show_spinner="Playing the scenario …")
def outcome(path: str, version: float, scenario: Scenario) -> Outcome:
    """Answer a scenario."""
    here = baseline(path, version, scenario.metro, scenario.run)
    if scenario.budget is None:
        return outcome_of(scenario, here)
    return outcome_of(scenario, here, menu(path, version, replace(scenario, budget=None)))


@st.cache_resource(max_entries=16, show_spinner="Reading people and temperatures …")
def analysis(path: str, version: float, asked: Specification) -> Analysis:
    """Lay out an analysis; shared by all sessions, what it has fitted serves several tables."""
    return Analysis(sample_of([study(path, version)], asked), asked)


@st.cache_resource(max_entries=128, show_spinner="Computing the table …")
def table(path: str, version: float, asked: Specification, table_id: str) -> ResultTable:
    """Make one table of an analysis."""
    return TABLES[table_id](analysis(path, version, asked))


def shipped_key() -> tuple[str, float]:
    """Path of the tables that ship and the time at which they were written, 0 without any."""
    return str(SHIPPED), SHIPPED.stat().st_mtime if SHIPPED.is_file() else 0.0


@st.cache_resource(max_entries=2)
def shipped_tables(path: str, version: float) -> Kept:
    """Tables of the real metros; shared by all sessions, never written to."""
    return read_kept(Path(path))
