"""Finished blocks of the Disparity page: exposure first, association second, space third."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import geopandas as gpd
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from aespa_core.analysis.benchmark_tables import DISPARITY_RESULTS
from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.coverage import coverage_words
from aespa_core.analysis.disparity.figures.bivariate import bivariate
from aespa_core.analysis.disparity.figures.choices import choices
from aespa_core.analysis.disparity.figures.clusters import clusters
from aespa_core.analysis.disparity.figures.concentration import concentration
from aespa_core.analysis.disparity.figures.exposure import DIVISION_LABELS, exposure_by_group
from aespa_core.analysis.disparity.figures.figure_data import FigureData
from aespa_core.analysis.disparity.figures.forest import forest
from aespa_core.analysis.disparity.figures.likeness import likeness
from aespa_core.analysis.disparity.headline import income_gaps
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of, quantity_of, unit_of
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.exposure.people import FIFTHS_ID, INCOME_GAP
from aespa_core.analysis.regression.estimate import Estimate
from aespa_core.analysis.units import Shown, shown_in
from aespa_core.errors import AespaError, StudyError
from aespa_core.schema import metro_label
from aespa_core.studies.folder import Study
from aespa_core.views.disparity_charts import (
    concentration_chart,
    exposure_chart,
    forest_chart,
    likeness_chart,
)
from aespa_core.views.disparity_files import provenance_of_analysis
from aespa_core.views.exposure_charts import gaps_by_metro, group_means
from aespa_core.views.plain_text import advice, plain
from aespa_core.views.specification_chart import choices_chart
from dashboard import cached, class_map_panels, controls, table_panels

Maker = Callable[[], FigureData]


@dataclass(frozen=True)
class View:
    """What the reader looks at: an analysis, and one of its outcomes in degrees of choice."""

    key: tuple[str, float]
    study: Study
    analysis: Analysis
    outcome: str
    degrees: str

    @property
    def part(self) -> Part:
        """The metro, or all of them together."""
        return self.analysis.whole

    def table(self, table_id: str) -> ResultTable:
        """Make a table, or take it as it was made before."""
        return cached.table(*self.key, self.analysis.asked, table_id)

    def show(self, table_id: str, *, unfolded: bool = False) -> None:
        """Draw a table as it is printed, with its files."""
        origin = provenance_of_analysis(self.analysis)
        table_panels.result_table(self.table(table_id), origin, unfolded=unfolded)


def caveats(view: View) -> None:
    """Say what kind of outcome this is, and what the sample lacks."""
    outcome = OUTCOMES[view.outcome]
    (st.caption if outcome.observed else st.info)(advice(outcome.caveat))
    if view.analysis.left_out:
        st.caption(plain(f"Not analysed: {', '.join(view.analysis.left_out)}."))


def exposure_block(view: View) -> None:
    """Show who bears how much: means of groups, distributions, concentration."""
    rows = view.table("T2").frame
    here = rows[rows["outcome"] == label_of(view.outcome)]
    left, right = st.columns(2, gap="large")
    with left:
        if len(view.analysis.metros) > 1:
            gaps = income_gaps(rows, view.outcome)
            shown = shown_in(quantity_of(view.outcome, difference=True), view.degrees)
            st.plotly_chart(gap_chart(gaps, view.outcome, shown), key="gaps")
        else:
            title = f"Where each group lives: {label_of(view.outcome).lower()}, mean"
            shown = shown_in(quantity_of(view.outcome), view.degrees)
            st.plotly_chart(
                group_means(here[here["what"] == "mean"], title, shown), key="group_means"
            )
        st.caption("Lines are 95 % intervals; they allow for heat that clusters in space.")
        figure(partial(concentration, view.analysis, view.part, view.outcome), concentration_chart)
    with right:
        division = controls.pick(
            "Groups", "division", list(DIVISION_LABELS), name=DIVISION_LABELS.__getitem__,
            default=FIFTHS_ID,
        ) or FIFTHS_ID  # fmt: skip
        figure(
            partial(exposure_by_group, view.analysis, view.part, view.outcome, division),
            exposure_chart,
        )
    for table_id in ("T2", "T6", "T7", "A1", "T1"):
        view.show(table_id)


def gap_chart(gaps: pd.DataFrame, outcome: str, shown: Shown) -> go.Figure:
    """Draw the gap between the poorest and the richest fifth, metro by metro."""
    named = gaps.assign(metro=gaps["metro"].map(metro_label))
    return gaps_by_metro(named, f"{INCOME_GAP}, {label_of(outcome).lower()}", shown)


def association_block(view: View) -> None:
    """Show what goes with heat: step by step, by metro, and asked in other ways."""
    term = view.analysis.asked.terms[0]
    try:
        results = cached.results(*cached.benchmark_key(DISPARITY_RESULTS))
        st.caption(advice(coverage_words(results, view.analysis.asked.errors)))
    except AespaError as error:
        st.caption(advice(error))
    for subject, words in readings(view):
        st.markdown(f"- **{plain(subject)}**: {advice(words)}")
    view.show("T3", unfolded=True)
    left, right = st.columns(2, gap="large")
    with left:
        figure(
            lambda: forest(view.table("T8").frame, term, view.analysis.sample.outcomes),
            forest_chart,
        )
    with right:
        figure(
            lambda: choices(view.analysis, view.part, view.outcome, term, view.table("T10").frame),
            choices_chart,
        )
    for table_id in ("T8", "T9", "T10"):
        view.show(table_id)


def readings(view: View) -> list[tuple[str, str]]:
    """Read the coefficients in question in plain words, as the whole specification has them."""
    try:
        fitted = view.analysis.fitted(view.part, view.outcome)
    except StudyError as error:
        return [("No regression", str(error))]
    terms = view.analysis.asked.terms
    unit = unit_of(view.outcome)
    return [reading(row, unit) for row in fitted.estimates if row.term in terms]


def reading(row: Estimate, unit: str) -> tuple[str, str]:
    """Read one coefficient: of what, and how much."""
    label = COVARIATES[row.term].label
    if not (row.low95 > 0 or row.high95 < 0):
        return label, f"no clear association ({row.low95:+z.2f} to {row.high95:+z.2f} {unit})."
    side = "warmer" if row.estimate > 0 else "cooler"
    return label, (
        f"{abs(row.estimate):.2f} {unit} {side} "
        f"({row.low95:+z.2f} to {row.high95:+z.2f} {unit}), other covariates held."
    )


def space_block(view: View) -> None:
    """Show where it lies: income against heat, clusters, neighbours alike, spatial models."""
    geometry = view.part.sample.geometry
    left, right = st.columns(2, gap="large")
    with left:
        class_map(lambda: bivariate(view.analysis, view.part, view.outcome), geometry)
    with right:
        class_map(lambda: clusters(view.analysis, view.part, view.outcome), geometry)
    figure(lambda: likeness(view.analysis, view.part, view.outcome), likeness_chart)
    for table_id in ("T4", "T5"):
        view.show(table_id)


def figure(make: Maker, draw: Callable[[FigureData], object]) -> None:
    """Draw a chart under its reading; say why where it cannot be made."""
    try:
        data = make()
    except StudyError as error:
        st.info(advice(error))
        return
    st.markdown(advice(data.reading))
    st.plotly_chart(draw(data), key=f"figure_{data.id}")
    cautions(data)


def class_map(make: Maker, geometry: gpd.GeoSeries) -> None:
    """Draw a map of classes under its reading, with its legend and its table."""
    try:
        data = make()
    except StudyError as error:
        st.info(advice(error))
        return
    st.markdown(advice(data.reading))
    class_map_panels.class_map(data, geometry)
    cautions(data)


def cautions(data: FigureData) -> None:
    """Say what the reader must know before believing a figure."""
    for line in data.cautions:
        st.caption(advice(line))
