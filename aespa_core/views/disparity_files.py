"""All that an analysis of disparity leaves: tables, the whole specification, one report."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aespa_core import __version__
from aespa_core.analysis.disparity.analysis import Analysis, Part
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import Figures
from aespa_core.analysis.disparity.specification_file import specification_as_toml
from aespa_core.studies.catalogue import ATLAS
from aespa_core.studies.manifest import MANIFEST, sha256_of
from aespa_core.views.disparity_figures import drawn
from aespa_core.views.disparity_report import report
from aespa_core.views.exports import Provenance, kind_words
from aespa_core.views.result_tables.archive import NamedFile
from aespa_core.views.result_tables.folder import FORMATS, files_of
from aespa_core.views.result_tables.printed import printed
from aespa_core.views.result_tables.web_page import section

SPECIFICATION: Final = "specification.toml"
REPORT: Final = "report.html"
# Tables of the real metros within an atlas: results without a row of any source.
KEPT: Final = Path("disparity") / "tables.json"
SHIPPED: Final = ATLAS / KEPT


def provenance_of_analysis(analysis: Analysis) -> Provenance:
    """Say where the tables of an analysis come from, all its studies together."""
    studies = analysis.sample.studies
    hashes = [sha256_of(study.path / MANIFEST) for study in studies]
    return Provenance(
        "Disparity: who bears the heat",
        " | ".join(study.info.name for study in studies),
        " | ".join(dict.fromkeys(kind_words(study.info.kind) for study in studies)),
        " | ".join(dict.fromkeys(study.info.vintage for study in studies)),
        tuple(dict.fromkeys(line for study in studies for line in study.info.sources)),
        tuple(dict.fromkeys(line for study in studies for line in study.info.licences)),
        " | ".join(hashes),
        __version__,
        analysis.study_notices,
    )


def analysis_files(
    analysis: Analysis, tables: Sequence[ResultTable], formats: Sequence[str] = tuple(FORMATS)
) -> list[NamedFile]:
    """Write the tables in some formats, and the specification."""
    specification = specification_as_toml(analysis.asked).encode()
    return [
        *files_of(tables, provenance_of_analysis(analysis), formats),
        NamedFile(SPECIFICATION, specification),
    ]


def report_of(
    analysis: Analysis,
    tables: Sequence[ResultTable],
    figures: Sequence[tuple[Part, Figures]],
) -> bytes:
    """Write figures of some parts and all tables as one page that opens offline."""
    drawings = [
        drawn(data, part.sample.geometry, f"{part.id}-{data.id}-")
        for part, found in figures
        for data in found.made
    ]
    missing = [line for _, found in figures for line in found.missing]
    notices = [f"{table.id}: {line}" for table in tables for line in table.notices]
    return report(
        f"Who bears the heat: {', '.join(part.label for part in analysis.metros)}",
        [section(printed(table)) for table in tables],
        drawings,
        provenance_of_analysis(analysis).source_lines(),
        tuple(dict.fromkeys((*analysis.source_lines(), *missing, *notices))),
    )
