"""Controls of a scenario: draw them, return the scenario. Where it begins is what the link says."""

import math
from typing import Final

import numpy as np
import streamlit as st

from aespa_core.analysis.budget_objective import LABELS, MEAN
from aespa_core.analysis.scenarios.availability import Availability, availabilities
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.limits import Limits
from aespa_core.analysis.scenarios.measures import MEASURES
from aespa_core.analysis.scenarios.scenario import (
    Amount,
    Budget,
    Scenario,
    UnitCost,
    Where,
    condition_of,
)
from aespa_core.analysis.scenarios.scenario_link import scenario_as_link
from aespa_core.analysis.scenarios.selection import AREA
from aespa_core.analysis.trends import doubt
from aespa_core.errors import ConfigError
from aespa_core.views.plain_text import advice, plain
from dashboard.link_notices import first_notice, say_again
from dashboard.scenario_selection import OTHER, counties_of, linked_scenario, suggested_conditions

RULE: Final = "hottest"
WAYS: Final = {
    RULE: "The hottest tracts",
    "tracts": "Listed tracts",
    "counties": "Counties",
    "urban_areas": "Urban areas",
}
AMOUNTS, SPEND = "Amounts", "A budget"
# how an option begins on the page, and nothing that a reader types
WITH: Final = "with "
OF_LIMIT, OF_LAND = "of what a tract can take", "of a tract's land"
FIRST_USD: Final = 1e7


def start(key: str, value: object) -> None:
    """Give a control its first value; later ones are the reader's."""
    if key not in st.session_state:
        st.session_state[key] = value


def pick_scenario(study: str, baseline: Baseline, run: str | None, limits: Limits) -> Scenario:
    """Draw all controls of a scenario and put it into the link.

    Raises
    ------
    ConfigError
        If what is chosen is no scenario, as an empty list.
    """
    linked = linked_scenario(st.query_params.to_dict(), study, baseline, run)
    first = "mode" not in st.session_state
    begin = linked.scenario
    start("mode", AMOUNTS if begin.budget is None else SPEND)
    spends = st.segmented_control(
        "What to set", (AMOUNTS, SPEND), key="mode", required=True, width="stretch"
    ) == SPEND  # fmt: skip
    budget = pick_budget(begin.budget) if spends else None
    where = pick_where(begin.where, baseline)
    literature = pick_literature(begin.literature, baseline)
    st.subheader("Measures" if not spends else "Measures, at most")
    amounts, costs = [], []
    for q, here in enumerate(availabilities(baseline.responses, baseline.metro)):
        against = doubt(baseline.trends, here.measure) if here.estimated else ""
        amount, cost = pick_measure(here, begin, limits, q, literature, against)
        amounts.append(amount)
        costs.append(cost)
    used = tuple(amount for amount in amounts if amount.share > 0)
    own = tuple(
        cost for cost, measure in zip(costs, MEASURES, strict=True)
        if cost.usd_m2 != measure.cost.usd_m2
    )  # fmt: skip
    scenario = Scenario(
        study, baseline.metro, where, used or (amounts[0],), run, literature, own, budget
    )
    # what is shown instead, and no more than that
    shown = scenario_as_link(scenario)
    if first:
        first_notice("scenario", shown, linked.notice)
    else:
        say_again("scenario", shown)
    query = st.query_params.to_dict()
    kept = {name: query[name] for name in OTHER if query.get(name)}
    link = shown | kept
    if link != query:
        st.query_params.from_dict(link)
    return scenario


def pick_budget(begin: Budget | None) -> Budget:
    """Draw the sum and whose cooling counts."""
    begin = begin or Budget(FIRST_USD)
    start("no_limit", math.isinf(begin.usd))
    start("usd", FIRST_USD if math.isinf(begin.usd) else begin.usd)
    start("objective", begin.objective)
    endless = st.session_state["no_limit"]
    usd = st.number_input(
        "Budget, US$", 0.0, None, step=1e6, format="%.0f", key="usd", disabled=endless
    )
    st.checkbox("No limit", key="no_limit")
    objective = st.selectbox(
        "Whose cooling counts", list(LABELS), key="objective", format_func=LABELS.__getitem__
    )
    return Budget(math.inf if endless else float(usd), objective or MEAN)


def pick_where(begin: Where, baseline: Baseline) -> Where:
    """Draw the choice of tracts."""
    index = baseline.frame.index.astype(str)
    options = {"tracts": sorted(index), "counties": counties_of(index)}
    if AREA in baseline.frame and baseline.frame[AREA].notna().any():
        options["urban_areas"] = sorted(baseline.frame[AREA].dropna().unique())
    ways = [way for way in WAYS if way == RULE or way in options]
    named = [way for way in ways if way != RULE and getattr(begin, way)]
    start("where", named[0] if named else RULE)
    if st.session_state["where"] not in ways:
        st.session_state["where"] = RULE
    way = st.selectbox("Where", ways, key="where", format_func=WAYS.__getitem__)
    if way != RULE:
        start(way, list(getattr(begin, way)))
        known = [name for name in st.session_state[way] if name in options[way]]
        if known != st.session_state[way]:
            st.session_state[way] = known
        names = st.multiselect(WAYS[way], options[way], key=way)
        if not names:
            raise ConfigError(f"{WAYS[way]}: none is chosen. Choose some in the side bar.")
        return Where(**{way: tuple(names)})
    start("hottest_share", 100 * (begin.hottest_share or 1.0))
    least = min(1.0, st.session_state["hottest_share"])
    share = st.slider(
        "Hottest share of the metro's tracts", least, 100.0, step=1.0, key="hottest_share",
        format="%g %%",
    )  # fmt: skip
    given = [str(condition) for condition in begin.conditions]
    start("conditions", given)
    # what is typed and Enter must win over an option that is like it: none begins as it does
    asked = st.multiselect(
        "Of those, only tracts",
        list(dict.fromkeys([*suggested_conditions(baseline), *st.session_state["conditions"]])),
        key="conditions",
        accept_new_options=True,
        format_func=lambda option: WITH + option.removeprefix(WITH),
        filter_mode="prefix",
        placeholder="All; or type: poverty_share above 0.25",
        help="Pick one, or type a census column, above or below, and a number.",
    )
    conditions = tuple(condition_of(text.removeprefix(WITH)) for text in asked)
    everywhere = share == 100 and conditions
    return Where(hottest_share=None if everywhere else round(share / 100, 6), conditions=conditions)


def pick_literature(begin: bool, baseline: Baseline) -> bool:
    """Draw the leave to use published coefficients, where a measure has one and no curve."""
    here = availabilities(baseline.responses, baseline.metro)
    open_ = [a.measure.label for a in here if not a.estimated and a.measure.literature]
    if not open_:
        return False
    start("literature", begin)
    return st.checkbox(
        plain(f"Answer {', '.join(open_).lower()} by published studies of other places: not ")
        + " estimated here",
        key="literature",
    )


def pick_measure(
    here: Availability, begin: Scenario, limits: Limits, q: int, literature: bool, against: str
) -> tuple[Amount, UnitCost]:
    """Draw one measure: its amount, its unit, its cost, and what labels say against it."""
    measure = here.measure
    linked = next((a for a in begin.amounts if a.measure == measure.id), None)
    price = next((c.usd_m2 for c in begin.costs if c.measure == measure.id), measure.cost.usd_m2)
    published = literature and measure.literature is not None
    able = here.estimated or published
    unit_key, cost_key = f"{measure.id}_unit", f"{measure.id}_cost"
    start(unit_key, OF_LIMIT if linked is None or linked.of_limit else OF_LAND)
    start(cost_key, price)
    start(measure.id, 0.0 if linked is None else round(100 * linked.share, 6))
    of_limit = st.session_state[unit_key] == OF_LIMIT
    most = 100.0 if of_limit else largest(limits, q, here)
    # no tract takes more, so that less asked is the same; written only then: what is written goes
    # to the browser and would undo what the reader moved meanwhile
    if st.session_state[measure.id] > most:
        st.session_state[measure.id] = most
    mark = "" if here.estimated or not published else ", *not estimated here*"
    mark += ", *in doubt*" if against else ""
    share = st.slider(
        f"{plain(measure.label)}{mark}: % {OF_LIMIT if of_limit else OF_LAND}",
        0.0, most, step=1.0 if of_limit else 0.5, key=measure.id, format="%g %%",
        disabled=not able, help=plain(measure.meaning),
    )  # fmt: skip
    if against:
        st.caption(f"**{plain(against)}**")
    if here.estimated:
        taking = limits.share[q][limits.share[q] > 0]
        if taking.size:
            middle, top = np.quantile(100 * taking, (0.5, 1.0))
            st.caption(
                f"Limit: {middle:.0f} % of the land in the middle one of {taking.size:,} tracts, "
                f"{top:.0f} % in the one that takes most."
            )
    elif not published:
        st.caption(advice(here.reason))
    if able:
        with st.expander(f"{plain(measure.label)}: unit, cost, sources"):
            st.radio("Amount in %", (OF_LIMIT, OF_LAND), key=unit_key)
            if here.estimated:
                st.caption(
                    f"Limit by the {plain(limits.basis[q])}, and by what the curves have seen."
                )
            cost = measure.cost
            st.number_input("US$ a treated m²", 0.0, None, step=1.0, key=cost_key)
            st.caption(f"{cost.low_usd_m2:g} to {cost.high_usd_m2:g}: {plain(cost.source)}")
            for coupling in measure.couplings:
                st.caption(plain(f"{coupling.proxy} {coupling.change:+g}: {coupling.source}"))
            if published and measure.literature is not None:
                st.caption(plain(measure.literature.source))
            st.caption(f"Not counted: {plain(measure.left_at_0)}")
    cost_usd = float(st.session_state[cost_key])
    amount = round(share / 100, 8) if able else 0.0
    return Amount(measure.id, amount, of_limit), UnitCost(measure.id, cost_usd)


def largest(limits: Limits, q: int, here: Availability) -> float:
    """End of a slider in shares of land, %: what any tract can take."""
    published = here.measure.literature
    fallback = 1.0 if published is None else published.up_to
    most = float(limits.share[q].max()) if here.estimated else fallback
    return float(max(math.ceil(100 * most), 1))
