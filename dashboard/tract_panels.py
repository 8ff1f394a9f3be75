"""Draw why the chosen tract is as warm as estimated."""

import pandas as pd
import streamlit as st

from aespa_core.analysis.explanation import Explanation, Part, explain
from aespa_core.analysis.places import Places
from aespa_core.analysis.units import Shown, shown_in
from aespa_core.studies.folder import Study
from aespa_core.views.charts import percentile_strip, waterfall
from aespa_core.views.plain_text import advice, bullets, plain, plain_name


def chosen_place(
    study: Study,
    places: Places,
    geoid: str,
    degrees: str,
    attributions: pd.DataFrame | None,
) -> None:
    """Explain one tract: value, interval, rank, parts."""
    row = places.frame.loc[geoid]
    st.subheader(f"Tract {plain_name(geoid)}")
    if not places.estimated or pd.isna(row["anomaly_c"]):
        observed = row.get("observed_c", float("nan"))
        celsius = shown_in("°C", degrees)
        known = f"{celsius(observed):.1f} {celsius.unit}"
        value = "not measured" if pd.isna(observed) else known
        st.metric("Observed surface temperature", value)
        st.caption("This study has no estimate for this tract: `aespa predict` makes one.")
        return
    why = explain(places, geoid, attributions)
    shown = shown_in("°C difference", degrees)
    low, high = shown([why.low90_c, why.high90_c])
    st.metric(
        "Estimate against the metro’s median",
        f"{shown(why.anomaly_c):+z.1f} {shown.unit}",
    )
    st.markdown(
        f"With 90 % confidence between **{low:+z.1f}** and **{high:+z.1f} {shown.unit}**. "
        f"Warmer than {why.percentile:.0f} % of the metro's tracts."
    )
    if why.extrapolated:
        st.warning("Extrapolated: this tract is unlike those that the model learned from.")
    st.plotly_chart(percentile_strip(places.frame["anomaly_c"], geoid, shown), key="strip")
    st.plotly_chart(waterfall(why, degrees), key="waterfall")
    beside_the_bars(why, shown)
    if not why.taken_apart:
        tells = advice(command(study, places.run))
        st.caption(f"How sure each bar is, and what pictures move, is not known: {tells}")


def beside_the_bars(why: Explanation, shown: Shown) -> None:
    """Say how to read the bars, what lies within them, and what they are not."""
    if why.not_measured:
        st.caption(plain(f"Not measured here, so no bar: {', '.join(why.not_measured)}."))
    st.caption(
        "The bars add up to the estimate. Exact for the model, not causal: "
        "they explain the model, they do not prove a cause."
    )
    if why.with_intervals:
        st.caption(
            "Lines: where nine in ten further members of the model would put a bar. How far the "
            "truth may be from the estimate, its interval above says."
        )
    if why.modalities:
        moved = bullets(f"{one.label} {with_interval(one, shown)}" for one in why.modalities)
        st.markdown(
            f"**Within the bars** the model was moved by, {shown.unit}:\n{moved}",
            help="Shapley values, each against not having it, with the members’ interval. "
            "They are within the estimate, not further bars.",
        )
    if alone := [part for part in why.parts if part.neighbours_count]:
        words = ", ".join(
            f"{part.label.lower()} {shown(part.own_c):+z.1f} "
            f"instead of {shown(part.effect_c):+z.1f}"
            for part in alone
        )
        st.caption(plain(f"Without its neighbours’ proxies, {shown.unit}: {words}."))


def with_interval(part: Part, shown: Shown) -> str:
    """Write an effect with its members' interval where there is one."""
    low, effect, high = shown([part.low90_c, part.effect_c, part.high90_c])
    return f"{effect:+z.1f}" + ("" if pd.isna(low) else f" ({low:+z.1f} to {high:+z.1f})")


def command(study: Study, run: str | None) -> str:
    """Name the command that takes estimates apart."""
    whose = f" --run {run}" if run else ""
    return f"`aespa attribute {study.path}{whose} --model …` tells."
