"""Strings that were written to do harm, and places outside that nobody may read."""

from typing import Final

import numpy as np

# What would load a picture, run a script, leave a folder, or break a line.
STRINGS: Final[tuple[str, ...]] = (
    "![x](http://outside.invalid/x.png)",
    "[click](http://outside.invalid/)",
    "<img src=http://outside.invalid/x>",
    '<a href="http://outside.invalid/">x</a>',
    "<script>fetch('http://outside.invalid/')</script>",
    "<svg onload=alert(1)>",
    "<!-- x --><style>@import 'http://outside.invalid/x.css'</style>",
    ":red[danger] :material/home: :streamlit:",
    "$\\frac{1}{0}$ $$x$$",
    "**bold** _under_ `code` ~~gone~~",
    "../../outside/secret",
    "../truth/effects",
    "..\\..\\outside\\secret",
    "/etc/passwd",
    "file:///etc/passwd",
    "http://outside.invalid/study",
    "~root",
    "$HOME",
    "${HOME}",
    "=1+1",
    '=HYPERLINK("http://outside.invalid/","x")',
    "@SUM(1)",
    "'; DROP TABLE tracts; --",
    "{{7*7}} {0.__class__} %s %n",
    "\u202eevil\u202c",
    "\u2066left\u2069 \u200f\u200e",
    "a\u0301" * 40,
    "\ufeff\u200b\u00a0",
    "line\nbreak\r\nand\ttab",
    "\x1b[31mred\x1b[0m",
    "\x07\x08",
    "-1",
    "0",
    "1e308",
    "1e400",
    "-inf",
    "nan",
    "9" * 500,
    "None",
    "true",
    "[]",
    "{}",
    "CON",
    ".",
    "..",
    "",
    " ",
    "x" * 5_000,
    "é" * 2_000,
    "\U0001f525" * 100,
    "01001020100|" * 300,
    "seattle,seattle,seattle",
    "income_sd," * 200,
    "poverty_share above 1e999",
    "wealth above 3 and population below 2",
)
# JSON can bring lone surrogates; TOML, Parquet and what a server decodes from a link cannot.
SURROGATE: Final = "\\ud800"
MARKUP: Final = ("![x](http", "<img src=http", "<script>fetch", "<svg onload", '<a href="http')


def some_string(rng: np.random.Generator) -> str:
    """Draw one of them, now and then two together."""
    one = STRINGS[int(rng.integers(len(STRINGS)))]
    if rng.uniform() < 0.1:
        return one + STRINGS[int(rng.integers(len(STRINGS)))]
    return one
