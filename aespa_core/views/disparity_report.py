"""Disparities as one HTML file that needs no network: figures, readings, tables, provenance."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from aespa_core.views.disparity_figures import Drawn

# Nothing may be fetched, whatever stands in a study's names; plotly's own code and styles may run.
POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src data: blob:"
)
CONFIG: Final = {"displaylogo": False, "responsive": True, "showLink": False}
STYLE: Final = """
body { font: 15px/1.5 sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1.5rem;
  color: #22211f; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.25; } h2 { margin-top: 2.6rem; font-size: 1.2rem; }
figure { margin: 2.2rem 0; } figure > svg:not([width]) { width: 100%; max-height: 620px; }
.reading { font-size: 1.05rem; } .scroll { overflow-x: auto; }
.caution { border-left: 4px solid #b5452c; padding: 0.2rem 0.9rem; background: #f5f3f0;
  font-size: 0.85rem; margin: 0.4rem 0; }
.aespa-legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.85rem; }
.aespa-legend > span { display: inline-flex; align-items: center; gap: 0.35rem; }
.aespa-legend span i { width: 1.1rem; height: 0.9rem; display: inline-block; }
.aespa-legend i.missing { background: #dcdcdc; }
section table { border-collapse: collapse; font-size: 0.85rem; border-top: 2px solid #22211f;
  border-bottom: 2px solid #22211f; }
caption { text-align: left; font-size: 1.05rem; font-weight: bold; padding-bottom: 0.5rem; }
section th, section td { padding: 0.15rem 0.7rem; text-align: left; font-weight: normal;
  vertical-align: top; }
section thead th { border-bottom: 1px solid #22211f; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody + tbody { border-top: 1px solid #c9c4bc; }
.note { font-size: 0.82rem; max-width: 60rem; } .note p { margin: 0.15rem 0; }
.origin { font-size: 0.85rem; overflow-wrap: anywhere; }
@media print { .scroll { overflow: visible; } figure { break-inside: avoid; } }
"""


def report(
    title: str,
    tables: Sequence[str],
    figures: Sequence[Drawn],
    provenance: Iterable[str],
    notes: Iterable[str] = (),
) -> bytes:
    """Write the report.

    Parameters
    ----------
    title
        Of the page.
    tables
        HTML of each table with its note, as printed: one ``section`` each.
    figures
        In the order in which they are shown.
    provenance
        Where the numbers come from, one line each.
    notes
        What holds for all of them: what is left out, what is simulated, what could not be made.
    """
    drawings = [figure_html(one, f"figure-{at}") for at, one in enumerate(figures, 1)]
    charts = any(isinstance(one.picture, go.Figure) for one in figures)
    parts = [
        f"<h1>{escape(title)}</h1>",
        *(f'<p class="caution">{escape(note)}</p>' for note in notes),
        "<h2>Figures</h2>" * bool(drawings),
        *drawings,
        "<h2>Tables</h2>" * bool(tables),
        *tables,
        "<h2>Where the numbers come from</h2>",
        f'<ul class="origin">{"".join(f"<li>{escape(line)}</li>" for line in provenance)}</ul>',
    ]
    head = (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
    )
    script = f"<script>{get_plotlyjs()}</script>" if charts else ""
    return f"{head}{script}</head>\n<body>\n{chr(10).join(parts)}\n</body></html>\n".encode()


def figure_html(one: Drawn, place: str) -> str:
    """Write a figure under its reading, with its cautions."""
    data = one.data
    cautions = "".join(f'<p class="caution">{escape(line)}</p>' for line in data.cautions)
    if isinstance(one.picture, go.Figure):
        # the page is white, whatever theme the chart will meet elsewhere
        picture = go.Figure(one.picture).update_layout(template="plotly_white")
        drawing = picture.to_html(
            full_html=False,
            include_plotlyjs=False,
            div_id=place,
            default_height=f"{picture.layout.height}px",
            config=CONFIG,
        )
    else:
        drawing = f"<h3>{escape(data.title)}</h3>{one.picture}"
    return (
        f'<figure aria-label="{escape(data.title)}">'
        f'<figcaption class="reading">{escape(data.reading)}</figcaption>'
        f"{drawing}{cautions}</figure>"
    )
