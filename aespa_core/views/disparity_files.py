"""All that an analysis of disparity leaves: tables, the whole specification, one report."""

from collections.abc import Sequence
from typing import Final

from aespa_core import __version__
from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.specification_file import specification_as_toml
from aespa_core.studies.manifest import MANIFEST, sha256_of
from aespa_core.views.exports import Provenance, kind_words
from aespa_core.views.result_tables.archive import NamedFile
from aespa_core.views.result_tables.folder import FORMATS, files_of

SPECIFICATION: Final = "specification.toml"


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
