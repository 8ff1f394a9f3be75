"""Take an outcome, draw its tracts as rows and offer it as files."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pandas as pd
import streamlit as st

from aespa_core.analysis.places import Places
from aespa_core.analysis.scenarios.outcome import Outcome
from aespa_core.analysis.scenarios.words import measure_named
from aespa_core.analysis.units import Shown
from aespa_core.studies.folder import Study
from aespa_core.views.exports import as_geopackage
from aespa_core.views.plain_text import file_word, plain
from aespa_core.views.scenario_exports import (
    OUTCOME,
    REPORT,
    SCENARIO,
    TRACTS,
    outcome_file,
    outcome_provenance,
    tract_shapes,
    tract_table,
)
from dashboard.error_frame import made_later
from dashboard.tract_choice import choose_row

DEGREES: Final = {
    "anomaly_c": "Today ({} from median)",
    "effect_c": "Change ({})",
    "low90_c": "90 % from ({})",
    "high90_c": "90 % to ({})",
    "after_c": "After ({} from median)",
}


def tracts(outcome: Outcome, shown_as: Shown) -> None:
    """Draw every tract as a row, those that change most first; marking a row chooses the tract."""
    table = tract_table(outcome)
    shares = [name for name in table if name.endswith("_share")]
    shown = ["geoid", *shares, "anomaly_c", "effect_c", "low90_c", "high90_c", "after_c"]
    people = ["population"] * bool(table["population"].notna().any())
    small = table[[*shown, *people, "held", "why_not"]]
    small = small.assign(**{name: shown_as(small[name]) for name in DEGREES})
    small = small.astype(dict.fromkeys(small.select_dtypes("number").columns, "float32"))
    st.dataframe(
        small,
        key="tract_table",
        hide_index=True,
        height=300,
        on_select=partial(choose_row, "tract_table", table["geoid"].tolist()),
        selection_mode="single-row",
        column_config={
            "geoid": st.column_config.TextColumn("Tract"),
            **{
                name: st.column_config.NumberColumn(label.format(shown_as.unit), format="%.2f")
                for name, label in DEGREES.items()
            },
            **{
                name: st.column_config.NumberColumn(
                    f"{measure_named(name.removesuffix('_share')).label} (of land)",
                    format="percent",
                )
                for name in shares
            },
            "population": st.column_config.NumberColumn("Residents", format="localized"),
            "held": st.column_config.CheckboxColumn("Held at a limit"),
            "why_not": st.column_config.TextColumn("What it does not get"),
        },
    )  # fmt: skip


def downloads(study: Study, places: Places, outcome: Outcome) -> None:
    """Offer the outcome as files; they are made when asked for."""
    name = f"aespa_what_if_{file_word(study.path.name)}_{file_word(outcome.metro)}"
    text = partial(outcome_file, study, outcome, places.frame)
    shapes: pd.DataFrame = tract_shapes(outcome, places.frame)
    makers: list[tuple[str, str, str, Callable[[], bytes]]] = [
        ("Report (HTML)", "html", "text/html", partial(text, REPORT)),
        ("Tracts (CSV)", "csv", "text/csv", partial(text, TRACTS)),
        (
            "Map (GeoPackage)",
            "gpkg",
            "application/geopackage+sqlite3",
            partial(as_geopackage, shapes, outcome_provenance(study, outcome)),
        ),
        ("Numbers (JSON)", "json", "application/json", partial(text, OUTCOME)),
        ("Scenario (TOML)", "toml", "application/toml", partial(text, SCENARIO)),
    ]
    for column, (label, end, mime, make) in zip(st.columns(len(makers)), makers, strict=True):
        column.download_button(
            plain(label),
            made_later(make, label),
            f"{name}.{end}",
            mime,
            on_click="ignore",
            width="stretch",
        )
    st.caption(
        "The address of this page is the scenario: send it, and the same numbers come up. "
        "`aespa whatif` plays the TOML file again."
    )
