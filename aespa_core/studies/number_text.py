"""Numbers that were written as text: what people and public tables write, and what it means."""

import re
from dataclasses import dataclass
from typing import Final

from aespa_core.studies.unit_mistakes import LEAVE_EMPTY, in_range

# What public tables write where there is no number (the Census Bureau's among them).
NO_NUMBER: Final = {
    *("", "-", "–", "—", "--", ".", "..", "...", "*", "**", "***", "*****", "?", "#"),
    *("(x)", "x", "n", "(n)", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "no data"),
    *("(d)", "d", "(s)", "s", "-c", "(b)", "#value!", "#ref!", "#div/0!", "#num!", "missing"),
}
OPEN_END: Final = re.compile(r"(?P<number>[\d.,  ]+)\s*(?P<sign>[+-])")
PLAIN: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}([,  '’]\d{3})+(\.\d+)?")
DECIMAL_COMMA: Final = re.compile(r"[-+]?\d+,\d+")
DOTTED_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}(\.\d{3})+(,\d+)?")
CURRENCY: Final = re.compile(r"^[-+]?\s*(US\s*\$|USD|\$|€|£)\s*|\s*(USD|US\$|\$|€|£)$")


@dataclass(frozen=True)
class Range:
    """Unit and valid range of a column; None is no bound."""

    unit: str
    low: float | None = None
    high: float | None = None


def explain_text(value: object, column: Range) -> tuple[str, str]:
    """Say what a text in a column of numbers means, and what to write instead."""
    text = str(value).strip().replace("−", "-").replace(" ", " ")
    if text.lower() in NO_NUMBER:
        return f"'{value}' is not a number but stands for a missing value", LEAVE_EMPTY
    if (end := OPEN_END.fullmatch(text)) and (number := number_in(end["number"])) is not None:
        return explain_open_end(value, number, end["sign"], column)
    percent = text.endswith("%")
    bare = CURRENCY.sub("", text.removesuffix("%")).strip()
    number = number_in(bare)
    if number is None:
        return (
            f"'{value}' is not a number",
            f"write a number in {column.unit} or {LEAVE_EMPTY}",
        )
    if percent and column.unit.startswith("share"):
        number /= 100
    words = "is a percentage as text" if percent else "is a number written as text"
    if not in_range(number, column.low, column.high):
        return f"'{value}' {words}", f"write a number in {column.unit}"
    return f"'{value}' {words}", f"write {number:.10g}, in {column.unit}"


def explain_open_end(value: object, number: float, sign: str, column: Range) -> tuple[str, str]:
    """Explain ``250,000+`` and ``2,500-``: the Census Bureau ends its scales so."""
    code = number + 1 if sign == "+" else number - 1
    way = "more" if sign == "+" else "less"
    problem = f"'{value}' is an open end of a scale: {number:,.10g} or {way}"
    if not in_range(code, column.low, column.high):
        return problem, LEAVE_EMPTY
    return problem, f"write {code:.10g}, which is kept and counted as censored"


def number_in(text: str) -> float | None:
    """Read a number as people write it; one group of three digits after a comma is thousands."""
    if PLAIN.fullmatch(text):
        return float(text)
    if THOUSANDS.fullmatch(text):
        return float(re.sub(r"[,  '’]", "", text))
    if DECIMAL_COMMA.fullmatch(text):
        return float(text.replace(",", "."))
    if DOTTED_THOUSANDS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    return None
