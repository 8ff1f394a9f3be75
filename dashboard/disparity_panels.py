"""Finished blocks of the Disparity page."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from aespa_core.analysis.exposure.income_fifths import Exposure
from aespa_core.analysis.places import Places
from aespa_core.analysis.regression.robust import Regression
from aespa_core.analysis.units import Shown, shown_in
from aespa_core.schema import metro_label
from aespa_core.studies.folder import Study
from aespa_core.views.charts import exposure_bars
from aespa_core.views.exports import provenance_of
from aespa_core.views.tables import exposure_table, regression_table
from dashboard import panels

COVARIATES: Final = {
    "income_sd": "Median household income (per standard deviation)",
    "poverty_10pct": "Poverty (per 10 percentage points)",
    "nonwhite_10pct": "Residents other than White alone (per 10 percentage points)",
    "log_density": "Residents per km² (logarithm)",
}


@dataclass(frozen=True)
class Outcome:
    """A temperature that disparities are told of; ``unit`` as in :func:`shown_in`."""

    column: str
    label: str
    unit: str
    caveat: str


OBSERVED: Final = Outcome(
    "observed_c",
    "Observed temperature",
    "°C",
    "Observed: summer daytime surface temperature seen by satellite.",
)
ESTIMATED: Final = Outcome(
    "anomaly_c",
    "Estimated difference from the median",
    "°C difference",
    "Model-implied: the outcome is an estimate, and the model's errors go into these numbers.",
)


def outcomes_of(places: Places) -> dict[str, Outcome]:
    """Outcomes that the metro has, the observed one first."""
    return {
        outcome.column: outcome
        for outcome in (OBSERVED, ESTIMATED)
        if outcome.column in places.frame and places.frame[outcome.column].notna().any()
    }


def sentence(place: str, exposure: Exposure, shown: Shown) -> str:
    """Answer the page's question from the data, with the interval and its honest reading."""
    gap = exposure.gap
    mean, low, high = shown([abs(gap.mean_c), gap.low_c, gap.high_c])
    if low <= 0 <= high:
        return (
            f"In {place} the poorest and the richest fifth of residents do not differ "
            f"clearly: {low:+.1f} to {high:+.1f} {shown.unit}."
        )
    side = "warmer" if gap.mean_c > 0 else "cooler"
    return (
        f"In {place} the poorest fifth of residents live {mean:.1f} {shown.unit} "
        f"{side} than the richest fifth ({low:+.1f} to {high:+.1f})."
    )


def exposure_block(
    study: Study, metro: str, exposure: Exposure, outcome: Outcome, degrees: str
) -> None:
    """Draw exposure by income: chart, table, what was left out, downloads."""
    table = exposure_table(exposure)
    left, right = st.columns(2, gap="large")
    title = f"{outcome.label} where each fifth lives"
    with left:
        st.plotly_chart(
            exposure_bars(exposure, title, shown_in(outcome.unit, degrees)), key="exposure"
        )
    with right:
        st.dataframe(table.round(3), hide_index=True)
        st.caption(
            "Fifths of residents by the median household income of their tract; means weighted by "
            "residents; 95 % intervals over tracts as if independent, so too narrow where heat "
            f"clusters. Left out: {counted(exposure.dropped)}."
        )
    caption = f"Exposure by income fifth in {metro_label(metro)}, {outcome.label.lower()}, °C"
    name = f"exposure_{metro}_{outcome.column}"
    panels.table_downloads(table, caption, name, provenance_of(study, caption))


def regression_block(study: Study, metro: str, regression: Regression, outcome: Outcome) -> None:
    """Draw the regression: reading, table, notes, downloads."""
    for notice in regression.notices:
        st.warning(notice)
    for row in regression.coefficients[1:]:
        st.markdown(f"- {reading(row.name, row.estimate, row.low, row.high)}")
    table = regression_table(regression)
    small = st.column_config.NumberColumn(format="%.2g")
    st.dataframe(table, hide_index=True, column_config={"p": small})
    st.caption(
        f"Weighted least squares, weights = residents, HC1 standard errors (too small where heat "
        f"clusters in space), N = {regression.tracts:,} tracts, R² = {regression.r2:.2f}. "
        f"Left out: {counted(regression.dropped)}. * p < .05, ** p < .01, *** p < .001. "
        f"{outcome.caveat}"
    )
    caption = f"What goes with heat in {metro_label(metro)}, {outcome.label.lower()}, °C, HC1"
    name = f"regression_{metro}_{outcome.column}"
    panels.table_downloads(table, caption, name, provenance_of(study, caption))


def reading(name: str, estimate: float, low: float, high: float) -> str:
    """Read one coefficient in plain words."""
    if low <= 0 <= high:
        return f"**{COVARIATES[name]}**: no clear association ({low:+.2f} to {high:+.2f} °C)."
    side = "warmer" if estimate > 0 else "cooler"
    return f"**{COVARIATES[name]}**: {abs(estimate):.2f} °C {side} ({low:+.2f} to {high:+.2f} °C)."


def counted(dropped: dict[str, int]) -> str:
    """Say what was left out, with counts."""
    parts = [f"{n:,} {'tract' if n == 1 else 'tracts'} with {why}" for why, n in dropped.items()]
    return ", ".join(parts) or "nothing"
