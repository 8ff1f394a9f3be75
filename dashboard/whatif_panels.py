"""Take an outcome, draw one finished thing."""

import json
import math
from functools import partial

import streamlit as st

from aespa_core.analysis.budget_objective import MEAN
from aespa_core.analysis.places import Places
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.outcome import Interval, Outcome
from aespa_core.analysis.scenarios.plan import all_of, objective_of
from aespa_core.analysis.scenarios.plan_words import plan_sentences, plan_table
from aespa_core.analysis.scenarios.words import (
    answer,
    caveats,
    dollars,
    limits,
    mean_change,
    measure_named,
    range_of,
)
from aespa_core.analysis.trends import warnings
from aespa_core.analysis.units import Shown
from aespa_core.errors import AespaError
from aespa_core.views.colors import legend_html
from aespa_core.views.maps import MapFile, view_of
from aespa_core.views.plain_text import advice, bullets, plain
from aespa_core.views.whatif_charts import cooling_chart
from aespa_core.views.whatif_maps import scenario_deck, scenario_maps
from dashboard import cached
from dashboard.panels import OUTLINE
from dashboard.static_files import publish
from dashboard.tract_choice import choose_object

HEIGHT_PX = 380
UNKNOWN = "unknown"


def numbers(outcome: Outcome, shown: Shown) -> None:
    """Draw the answer as four numbers: cooling, people, gap, cost."""
    totals, gap = outcome.totals, outcome.gap
    cooling, people, unequal, cost = st.columns(4)
    done = totals.treated > 0
    with cooling:
        change = mean_change(outcome)
        st.metric(
            "Change in the treated tracts",
            f"{shown(change.mean):+z.2f} {shown.unit}" if done else "none",
        )
        st.caption(plain(range_in_words(change, shown)) if done else "No tract is treated.")
    with people:
        known = math.isfinite(totals.people)
        st.metric("People reached", f"{totals.people:,.0f}" if known else UNKNOWN)
        st.caption(
            f"in {totals.treated:,} treated of {totals.chosen:,} chosen tracts"
            + ("" if known else "; the study has no residents")
        )
    with unequal:
        st.metric(
            "Change of the gap",
            UNKNOWN if gap is None else f"{shown(gap.change_c.mean):+z.2f} {shown.unit}",
        )
        st.caption(
            "The study cannot tell income fifths." if gap is None
            else f"Poorest against richest fifth: {shown(gap.before.mean_c):+z.2f} {shown.unit} "
            f"today, {shown(gap.after.mean_c):+z.2f} {shown.unit} after. "
            + plain(range_in_words(gap.change_c, shown))
        )  # fmt: skip
    with cost:
        known = math.isfinite(totals.cost_usd)
        # the unit stands in the label: beside a sum of millions a number would be cut
        amount = dollars(totals.cost_usd).removeprefix("US$ ") if known else UNKNOWN
        st.metric("Cost, US$", plain(amount))
        st.caption(
            (f"{totals.area_m2 / 1e4:,.0f} ha treated" if known else "The study has no land area.")
            + (" What published studies answer is not in it." if outcome.published else "")
        )


def range_in_words(value: Interval, shown: Shown) -> str:
    """Write a range over members and what it is, nothing where there is none."""
    said = range_of(value, shown)
    return f"{said} {shown.unit} over the model's members" if said else ""


def contradicted(outcome: Outcome) -> None:
    """Warn beside the numbers where measured temperature speaks against them."""
    for line in warnings(outcome.trends):
        st.warning(advice(line))


def spending(outcome: Outcome, shown: Shown) -> None:
    """Say how a budget was spent, and set it beside simpler ways."""
    if outcome.plan is None:
        return
    for sentence in plan_sentences(outcome.plan, shown):
        st.markdown(advice(sentence))
    st.dataframe(
        plan_table(outcome.plan).assign(
            gap_share=lambda table: 100 * table["gap_share"],
            cooling_c=lambda table: shown(table["cooling_c"]),
            bound_c=lambda table: shown(table["bound_c"]),
        ),
        key="ways",
        hide_index=True,
        column_config={
            "way": st.column_config.TextColumn("The budget spent"),
            "spent_usd": st.column_config.NumberColumn("Spent (US$)", format="localized"),
            "cooling_c": st.column_config.NumberColumn(
                f"Mean cooling ({shown.unit})", format="%.4f"
            ),
            "bound_c": st.column_config.NumberColumn(
                f"No spending does more ({shown.unit})", format="%.4f"
            ),
            "gap_share": st.column_config.NumberColumn("Below that bound (%)", format="%.3f"),
        },
    )


def maps(
    places: Places, file: MapFile, outcome: Outcome, tract: str | None, degrees: Shown
) -> None:
    """Draw before, after and the change; before and after on one scale."""
    address = publish(file) if st.get_option("server.enableStaticServing") else None
    if address is None:
        st.info("Map borders are sent inline: static serving is off or its folder is read-only.")
    frame = places.frame
    view = view_of(frame, HEIGHT_PX - 40)
    shape = frame.geometry.loc[[tract]] if tract else None
    outline = OUTLINE[st.context.theme.type or "light"]
    shown = scenario_maps(outcome, frame.index)
    for column, one in zip(st.columns(len(shown)), shown, strict=True):
        with column:
            st.subheader(plain(one.label))
            st.pydeck_chart(
                scenario_deck(address or json.loads(file.content), one, view, shape, outline),
                height=HEIGHT_PX,
                on_select=partial(choose_object, f"map_{one.id}"),
                selection_mode="single-object",
                key=f"map_{one.id}",
                alt=f"Map of {len(frame):,} tracts, {one.label.lower()}; the table below holds the "
                "same numbers.",
            )
    heat, change = st.columns([2, 1])
    before = shown[0]
    with heat:
        st.html(legend_html(before.scale, degrees(before.scale.edges), "+", before.grey))
        st.caption(
            "**Before and after, on one scale:** surface temperature minus today's median tract, "
            f"{degrees.unit}."
        )
    with change:
        st.html(legend_html(shown[-1].scale, degrees(shown[-1].scale.edges), "+", shown[-1].grey))
        st.caption(f"**Change,** {degrees.unit}, on a finer scale of its own.")


def chosen_tract(outcome: Outcome, tract: str | None, shown: Shown) -> None:
    """Say what happens in one tract."""
    if tract is None:
        st.caption("For one tract: click a map, type its number, or mark a row of the table.")
        return
    row = outcome.table.loc[tract]
    today, after = shown(row[["anomaly_c", "after_c"]])
    said = f"{today:+z.2f} {shown.unit} against the metro's median today"
    if row["effect_c"] < 0:
        change = Interval(row["effect_c"], row["low90_c"], row["high90_c"])
        got = [
            f"{measure_named(total.measure).label.lower()} on "
            f"{100 * row[f'{total.measure}_share']:.1f} % of its land"
            for total in outcome.measures
            if row[f"{total.measure}_share"] > 0
        ]
        said += (
            f", {after:+z.2f} {shown.unit} after, by {', '.join(got)}: a change of "
            f"{shown(change.mean):+z.2f} {shown.unit}"
        )
        said += f" ({range_in_words(change, shown)})" if range_of(change) else ""
        said += ". Held at its limit." if row["held"] else "."
    else:
        said += ", and nothing changes: " + (
            "it is not among the chosen tracts." if not row["chosen"] else "it gets nothing."
        )
    st.markdown(f"**{plain(f'Tract {tract}:')}** " + advice(f"{said} {row['why_not']}"))


def next_dollar(key: tuple[str, float], baseline: Baseline, outcome: Outcome, shown: Shown) -> None:
    """Draw the marginal cooling curve of the scenario's tracts and measures."""
    scenario, plan = outcome.scenario, outcome.plan
    name = MEAN if plan is None else plan.objective.name
    try:
        curve = cached.cooling_curve(*key, all_of(scenario), name)
    except AespaError as error:
        st.info(advice(error))
        return
    weights = objective_of(name, baseline).weights
    cooling = -float(outcome.table["effect_c"].to_numpy() @ weights / weights.sum())
    st.plotly_chart(
        cooling_chart(curve, outcome.totals.cost_usd, cooling, shown), key="next_dollar"
    )
    st.caption(
        "The scenario's tracts and measures, each up to its limit; the mean is over the whole "
        "metro."
    )


def what_it_says(baseline: Baseline, outcome: Outcome, shown: Shown) -> None:
    """Write the answer, what was held back, who is not counted, and what the numbers are not.

    What stands above is not said again.
    """
    st.subheader("In words")
    own = answer(outcome, shown)
    if outcome.plan is not None:
        own = tuple(line for line in own if line not in plan_sentences(outcome.plan, shown))
    warned = warnings(outcome.trends)
    left = tuple(line for line in caveats(outcome) if line not in warned)
    noted = tuple(line for line in outcome.notices if line not in baseline.notices)
    for lines in (own, (*limits(outcome), *noted), left):
        if lines:
            st.markdown(bullets(lines))
