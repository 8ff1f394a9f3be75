"""A scenario's outcome as one HTML file that needs nothing else: no network, no script, no font."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import geopandas as gpd
import pandas as pd

from aespa_core.analysis.scenarios import words
from aespa_core.analysis.scenarios.measures import Measure
from aespa_core.analysis.scenarios.outcome import Interval, Outcome
from aespa_core.analysis.scenarios.plan_words import plan_table
from aespa_core.analysis.scenarios.scenario_file import scenario_as_toml
from aespa_core.analysis.scenarios.words import (
    DIRECT,
    SURFACE,
    dollars,
    headline,
    mean_change,
    measure_named,
    sentences,
)
from aespa_core.analysis.trends import warnings
from aespa_core.views.colors import legend_html
from aespa_core.views.exports import Provenance
from aespa_core.views.svg_maps import shape_defs, svg_map
from aespa_core.views.whatif_maps import ScenarioMap, scenario_maps

STYLE: Final = """
body { font: 15px/1.5 sans-serif; max-width: 1200px; margin: 2rem auto; padding: 0 1.5rem;
  color: #22211f; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { margin-top: 2.2rem; font-size: 1.2rem; }
.note { border-left: 4px solid #b5452c; padding: 0.3rem 0.9rem; background: #f5f3f0; }
.numbers, .maps { display: flex; gap: 1.5rem; flex-wrap: wrap; }
.numbers > div { flex: 1 1 12rem; } .numbers b { display: block; font-size: 1.5rem; }
.maps > figure { flex: 1 1 18rem; margin: 0; } .maps svg { width: 100%; max-height: 480px; }
.aespa-legend { display: flex; flex-wrap: wrap; gap: 0.1rem 0.8rem; font-size: 0.8rem; }
.aespa-legend span { display: inline-flex; align-items: center; gap: 0.3rem; }
.aespa-legend i { width: 1rem; height: 0.8rem; display: inline-block; }
.aespa-legend i.missing { background: #dcdcdc; }
table { border-collapse: collapse; font-size: 0.85rem; } .scroll { overflow-x: auto; }
th, td { padding: 0.15rem 0.6rem; border-bottom: 1px solid #ddd; text-align: left; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; }
pre { background: #f5f3f0; padding: 0.8rem; overflow-x: auto; }
"""


def whatif_report(
    outcome: Outcome, geometry: gpd.GeoSeries, tracts: pd.DataFrame, provenance: Provenance
) -> str:
    """Write the report.

    Parameters
    ----------
    outcome
        What came of the scenario.
    geometry
        Shapes of the metro's tracts by geoid, in degrees.
    tracts
        One row a tract, in the order in which they are listed.
    provenance
        Where it comes from.
    """
    title = f"{headline(outcome)}."
    simulated = "Simulated: this is no real place. " * (outcome.kind == "simulated")
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="note">{simulated}{escape(SURFACE)} {escape(DIRECT)}</p>',
        *(
            f'<p class="note">{escape(line)}</p>'
            for line in (*warnings(outcome.trends), *outcome.notices)
        ),
        numbers(outcome),
        "<h2>In words</h2>" + listed(sentences(outcome)),
        budget(outcome),
        "<h2>Before, after, and what changes</h2>",
        maps(scenario_maps(outcome, geometry.index), geometry),
        "<h2>Measures</h2>" + measures(outcome),
        "<h2>The scenario</h2>",
        "<p>Written to a file, <code>aespa whatif</code> plays it again.</p>",
        f"<pre>{escape(scenario_as_toml(outcome.scenario))}</pre>",
        f"<h2>Tracts</h2>{table_of(tracts)}",
        "<h2>Where the numbers come from</h2>" + listed(provenance.source_lines()),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(filter(None, parts))
        + "\n</body></html>\n"
    )


def numbers(outcome: Outcome) -> str:
    """Write the answer as four numbers."""
    totals, gap = outcome.totals, outcome.gap
    change = mean_change(outcome)
    cells = (
        ("Change in the treated tracts", degrees(change)),
        ("People reached", number(totals.people, ",.0f")),
        ("Change of the gap, poorest against richest fifth",
         "unknown" if gap is None else degrees(gap.change_c)),
        ("Cost", dollars(totals.cost_usd) if math.isfinite(totals.cost_usd) else "unknown"),
    )  # fmt: skip
    return (
        '<div class="numbers">'
        + "".join(f"<div>{escape(label)}<b>{escape(value)}</b></div>" for label, value in cells)
        + "</div>"
    )


def degrees(value: Interval) -> str:
    """Write a change with its range."""
    if math.isnan(value.mean):
        return "none"
    return words.degrees(value)


def number(value: float, form: str) -> str:
    """Write a number, in words where it is unknown."""
    return format(value, form) if math.isfinite(value) else "unknown"


def budget(outcome: Outcome) -> str:
    """Set the ways of spending a budget side by side; nothing where there is none."""
    if outcome.plan is None:
        return ""
    return "<h2>The budget spent in three ways</h2>" + table_of(plan_table(outcome.plan), 5)


def maps(shown: Sequence[ScenarioMap], geometry: gpd.GeoSeries) -> str:
    """Draw the maps."""
    defs = shape_defs(geometry)
    figures = (
        f"<figure>{svg_map(defs, one.codes, one.scale.colours, one.label)}"
        f"<figcaption><b>{escape(one.label)}</b>, °C"
        f"{legend_html(one.scale, one.scale.edges, '+', one.grey)}</figcaption></figure>"
        for one in shown
    )
    return f'{defs}<div class="maps">{"".join(figures)}</div>'


def measures(outcome: Outcome) -> str:
    """Say of each measure what it is, what it does, what it costs, and who says so."""
    written = []
    for total in outcome.measures:
        measure = measure_named(total.measure)
        said = [
            measure.meaning,
            f"{total.tracts:,} tracts, {total.held:,} held at the limit ({total.limit}).",
            f"US$ {total.usd_m2:g} for each m² treated; usual {measure.cost.low_usd_m2:g} to "
            f"{measure.cost.high_usd_m2:g}. {measure.cost.source}",
            *couplings(measure),
            f"Not counted: {measure.left_at_0}",
        ]
        mark = "" if total.estimated else ": not estimated here"
        written.append(f"<h3>{escape(measure.label)}{mark}</h3>{listed(said)}")
    return "".join(written)


def couplings(measure: Measure) -> list[str]:
    """Say how far each proxy moves where a whole tract is treated."""
    return [
        f"{coupling.proxy} {coupling.change:+g} on a treated m². {coupling.source}"
        for coupling in measure.couplings
    ]


def listed(lines: Iterable[str]) -> str:
    """Write a list."""
    return "<ul>" + "".join(f"<li>{escape(line)}</li>" for line in lines) + "</ul>"


def table_of(table: pd.DataFrame, decimals: int = 3) -> str:
    """Write a table; numbers stand right, what is unknown is empty."""
    numeric = [pd.api.types.is_float_dtype(kind) for kind in table.dtypes]
    head = "".join(
        f'<th class="n">{escape(name)}</th>' if right else f"<th>{escape(name)}</th>"
        for name, right in zip(table.columns, numeric, strict=True)
    )
    rows = "".join(
        "<tr>" + "".join(cell_of(cell, decimals) for cell in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    return f'<div class="scroll"><table><tr>{head}</tr>{rows}</table></div>'


def cell_of(value: object, decimals: int) -> str:
    """Write a cell."""
    if isinstance(value, float):
        text = "" if math.isnan(value) else f"{value:,.{decimals}f}".rstrip("0").rstrip(".")
        return f'<td class="n">{text or ("" if math.isnan(value) else "0")}</td>'
    return f"<td>{escape(str(value))}</td>"
