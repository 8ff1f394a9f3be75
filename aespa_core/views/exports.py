"""Tables and maps as files that carry where they come from."""

import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from aespa_core import __version__
from aespa_core.analysis.benchmark_studies import BenchmarkStudy
from aespa_core.analysis.benchmark_tables import COMMANDS
from aespa_core.studies.folder import Study
from aespa_core.studies.manifest import MANIFEST, sha256_of
from aespa_core.views.file_text import csv_text, latex_text, one_line


@dataclass(frozen=True)
class Provenance:
    """Where an export comes from; ``manifest_sha256`` names the study's exact bytes.

    ``notices`` say what was repaired or only counted in its tables, one sentence each.
    """

    content: str
    study: str
    kind: str
    vintage: str
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    manifest_sha256: str
    code_version: str
    notices: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """One ``key: value`` a line, and each notice on its own."""
        return [*self.source_lines(), *(f"notice: {notice}" for notice in self.notices)]

    def source_lines(self) -> list[str]:
        """Give the same without the notices, for where they stand already."""
        return lines_of({key: value for key, value in asdict(self).items() if key != "notices"})


@dataclass(frozen=True)
class ResultProvenance:
    """Where numbers of a benchmark come from; ``file_sha256`` names the exact bytes."""

    content: str
    study: str
    kind: str
    file: str
    command: str
    file_sha256: str
    code_version: str
    machine: str

    def lines(self) -> list[str]:
        """One ``key: value`` a line."""
        return lines_of(asdict(self))


Origin = Provenance | ResultProvenance


def lines_of(entries: dict[str, object]) -> list[str]:
    """Write one ``key: value`` a line."""
    return [
        f"{key}: {' | '.join(value) if isinstance(value, tuple) else value}"
        for key, value in entries.items()
    ]


def kind_words(kind: str) -> str:
    """Say what kind of study it is; a simulated one loudly."""
    return "SIMULATED, no real place" if kind == "simulated" else kind


def provenance_of(study: Study, content: str) -> Provenance:
    """Describe an export of a study; ``content`` says in one sentence what the file holds."""
    info = study.info
    return Provenance(
        content,
        info.name,
        kind_words(info.kind),
        info.vintage,
        info.sources,
        info.licences,
        sha256_of(study.path / MANIFEST),
        __version__,
        tuple(map(str, study.notices)),
    )


def result_provenance(
    path: Path, study: BenchmarkStudy, results: pd.DataFrame, content: str
) -> ResultProvenance:
    """Describe an export of a benchmark's table; ``results`` are the rows it was read from."""
    rows = results[results["study"] == study.id]
    return ResultProvenance(
        content,
        study.label,
        kind_words("simulated" if study.simulated else "observed"),
        path.name,
        COMMANDS[path.name],
        sha256_of(path),
        " | ".join(sorted(rows["code_version"].astype(str).unique())),
        " | ".join(sorted(rows["machine"].astype(str).unique())),
    )


def as_csv(table: pd.DataFrame, provenance: Origin, comments: Sequence[str] = ()) -> bytes:
    """Write CSV at full precision under comment lines; read it with ``comment="#"``.

    Text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    return csv_text(table, [*provenance.lines(), *comments]).encode()


def as_geopackage(frame: gpd.GeoDataFrame, provenance: Provenance) -> bytes:
    """Write a GeoPackage with one layer ``tracts`` whose metadata is the provenance."""
    metadata = {key: str(value) for key, value in asdict(provenance).items()}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracts.gpkg"
        pyogrio.write_dataframe(
            frame.reset_index(names="geoid"),
            path,
            layer="tracts",
            layer_options={"DESCRIPTION": provenance.content},
            dataset_metadata=metadata,
        )
        return path.read_bytes()


def as_latex(table: pd.DataFrame, caption: str, provenance: Origin) -> bytes:
    """Write a booktabs table whose notes are comments above it.

    Numbers are shown with three decimals; the CSV has all of them.
    """
    head = "".join(f"% {one_line(line)}\n" for line in provenance.lines())
    rows = [
        " & ".join(latex_cell(cell) for cell in row) + r" \\"
        for row in table.itertuples(index=False)
    ]
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes]
    lines = [
        r"\begin{table}",
        r"\centering",
        rf"\caption{{{latex_text(caption)}}}",
        rf"\begin{{tabular}}{{{''.join('r' if flag else 'l' for flag in numeric)}}}",
        r"\toprule",
        " & ".join(latex_text(str(name)) for name in table.columns) + r" \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\end{table}",
    ]
    return (head + "\n".join(lines) + "\n").encode()


def latex_cell(value: object) -> str:
    """Write a cell: three decimals for fractions, an empty cell for missing."""
    if isinstance(value, float):
        return "" if pd.isna(value) else f"${value:.3f}$"
    return latex_text(str(value))
