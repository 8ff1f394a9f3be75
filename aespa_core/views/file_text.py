"""Text on its way into a file: no formula runs, no command is read, nothing unseen slips in."""

import io
import math
import unicodedata
from collections.abc import Iterable
from typing import Final

import numpy as np
import pandas as pd

# a spreadsheet runs a cell that starts with one of these: = + - @, and where people write
# Japanese or Chinese also their full-width and small forms
FORMULA_SIGNS: Final = frozenset("=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b")
# white space before which text is not what it seems
BLANK_STARTS: Final = ("\t", "\r")
# where a cell ends for spreadsheets of any country: many split lines at semicolons, and a quote in
# the middle of such a cell holds nothing together
CELL_ENDS: Final = ";\t\r\n"
# control, format (also what turns the direction of writing), half and unassigned characters
UNSEEN: Final = ("Cc", "Cf", "Cs", "Cn")
QUOTED: Final = frozenset(',"\n\r#')

MATHS: Final = {
    "−": "-", "°": r"^\circ", "±": r"\pm", "×": r"\times", "·": r"\cdot", "≤": r"\leq",
    "≥": r"\geq", "≠": r"\neq", "≈": r"\approx", "→": r"\rightarrow", "∞": r"\infty", "√": r"\surd",
    "²": "^2", "³": "^3", "¹": "^1", "₀": "_0", "₁": "_1", "₂": "_2", "₃": "_3", "₅": "_5",
    "<": "<", ">": ">", "|": "|", "Δ": r"\Delta", "Σ": r"\Sigma", "Ω": r"\Omega",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon",
    "η": r"\eta", "θ": r"\theta", "κ": r"\kappa", "λ": r"\lambda", "µ": r"\mu", "μ": r"\mu",
    "ν": r"\nu", "π": r"\pi", "ρ": r"\rho", "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi",
    "χ": r"\chi", "ψ": r"\psi", "ω": r"\omega",
}  # fmt: skip
SIGNS: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "`": r"\`{}", "'": "'{}", '"': "''{}", "-": "-{}", "[": "{[}", "]": "{]}", "*": "{*}",
    "–": "--{}", "—": "---{}", "‐": "-{}", "‑": "-{}", "‘": "`{}", "’": "'{}", "“": "``{}",
    "”": "''{}", "…": r"\dots{}", "\u00a0": "~", "\u202f": r"\,", "\u2009": r"\,",
    "§": r"\S{}", "¶": r"\P{}", "†": r"\dag{}", "‡": r"\ddag{}", "£": r"\pounds{}",
    "©": r"\copyright{}", "ß": r"\ss{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}",
    "Œ": r"\OE{}", "ø": r"\o{}", "Ø": r"\O{}", "ł": r"\l{}", "Ł": r"\L{}", "ı": r"\i{}",
    "å": r"\aa{}", "Å": r"\AA{}", "¿": "?`{}", "¡": "!`{}",
}  # fmt: skip
# combining marks that LaTeX's oldest font encoding has as accents
ACCENTS: Final = {
    "\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0304": "=", "\u0306": "u",
    "\u0307": ".", "\u0308": '"', "\u030a": "r", "\u030b": "H", "\u030c": "v", "\u0323": "d",
    "\u0327": "c", "\u0331": "b",
}  # fmt: skip


def visible(text: str, keep: str = "") -> str:
    """Write what cannot be seen by its code, ``[U+0007]``, except the characters of ``keep``."""
    if text.isprintable():
        return text
    return "".join(
        f"[U+{ord(sign):04X}]" if sign not in keep and hidden(sign) else sign for sign in text
    )


def hidden(sign: str) -> bool:
    """Whether a character shows nothing or belongs to no text."""
    return unicodedata.category(sign) in UNSEEN


def one_line(text: str) -> str:
    """Write text on one line: white space becomes single spaces, what is unseen its code."""
    return visible(" ".join(text.split()))


def inert_text(text: str, ends: str = "") -> str:
    """Put an apostrophe before each sign that would make a spreadsheet run a cell as a formula.

    Parameters
    ----------
    text
        What stands in one cell.
    ends
        Characters at which a spreadsheet may end that cell and begin the next. Blanks, quotes and
        what is not seen do not hide a sign behind them.
    """
    if text.startswith(BLANK_STARTS):
        text = "'" + text
    if FORMULA_SIGNS.isdisjoint(text):
        return text
    signs, begins = [], True
    for sign in text:
        if begins and sign in FORMULA_SIGNS:
            signs.append("'")
        signs.append(sign)
        begins = sign in ends or (begins and (sign.isspace() or sign == '"' or hidden(sign)))
    return "".join(signs)


def csv_field(value: object) -> str:
    """Write one cell of a CSV file: floats by their shortest exact form, missing as nothing.

    Text with ``#`` is quoted too, so that readers which skip comments keep it.
    """
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if not isinstance(value, str):
        missing = isinstance(value, float | np.floating) and math.isnan(value)
        return "" if missing else str(value)
    text = inert_text(value, CELL_ENDS)
    if text == "" or not QUOTED.isdisjoint(text) or text != text.strip():
        return '"' + text.replace('"', '""') + '"'
    return text


def csv_text(table: pd.DataFrame, comments: Iterable[str] = ()) -> str:
    """Write a table as CSV with LF below ``#`` comment lines, one comment a line."""
    file = io.StringIO()
    for comment in comments:
        # a spreadsheet knows no comments: it splits these lines, too
        file.write(inert_text(f"# {one_line(comment)}", f",{CELL_ENDS}") + "\n")
    file.write(",".join(csv_field(str(name)) for name in table.columns) + "\n")
    columns = [own_precision(table.iloc[:, at]) for at in range(table.shape[1])]
    for row in zip(*columns, strict=True):
        file.write(",".join(map(csv_field, row)) + "\n")
    return file.getvalue()


def own_precision(column: pd.Series) -> Iterable[object]:
    """Give a column's values; single floats stay single, so that 0.1 is written as 0.1."""
    return column.to_numpy() if column.dtype.kind == "f" else column


def latex_text(text: str) -> str:
    """Write text for LaTeX in plain ASCII, so that any engine and font encoding reads it.

    Nothing in it is a command, a ligature or an option of the line before; a character that
    LaTeX's oldest fonts lack is written by its code, ``[U+6771]``.
    """
    return "".join(latex_sign(sign) for sign in unicodedata.normalize("NFC", one_line(text)))


def latex_sign(sign: str) -> str:
    """Write one character."""
    if sign in MATHS:
        return f"${MATHS[sign]}$"
    if sign in SIGNS:
        return SIGNS[sign]
    if sign in "&%$#_{}":
        return f"\\{sign}"
    if " " <= sign <= "~":
        return sign
    base, *marks = list(unicodedata.normalize("NFD", sign))
    if len(marks) == 1 and marks[0] in ACCENTS and base.isascii() and base.isalpha():
        under = {"i": r"\i", "j": r"\j"}.get(base, base) if marks[0] < "\u0323" else base
        return f"\\{ACCENTS[marks[0]]}{{{under}}}"
    return f"{{[}}U+{ord(sign):04X}{{]}}"
