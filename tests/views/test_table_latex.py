"""LaTeX of tables goes through a real compiler, and every row reaches the page."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from aespa_core.views.file_text import MATHS, SIGNS, latex_text
from aespa_core.views.result_tables.latex import PACKAGES, as_latex, latex_files
from aespa_core.views.result_tables.printed import printed
from tests.conftest import missing
from tests.made_tables import PROVENANCE, long_table, made_tables, nasty_table


@pytest.fixture(scope="module")
def pdflatex() -> str:
    compiler = shutil.which("pdflatex")
    if compiler is None:
        missing("no pdflatex: install your system's `texlive-latex-recommended` package")
    return compiler


def compiled(pdflatex: str, folder: Path, source: str) -> str:
    """Compile and give the texts that the PDF draws, one a line.

    The PDF is written without compression; its texts are arrays of strings between kerns.
    """
    plain = r"\pdfcompresslevel=0 \pdfobjcompresslevel=0 "
    for _ in range(2):
        done = subprocess.run(
            [pdflatex, "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape",
             "-jobname=out", rf"{plain}\input{{{source}}}"],
            cwd=folder, capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout.decode(errors="replace")[-2000:]
    drawn = re.findall(rb"\[((?:\\.|[^\]\\])*)\]TJ", (folder / "out.pdf").read_bytes())
    strings = (re.findall(rb"\(((?:\\.|[^)\\])*)\)", array) for array in drawn)
    return "\n".join(b"".join(found).decode("latin-1") for found in strings)


def test_the_document_compiles_with_nasty_text_and_prints_every_row(pdflatex, tmp_path):
    content = as_latex(made_tables(), PROVENANCE)
    content.decode("ascii")
    (tmp_path / "tables.tex").write_bytes(content)
    drawn = compiled(pdflatex, tmp_path, "tables.tex")
    marks = re.findall(r"x7\d{3}", drawn)
    assert marks == list(long_table().frame["row"])
    log = (tmp_path / "out.log").read_text(encoding="latin-1")
    assert "Missing character" not in log
    # wide tables are made smaller or laid on their side: nothing runs off the paper
    over = [float(found) for found in re.findall(r"Overfull \\hbox \(([\d.]+)pt", log)]
    assert max(over, default=0) < 5


def test_fragments_stand_in_any_document(pdflatex, tmp_path):
    for file in latex_files(made_tables(), PROVENANCE):
        (tmp_path / file.name).write_bytes(file.content)
    inputs = "\n".join(rf"\input{{{table.id}}}" for table in made_tables())
    ends = r"\clearpage See Table~\ref{tab:T8}. \end{document}"
    (tmp_path / "paper.tex").write_text(
        rf"\documentclass{{article}}{PACKAGES}\begin{{document}}{inputs}{ends}"
    )
    drawn = compiled(pdflatex, tmp_path, "paper.tex")
    assert re.search(r"SeeTable2", drawn.replace(" ", ""))
    assert len(re.findall(r"x7\d{3}", drawn)) == len(long_table().frame)


def test_a_row_of_the_body_is_a_row_of_latex():
    for file, table in zip(latex_files(made_tables(), PROVENANCE)[1:], made_tables(), strict=True):
        body = file.content.decode().partition("\\midrule\n")[2]
        rows = [line for line in body.splitlines() if "&" in line.replace(r"\&", "")]
        shown = printed(table)
        # a table over several pages has its heads again
        again = b"longtable}{" in file.content
        assert len(rows) == sum(row.kind == "body" for row in shown.rows) + again
        assert all(len(re.findall(r"(?<!\\)&", row)) == len(shown.heads) - 1 for row in rows)


def test_no_sign_is_a_command():
    everything = "".join([*MATHS, *SIGNS, *map(chr, range(0x180))])
    written = latex_text(everything)
    assert written.isascii()
    # each dollar opens or closes mathematics that this project wrote, or is escaped
    assert len(re.findall(r"(?<!\\)\$", written)) % 2 == 0
    assert latex_text("\\input{x} %") == r"\textbackslash{}input\{x\} \%"
    assert latex_text("é ş Ł 東") == r"\'{e} \c{s} \L{} {[}U+6771{]}"
    assert latex_text("--") == "-{}-{}"
    assert "today" in latex_text(nasty_table().frame["text"].str.cat())
