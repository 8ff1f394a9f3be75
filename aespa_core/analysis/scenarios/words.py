"""An outcome in sentences: the answer first, then what limits it, then what it does not say."""

import math
from dataclasses import astuple
from typing import Final

from aespa_core.analysis import trends
from aespa_core.analysis.scenarios.measures import MEASURE_IDS, MEASURES, Measure
from aespa_core.analysis.scenarios.outcome import Interval, MeasureTotal, Outcome
from aespa_core.analysis.scenarios.plan_words import plan_sentences
from aespa_core.analysis.scenarios.selection import words_of
from aespa_core.analysis.units import CELSIUS, Shown
from aespa_core.schema import metro_label

SURFACE: Final = "Surface temperature seen from above by day, not air temperature or comfort."
DIRECT: Final = (
    "Direct effect: context, area means, neighbours and the base are frozen as they are today."
)
SPREAD: Final = (
    "Ranges are where nine in ten members of the model would lie: how firmly the data fix its "
    "curves, not how true it is. Those of a cooling end at 0, since no member's curves can warm."
)
ALONE: Final = "The model has a single member, so there are no ranges."
NO_PEOPLE: Final = "The study has no residents: who is reached is unknown, tracts count alike."
NO_LAND: Final = "The study has no land area: treated area and cost are unknown."
NOT_HERE: Final = "Not estimated here, from published studies of other places"


def sentences(outcome: Outcome) -> tuple[str, ...]:
    """Say what comes of a scenario."""
    return (*answer(outcome), *limits(outcome), *caveats(outcome))


def headline(outcome: Outcome, shown: Shown = CELSIUS) -> str:
    """Answer in one sentence, for the top of a page or a report, in the reader's degrees."""
    totals = outcome.totals
    place = "simulated " * (outcome.kind == "simulated") + metro_label(outcome.metro)
    used = [total for total in outcome.measures if total.tracts and total.estimated]
    if not used:
        if (p := outcome.published) is not None:
            return (
                f"In {place} published studies of other places, not an estimate here, put it "
                f"at {shown(p.treated_c):+.2f}\u00a0{shown.unit} ({shown(p.low_c):+.2f} to "
                f"{shown(p.high_c):+.2f}) in "
                f"{p.tracts:,} tracts"
            )
        return f"In {place} this scenario changes nothing"
    labels = [measure_named(total.measure).label.lower() for total in used]
    what = " and ".join(filter(None, [", ".join(labels[:-1]), labels[-1]]))
    cooling = -shown(astuple(mean_change(outcome)))  # mean, then the ends
    people = f", home to {totals.people:,.0f} people" if math.isfinite(totals.people) else ""
    range_ = "" if math.isnan(cooling[1]) else f" ({cooling[2]:z.2f} to {cooling[1]:.2f})"
    spent = f" for {dollars(totals.cost_usd)}" if outcome.plan is not None else ""
    return (
        f"In {place} {what}{spent} would cool the surface of {totals.treated:,} "
        f"{'tract' if totals.treated == 1 else 'tracts'}{people}, by "
        f"{cooling[0]:.2f}\u00a0{shown.unit}{range_}"
    )


def dollars(usd: float) -> str:
    """Write a sum, in millions where it has some."""
    return f"US$ {usd / 1e6:,.1f} million" if usd >= 1e6 else f"US$ {usd:,.0f}"


def mean_change(outcome: Outcome) -> Interval:
    """Change over the treated tracts: by residents, or each tract once where none are known."""
    by_people = math.isfinite(outcome.totals.treated_c.mean)
    return outcome.totals.treated_c if by_people else outcome.totals.tract_mean_c


def answer(outcome: Outcome, shown: Shown = CELSIUS) -> tuple[str, ...]:
    """Say what changes, for whom, and what it costs."""
    totals, metro = outcome.totals, metro_label(outcome.metro)
    where = words_of(outcome.scenario.where)
    said = [f"{metro}, {where}: {totals.chosen:,} of {totals.tracts:,} tracts."]
    if totals.treated == 0:
        said.append("By the study's own curves nothing changes: no tract is treated.")
    else:
        by_people = math.isfinite(totals.treated_c.mean)
        weights = "weighted by residents" if by_people else "each tract counted once"
        change = degrees(mean_change(outcome), shown)
        said.append(f"{totals.treated:,} treated tracts change by {change}, {weights}.")
        if by_people:
            said.append(
                f"{totals.people:,.0f} people live there; for the whole metro's people it is "
                f"{degrees(totals.metro_c, shown)}."
            )
        if math.isfinite(totals.area_m2):
            said.append(
                f"{totals.area_m2 / 1e4:,.1f} ha treated, US${totals.cost_usd / 1e6:,.2f} million."
            )
        if outcome.gap is not None:
            gap = outcome.gap
            said.append(
                f"The poorest fifth is {shown(gap.before.mean_c):+.2f} {shown.unit} against the "
                f"richest today and {shown(gap.after.mean_c):+.2f} {shown.unit} after: a change "
                f"of {degrees(gap.change_c, shown)}."
            )
    if outcome.plan is not None:
        said += plan_sentences(outcome.plan, shown)
    if outcome.published is not None:
        p = outcome.published
        labels = " and ".join(measure_named(name).label.lower() for name in p.measures)
        said.append(
            f"{NOT_HERE}: {labels} in {p.tracts:,} tracts would change them by "
            f"{shown(p.treated_c):+.2f} {shown.unit} ({shown(p.low_c):+.2f} to "
            f"{shown(p.high_c):+.2f}); in no other number. {' '.join(p.sources)}"
        )
    return tuple(said)


def limits(outcome: Outcome) -> tuple[str, ...]:
    """Say what was held back, refused or left out."""
    said = [
        f"{measure_named(total.measure).label}: held at the limit in {total.held:,} tracts "
        f"({total.limit}{', or the end of what was learned on' * total.estimated})."
        for total in outcome.measures
        if total.held
    ]
    said += [
        f"{measure_named(refusal.measure).label}: nothing in {refusal.tracts:,} chosen "
        f"{'tract' if refusal.tracts == 1 else 'tracts'}, "
        f"{refusal.reason}."
        for refusal in outcome.refusals
    ]
    return (*said, *(part_left_out(total) for total in outcome.measures if total.left_out))


def part_left_out(total: MeasureTotal) -> str:
    """Say which part of a measure has no curve."""
    return (
        f"{measure_named(total.measure).label}: its part through {' and '.join(total.left_out)} "
        "has no curve here and is not counted."
    )


def caveats(outcome: Outcome) -> tuple[str, ...]:
    """Say what the numbers are not, first of all what labels contradict."""
    said = list(trends.sentences(outcome.trends))
    said += ["Simulated: no place of this study exists."] if outcome.kind == "simulated" else []
    said += [SURFACE, DIRECT, ALONE if outcome.members < 2 else SPREAD]
    if outcome.table["population"].isna().all():
        said.append(NO_PEOPLE)
    if math.isnan(outcome.totals.area_m2):
        said.append(NO_LAND)
    if outcome.gap is None:
        said.append(f"No gap between income groups: {outcome.why_no_gap}")
    return tuple(said)


def degrees(value: Interval, shown: Shown = CELSIUS) -> str:
    """Write a change with its range where there is one."""
    said = range_of(value, shown)
    return f"{shown(value.mean):+.2f} {shown.unit}" + (f" ({said})" if said else "")


def range_of(value: Interval, shown: Shown = CELSIUS) -> str:
    """Write a range over members, nothing where there is none."""
    if math.isnan(value.low90):
        return ""
    return f"{signed(value.low90, shown)} to {signed(value.high90, shown)}"


def signed(value: float, shown: Shown) -> str:
    """Write a change to two decimals; nothing has no sign."""
    text = f"{shown(value):+z.2f}"
    return "0.00" if text == "+0.00" else text


def measure_named(name: str) -> Measure:
    """Look a measure up by its id."""
    return MEASURES[MEASURE_IDS.index(name)]
