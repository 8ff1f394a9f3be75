"""Take values, draw one finished thing."""

import json
from collections.abc import Callable, Iterable
from functools import partial

import geopandas as gpd
import pandas as pd
import streamlit as st

from aespa_core.analysis.places import Places, headline_of, run_rows
from aespa_core.analysis.trends import Trends, sentences, warnings
from aespa_core.analysis.units import shown_in
from aespa_core.errors import StudyError
from aespa_core.schema import PROXIES
from aespa_core.studies.folder import Study
from aespa_core.views.charts import distribution
from aespa_core.views.colors import Scale, legend_html
from aespa_core.views.exports import (
    Origin,
    as_csv,
    as_geopackage,
    as_latex,
    provenance_of,
)
from aespa_core.views.layers import Layer
from aespa_core.views.maps import MapFile, map_deck, view_of
from aespa_core.views.plain_text import advice, bullets, file_word, plain, plain_name, short
from aespa_core.views.runs import run_label
from aespa_core.views.tables import screen_table
from dashboard.controls import place_name, sentence
from dashboard.error_frame import made_later
from dashboard.static_files import publish
from dashboard.tract_choice import choose_object, choose_row

MAP_HEIGHT_PX = 560
OUTLINE = {"dark": (255, 255, 255), "light": (20, 20, 20)}


def answer(study: Study, places: Places, degrees: str) -> None:
    """Answer the page's question as its title, or say why the data cannot."""
    try:
        headline = headline_of(places)
    except StudyError as error:
        place = plain_name(place_name(study, places.metro))
        st.title(f"How hot it is in {place} is not known")
        st.info(advice(error))
        return
    st.title(plain(sentence(study, places.metro, headline, degrees)))


def legend(layer: Layer, scale: Scale, degrees: str) -> None:
    """Draw the classes of a map with their limits; grey hatching is *not measured*."""
    shown = shown_in(layer.unit, degrees)
    sign = "+" if layer.kind == "diverging" else ""
    st.html(legend_html(scale, shown(scale.edges), sign, "not measured"))
    st.caption(f"**{plain(layer.label)}, {shown.unit}.** {plain(layer.meaning)}")


def heat_map(
    frame: gpd.GeoDataFrame, file: MapFile, layer: Layer, scale: Scale, chosen: str | None
) -> None:
    """Draw the map; a click puts the tract into the session as ``tract``."""
    address = publish(file) if st.get_option("server.enableStaticServing") else None
    if address is None:
        st.info("Map borders are sent inline: static serving is off or its folder is read-only.")
    st.pydeck_chart(
        map_deck(
            address or json.loads(file.content),
            layer.id,
            layer.label,
            scale,
            view_of(frame, MAP_HEIGHT_PX),
            frame.geometry.loc[[chosen]] if chosen else None,
            OUTLINE[st.context.theme.type or "light"],
        ),
        height=MAP_HEIGHT_PX,
        on_select=partial(choose_object, "map"),
        selection_mode="single-object",
        key="map",
        alt=f"Map of {len(frame):,} census tracts coloured by {layer.label.lower()}; "
        "the table below holds the same numbers.",
    )


def against_labels(trends: Trends) -> None:
    """Warn where measured temperature contradicts a proxy, and note what else it says."""
    warned = warnings(trends)
    for line in sentences(trends):
        (st.warning if line in warned else st.caption)(advice(line))


def metro_summary(places: Places, study: Study, degrees: str) -> None:
    """Say what is known of a metro as a whole: for the panel while nothing is chosen."""
    frame = places.frame
    st.subheader("The metro as a whole")
    if places.estimated:
        shown = shown_in("°C difference", degrees)
        spread = shown(frame["anomaly_c"].quantile([0.05, 0.95]).to_numpy())
        st.markdown(
            f"- Nine in ten tracts lie between {spread[0]:+z.1f} and {spread[1]:+z.1f} "
            f"{shown.unit} of the median.\n"
            f"- The 90 % interval is {shown(frame['width90_c'].median()):.1f} {shown.unit} wide "
            "for the median tract.\n"
            f"- {int(frame['extrapolated'].sum()):,} tracts are extrapolated."
        )
    st.dataframe(measured_counts(places), hide_index=True, width="stretch")
    st.info("Choose a tract: click the map, type its number above, or mark a row of the table.")
    if study.info.notes:
        with st.expander(f"Data notes ({len(study.info.notes):,})"):
            st.markdown(bullets(study.info.notes))


def measured_counts(places: Places) -> pd.DataFrame:
    """Count, for each quantity, in how many tracts it is known and how it enters the estimate."""
    frame = places.frame
    rows = []
    if "observed_c" in frame:
        rows.append(("Surface temperature", int(frame["observed_c"].notna().sum()), "label"))
    for proxy in PROXIES:
        effect = frame.get(f"contribution_{proxy.id}_c")
        known = frame.get(proxy.id, effect)
        count = 0 if known is None else int(known.notna().sum())
        role = "curve" if proxy.id in places.proxies else "no curve"
        rows.append((proxy.label, count, role))
    table = pd.DataFrame(rows, columns=["Quantity", "Tracts", "Model"])
    table.insert(2, "Missing", len(frame) - table["Tracts"])
    return table if places.estimated else table.drop(columns="Model")


def spread(places: Places, layer: Layer, degrees: str, chosen: str | None) -> None:
    """Draw the distribution of the layer over the metro's tracts."""
    shown = shown_in(layer.unit, degrees)
    title = f"How many tracts have which value: {layer.label.lower()}, {shown.unit}"
    st.plotly_chart(
        distribution(places.frame[layer.column], title, shown, chosen), key="distribution"
    )


def ranked_table(table: pd.DataFrame, layer: Layer) -> None:
    """Draw every tract as a row, warmest first; marking a row chooses the tract."""
    st.dataframe(
        screen_table(table, layer),
        key="table",
        hide_index=True,
        height=300,
        on_select=partial(choose_row, "table", table["geoid"].tolist()),
        selection_mode="single-row",
        column_config={
            "geoid": st.column_config.TextColumn("Tract"),
            layer.column: st.column_config.NumberColumn(
                f"{layer.label} ({layer.unit})", format="%.2f"
            ),
            "anomaly_c": st.column_config.NumberColumn("Estimate (°C from median)", format="%.2f"),
            "low90_c": st.column_config.NumberColumn("90 % from (°C)", format="%.2f"),
            "high90_c": st.column_config.NumberColumn("90 % to (°C)", format="%.2f"),
            "population": st.column_config.NumberColumn("Residents", format="%d"),
        },
    )
    st.caption("The table file has every column.")


def downloads(study: Study, places: Places, table: pd.DataFrame) -> None:
    """Offer the table and the map as files; they are made when asked for."""
    whose = f"estimates by {run_label(places.run)}" if places.run else "estimates"
    provenance = provenance_of(study, f"Tracts of {places.metro}: {whose} and measurements")
    parts = filter(None, ["aespa", study.path.name, places.metro, places.run])
    name = "_".join(map(file_word, parts))
    makers: list[tuple[str, str, str, Callable[[], bytes]]] = [
        ("Table (CSV)", f"{name}.csv", "text/csv", partial(as_csv, table, provenance)),
        (
            "Map (GeoPackage)",
            f"{name}.gpkg",
            "application/geopackage+sqlite3",
            partial(as_geopackage, places.frame, provenance),
        ),
    ]
    for table_id, label in (("attributions", "Parts (CSV)"), ("attention", "Photos (CSV)")):
        if table_id in study.run_tables(places.run or ""):
            rows = partial(run_csv, study, places, table_id, f"{table_id} of {whose}")
            makers.append((label, f"{name}_{table_id}.csv", "text/csv", rows))
    for column, (label, file, mime, make) in zip(st.columns(4), makers, strict=False):
        column.download_button(
            plain(label), made_later(make, label), file, mime, on_click="ignore", width="stretch"
        )


def run_csv(study: Study, places: Places, table: str, content: str) -> bytes:
    """Write a table of the metro's run, with where it comes from."""
    provenance = provenance_of(study, f"Tracts of {places.metro}: {content}")
    return as_csv(run_rows(study, places, table), provenance)


def table_downloads(table: pd.DataFrame, caption: str, name: str, origin: Origin) -> None:
    """Offer a table as CSV and LaTeX."""
    one, two, _ = st.columns([1, 1, 4])
    one.download_button(
        "CSV", as_csv(table, origin), f"aespa_{name}.csv", "text/csv", key=f"csv_{name}",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    two.download_button(
        "LaTeX", as_latex(table, caption, origin), f"aespa_{name}.tex", "text/x-tex",
        key=f"tex_{name}", on_click="ignore", width="stretch",
    )  # fmt: skip


def provenance(study: Study) -> None:
    """Say where the numbers come from; the page's top has the notices."""
    origin_lines(provenance_of(study, "this page").source_lines())


def origin_lines(lines: Iterable[str]) -> None:
    """Say where the numbers come from, line by line."""
    with st.expander("Where the numbers come from"):
        for line in lines:
            st.text(short(line))
