"""What a reader takes home from the Disparity page, and what ships with it."""

import streamlit as st

from aespa_core.analysis.disparity.figures.forest import forest
from aespa_core.analysis.disparity.headline import headline, income_gaps
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.run import TABLES, figures_of
from aespa_core.analysis.disparity.specification_file import specification_as_toml
from aespa_core.analysis.units import CELSIUS
from aespa_core.errors import ArtifactError
from aespa_core.views.disparity_charts import forest_chart
from aespa_core.views.disparity_files import SPECIFICATION, analysis_files, report_of
from aespa_core.views.plain_text import advice, file_word, plain
from aespa_core.views.result_tables.archive import zipped
from aespa_core.views.result_tables.folder import with_sums
from dashboard import cached, panels, table_panels
from dashboard.disparity_panels import View, gap_chart
from dashboard.error_frame import made_later

INCOME = "income_sd"
FOREST = ("observed_day", "brightness_day", "predicted_day")


def files_block(view: View) -> None:
    """Offer the whole analysis; what is asked for is made then."""
    st.markdown(
        "Every choice of this page stands in the specification. Kept beside the study, it makes "
        "the same tables again:"
    )
    name = f"{file_word(view.study.path.name)}_{file_word(view.part.id)}"
    st.code(f"aespa disparity --spec {SPECIFICATION} --out disparity_{name}", language="shell")
    specification = specification_as_toml(view.analysis.asked)
    with st.expander("The specification"):
        st.code(specification, language="toml")
    buttons = st.columns(4)
    buttons[0].download_button(
        "Specification (TOML)", specification, SPECIFICATION,
        "application/toml", on_click="ignore", width="stretch",
    )  # fmt: skip
    buttons[1].download_button(
        "All tables, all formats (ZIP)", made_later(lambda: zip_of(view), "All tables"),
        f"aespa_disparity_{name}.zip",
        "application/zip", on_click="ignore", width="stretch",
    )  # fmt: skip
    buttons[2].download_button(
        "Workbook (XLSX)", made_later(lambda: one_file(view, "xlsx"), "Workbook"),
        f"aespa_disparity_{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        on_click="ignore", width="stretch",
    )  # fmt: skip
    buttons[3].download_button(
        "Report with figures (HTML)", made_later(lambda: report(view), "Report"),
        f"aespa_disparity_{name}.html",
        "text/html", on_click="ignore", width="stretch",
    )  # fmt: skip


def zip_of(view: View) -> bytes:
    """Write all tables in all formats."""
    tables = [view.table(name) for name in TABLES]
    return zipped(with_sums(analysis_files(view.analysis, tables)))


def one_file(view: View, form: str) -> bytes:
    """Write all tables into one file."""
    tables = [view.table(name) for name in TABLES]
    return analysis_files(view.analysis, tables, [form])[0].content


def report(view: View) -> bytes:
    """Write figures and tables as one page that opens offline."""
    tables = {name: view.table(name) for name in TABLES}
    figures = figures_of(view.analysis, view.part, view.outcome, tables)
    return report_of(view.analysis, tuple(tables.values()), [(view.part, figures)])


def shipped_block() -> None:
    """Show the tables of the eight real metros that ship."""
    try:
        kept = cached.shipped_tables(*cached.shipped_key())
    except ArtifactError as error:
        st.info(advice(error))
        return
    st.info(
        "Eight real US metros, computed from open data and shipped as results. Observed outcomes "
        "are satellite measurements; predicted ones are model-implied: the atlas's estimates, each "
        "metro's from a model that never saw its temperatures."
    )
    rows, labels = kept.table("T2").frame, ("observed_day", "predicted_day")
    for column, outcome in zip(st.columns(2, gap="large"), labels, strict=True):
        gaps = income_gaps(rows, outcome)
        with column:
            st.markdown(f"**{plain(label_of(outcome))}.** {plain(headline(gaps, '', CELSIUS))}")
            st.plotly_chart(gap_chart(gaps, outcome, CELSIUS), key=f"shipped_{outcome}")
    data = forest(kept.table("T8").frame, INCOME, FOREST)
    st.markdown(advice(data.reading))
    st.plotly_chart(forest_chart(data), key="shipped_forest")
    for table in kept.tables:
        table_panels.result_table(table, kept.provenance, key="_shipped")
    panels.origin_lines(kept.provenance.source_lines())
