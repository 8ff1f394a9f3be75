"""Made tables of results: with nasty text, extreme numbers, and each layout."""

from typing import Final

import numpy as np
import pandas as pd
from scipy import stats

from aespa_core.analysis.disparity.result_table import REGRESSION, Layout, ResultTable
from aespa_core.views.exports import Provenance

PROVENANCE: Final = Provenance(
    "Made tables, 100 % <b>made</b> & more",
    "gridville",
    "SIMULATED, no real place",
    "2020",
    ("first source", "second\nsource"),
    ("CC0",),
    "0123456789abcdef" * 4,
    "0.1.0",
)
NASTY: Final = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "#N/A", "#REF!", "# no comment", "1.50",
    'quo"ted', "a,b", "two\nlines", "two\r\nlines", " padded ", "'", "''", "", "TRUE",
    "<script>alert(1)</script>", "</td></table>", "&lt;", "50 % & $1_000 #2 {x} ~ ^ \\today",
    "[options]", "*", "a--b---c", "``?`", "κ λ ρ τ ° − ² – ≤ ≥ ± × · µ σ Δ χ²", "São Tomé",
    "Łódź, Đà Nẵng, Müller, ñandú, Çeşme, Århus", "東京", "🔥", "bell\x07", "turned\u202eround",
    "\\input{/etc/passwd}", "]]>", "${jndi}", "e\u0301",
)  # fmt: skip
FLOATS: Final = (
    0.1, -1 / 3, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308, -0.0, 1e16 / 3, np.nan,
    np.inf, -np.inf, 123456789.123456789, 1e-17,
)  # fmt: skip


def nasty_table() -> ResultTable:
    """Make a list with every nasty text and extreme number."""
    floats = np.resize(np.array(FLOATS), len(NASTY))
    frame = pd.DataFrame(
        {
            "text": pd.Series(NASTY, dtype="str"),
            "=head": floats,
            "people": np.arange(len(NASTY)),
            "simulated": np.arange(len(NASTY)) % 2 == 0,
            "again": pd.Series(NASTY[::-1], dtype="str"),
        }
    )
    note = ("100 % of <i>this</i> & that_", "κ = 0.1, ≤ 5 km", "x" * 90)
    return ResultTable("A1", "Nasty: =1, °C & ² <b>", frame, note, ("=1+1 is text",))


def estimates(size: int, seed: int) -> dict[str, object]:
    """Make columns of estimates with standard errors of many sizes."""
    chance = np.random.default_rng(seed)
    error = 10 ** chance.uniform(-3, 3, size)
    estimate = error * chance.normal(0, 3, size)
    freedom = chance.choice([2.5, 40.0, np.inf], size)
    half = stats.t.isf(0.025, freedom) * error
    return {
        "estimate": estimate,
        "unit": "°C",
        "std_error": error,
        "df": freedom,
        "low95": estimate - half,
        "high95": estimate + half,
        "p": 2 * stats.t.sf(np.abs(estimate / error), freedom),
    }


def regression_table() -> ResultTable:
    """Make a stepwise regression of two outcomes, with rows about the models."""
    parts = []
    for outcome in ("observed", "predicted"):
        for step, model in enumerate(("(1)", "(2)", "(3)"), start=1):
            keys = {"outcome": outcome, "model": model}
            terms = ["income_sd", "nonwhite_10pct", "log_density"][:step]
            parts.append(pd.DataFrame({**keys, "term": terms, **estimates(step, step)}))
            about = {"term": ["n", "r2", "Fixed effects"], "estimate": [1234.0, 0.25, np.nan]}
            words = {"value": [None, None, "county" if step == 3 else "no"]}
            parts.append(pd.DataFrame({**keys, **about, **words}))
    frame = pd.concat(parts, ignore_index=True)
    frame["label"] = frame["term"].map({"income_sd": "Income (per SD)"})
    return ResultTable("T3", "Step by step", frame, ("N = 1,234.",), (), REGRESSION)


def metro_table() -> ResultTable:
    """Make a matrix of metros and terms, one cell of it missing, one estimate not computed."""
    keys = [(metro, term) for metro in ("boston", "st_louis") for term in ("Income", "Density")]
    frame = pd.DataFrame(keys, columns=["metro", "term"]).assign(**estimates(4, 9), q=0.0004)
    frame.loc[1, ["estimate", "std_error", "low95", "high95", "p"]] = np.nan
    about = pd.DataFrame({"metro": ["boston", "st_louis"], "term": "n", "estimate": [12345.0, 30]})
    frame = pd.concat([frame.drop(index=2), about], ignore_index=True)
    return ResultTable("T8", "By metro", frame, (), (), Layout("metro", "term", ("low95", "q")))


def long_table(rows: int = 95) -> ResultTable:
    """Make a list over several pages, each row with its own mark."""
    frame = pd.DataFrame({"row": [f"x{7000 + at}" for at in range(rows)]})
    frame = frame.assign(**estimates(rows, 3), sentence="text that is so long that it is broken")
    return ResultTable("T10", "Long", frame, ("Over several pages.",))


def wide_table() -> ResultTable:
    """Make a regression whose foot says more than a column holds, with six models."""
    words = "HC1 standard errors (tracts as if independent: too small where heat clusters)"
    parts = []
    for model in range(1, 7):
        terms = [f"Residents of some group or other {at} (per 10 points)" for at in range(4)]
        parts.append(pd.DataFrame({"model": f"({model})", "term": terms, **estimates(4, model)}))
        parts.append(pd.DataFrame({"model": [f"({model})"], "term": "Errors", "value": words}))
    frame = pd.concat(parts, ignore_index=True)
    return ResultTable("T9", "Wide", frame, (), (), REGRESSION)


def made_tables() -> tuple[ResultTable, ...]:
    """Make one of each."""
    return (regression_table(), metro_table(), long_table(), nasty_table(), wide_table())
