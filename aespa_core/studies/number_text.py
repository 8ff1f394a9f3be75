"""Numbers that were written as text: what people and public tables write, and what it means."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from aespa_core.studies.unit_mistakes import LEAVE_EMPTY, WRITE_OR_DROP, in_range

# What public tables write where there is no number (the Census Bureau's among them).
NO_NUMBER: Final = {
    *("", "-", "–", "—", "--", ".", "..", "...", "*", "**", "***", "*****", "?", "#"),
    *("(x)", "x", "n", "(n)", "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "no data"),
    *("(d)", "d", "(s)", "s", "-c", "(b)", "#value!", "#ref!", "#div/0!", "#num!", "missing"),
}
OPEN_END: Final = re.compile(r"(?P<number>[\d., ’']+)\s*(?P<sign>[+-])")
PLAIN: Final = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
# One separator throughout; an apostrophe or a space never stands for a decimal comma.
THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}([, '’])\d{3}(\1\d{3})*(\.\d+)?")
DECIMAL_COMMA: Final = re.compile(r"[-+]?(\d+|\d{1,3}([. '’])\d{3}(\2\d{3})*),\d+")
DOTTED_THOUSANDS: Final = re.compile(r"[-+]?[1-9]\d{0,2}(\.\d{3})+")
# 1,234 may be either; 0,123 has no thousand.
EITHER: Final = re.compile(r"[-+]?[1-9]\d{0,2},\d{3}")
# 12.3, 0.123 or 1234.567: a dot that cannot stand between thousands.
DECIMAL_DOT: Final = re.compile(r"[-+]?(\d*\.(\d{1,2}|\d{4,})|(0\d*|\d{4,})?\.\d{3})")
DOLLARS: Final = re.compile(r"\$|USD")
CURRENCY: Final = re.compile(r"^[-+]?\s*(US\s*\$|USD|\$|€|£)\s*|\s*(USD|US\$|\$|€|£)$")

Comma = Literal["thousands", "decimal"]


@dataclass(frozen=True)
class Range:
    """Unit and valid range of a column; None is no bound.

    ``comma``: what a comma between digits stands for in the column, None where nothing tells.
    ``nullable``: whether it may be without a value.
    """

    unit: str
    low: float | None = None
    high: float | None = None
    comma: Comma | None = None
    nullable: bool = True

    @property
    def absent(self) -> str:
        """What to do where there is no value."""
        return LEAVE_EMPTY if self.nullable else WRITE_OR_DROP


def explain_text(value: object, column: Range) -> tuple[str, str]:
    """Say what a text in a column of numbers means, and what to write instead."""
    text = tidy(value)
    if text.lower() in NO_NUMBER:
        return f"'{value}' is not a number but stands for a missing value", column.absent
    comma = column.comma or comma_in(text)
    if (end := OPEN_END.fullmatch(text)) is not None:
        number = number_in(end["number"].strip(), comma)
        if number is not None:
            return explain_open_end(value, number, end["sign"], column)
    percent = text.endswith("%")
    bare = without_unit(text)
    number = number_in(bare, comma)
    if number is None and EITHER.fullmatch(bare):
        return explain_either(value, bare, column)
    if number is None:
        return (
            f"'{value}' is not a number",
            f"write a number in {column.unit} or {column.absent}",
        )
    if percent and column.unit.startswith("share"):
        number /= 100
    words = "is a percentage as text" if percent else "is a number written as text"
    if not in_range(number, column.low, column.high):
        return f"'{value}' {words}", f"write a number in {column.unit}"
    return f"'{value}' {words}", f"write {number:.10g}, in {column.unit}"


def tidy(value: object) -> str:
    """Put a text into plain signs: the minus of typesetters, spaces that do not break."""
    return re.sub("[\u00a0\u2009\u202f]", " ", str(value)).strip().replace("−", "-")


def without_unit(text: str) -> str:
    """Take the currency or the percent sign off."""
    return CURRENCY.sub("", text.removesuffix("%").strip()).strip()


def explain_either(value: object, bare: str, column: Range) -> tuple[str, str]:
    """Explain ``1,234`` where nothing else in the column tells what its comma is."""
    thousands, decimal = number_in(bare, "thousands"), number_in(bare, "decimal")
    return (
        f"'{value}' is {thousands:.10g} if its comma stands between thousands, and {decimal:.10g} "
        "if it is a decimal comma: nothing in the column tells",
        f"write the number that is meant without a comma, in {column.unit}",
    )


def explain_open_end(value: object, number: float, sign: str, column: Range) -> tuple[str, str]:
    """Explain ``250,000+`` and ``2,500-``: the Census Bureau ends its scales so."""
    code = number + 1 if sign == "+" else number - 1
    way = "more" if sign == "+" else "less"
    problem = f"'{value}' is an open end of a scale: {number:,.10g} or {way}"
    if not in_range(code, column.low, column.high):
        return problem, column.absent
    return problem, f"write {code:.10g}, which is kept and counted as censored"


def comma_in(text: str) -> Comma | None:
    """Tell what commas stand for from one text of a column; None where it does not tell."""
    tidied = tidy(text)
    # dollars, and the ends of the Census Bureau's scales, are written with thousands commas
    american = DOLLARS.search(tidied) is not None or OPEN_END.fullmatch(tidied) is not None
    bare = without_unit(tidied.rstrip("+-"))
    if EITHER.fullmatch(bare):
        return "thousands" if american else None
    if ("," in bare and THOUSANDS.fullmatch(bare)) or DECIMAL_DOT.fullmatch(bare):
        return "thousands"
    if DECIMAL_COMMA.fullmatch(bare):
        return "decimal"
    if DOTTED_THOUSANDS.fullmatch(bare) and bare.count(".") > 1:
        return "decimal"
    return None


def comma_of(texts: Iterable[str]) -> Comma | None:
    """Tell what commas stand for in a column; None where nothing tells, or its texts disagree."""
    ways = {way for text in texts if (way := comma_in(text)) is not None}
    return ways.pop() if len(ways) == 1 else None


def number_in(text: str, comma: Comma | None = None) -> float | None:
    """Read a number as people write it; None where it is none, or where two could be meant.

    Parameters
    ----------
    text
        The number without its unit.
    comma
        What a comma stands for where the text does not tell.
    """
    if EITHER.fullmatch(text):
        if comma is None:
            return None
        return float(text.replace(",", "" if comma == "thousands" else "."))
    if comma == "decimal" and DOTTED_THOUSANDS.fullmatch(text):
        return float(text.replace(".", ""))
    if PLAIN.fullmatch(text):
        return float(text)
    if THOUSANDS.fullmatch(text):
        return float(re.sub(r"[, '’]", "", text))
    if DECIMAL_COMMA.fullmatch(text):
        return float(re.sub(r"[. '’]", "", text).replace(",", "."))
    if DOTTED_THOUSANDS.fullmatch(text):
        return float(text.replace(".", ""))
    return None
