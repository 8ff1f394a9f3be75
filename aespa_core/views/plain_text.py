"""Text from outside on its way to the screen: it is shown as it is written and does nothing.

Names of studies and metros, notes, ids, column names, values in errors and everything of a link
come from outside. Which of these functions they pass depends on what reads them:

=================================  ==============================================
Markdown: labels, captions, boxes  :func:`plain`, :func:`plain_name`, :func:`advice`
Markdown, as code                  :func:`code`
plotly: titles, names, ticks       :func:`chart_text`, :func:`chart_lines`
HTML and SVG                       :func:`html_text`
options, cells, ``st.text``        :func:`short`: they are no markup
names of files                     :func:`file_word`
=================================  ==============================================
"""

import re
from collections.abc import Iterable
from html import escape
from textwrap import wrap
from typing import Final

import pandas as pd

from aespa_core.views.file_text import visible

LONGEST: Final = 1_500
LONGEST_NAME: Final = 120
LONGEST_TICK: Final = 64
LONGEST_WORD: Final = 80
# Shows nothing and ends words: what Markdown looks for in finished text is no longer found.
JOINER: Final = "\u2060"

# all white space but the two that hold a number and its unit together
_BLANKS: Final = re.compile(r"[^\S\u00a0\u202f]+|[\u00a0\u202f]{2,}")
# A backslash makes one of these a sign like others.
_ESCAPED: Final = re.compile(r"[\\`*\[\]<>$~|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?\w+;)")
# of a directive, as :red[x]
_COLON: Final = re.compile(r":(?=[\w+\-:/\[{])")
# Streamlit looks for these once escapes are undone: icons, emoji, addresses, arrows. A text cannot
# be kept from it by backslashes. Other colons stay alone: who copies advice copies the joiner, too.
_SHORTCODE: Final = re.compile(r":(?=[\w+\-]+:|material/|//)")
_ADDRESS: Final = re.compile(r"(?<=www)(?=\.)|(?<=@)", re.IGNORECASE)
_ARROW: Final = re.compile(r"(?:(?<=^)|(?<=\s))(<->|->|<-|--|>=|<=|~=)(?=\s|$)")
_START: Final = re.compile(r"^(?:([#+\-=])(?=[#+\-=]*(?:\s|$))|(\d+)([.)])(?=\s|$))")
# what our own sentences tell the reader to run
_COMMAND: Final = re.compile(r"`((?:aespa|make|python) [^`]+)`")


def short(text: object, most: int = LONGEST) -> str:
    """Write text on one line of at most ``most`` signs, what is unseen by its code."""
    whole = str(text)
    # what nobody will see need not be looked at: a name may have a million signs
    line = visible(_BLANKS.sub(" ", whole[: 4 * most]).strip())
    cut = len(line) > most or len(whole) > 4 * most
    return f"{line[: most - 1].rstrip()}…" if cut else line


def plain(text: object, most: int = LONGEST) -> str:
    """Write text so that Streamlit's Markdown shows it sign by sign, whatever it holds.

    No link, picture, HTML, formula, directive, icon, emoji, emphasis, list, heading or code comes
    of it. It is one line; it may stand anywhere in a line of Markdown.

    Parameters
    ----------
    text
        Anything; shown as ``str`` gives it.
    most
        Longest text, in signs.
    """
    line = _ARROW.sub(lambda found: found[0][0] + JOINER + found[0][1:], short(text, most))
    line = _SHORTCODE.sub(f":{JOINER}", _ADDRESS.sub(JOINER, line))
    line = _ESCAPED.sub(r"\\\g<0>", line)
    line = _COLON.sub(r"\\:", line)
    return _START.sub(
        lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", line
    )


def plain_name(text: object) -> str:
    """Write a name of a thing for Markdown, shortened where it is endless."""
    return plain(text, LONGEST_NAME)


def advice(text: object) -> str:
    """Write one of our sentences for Markdown: commands in it are code, all else is plain."""
    parts = _COMMAND.split(short(text))
    # every second part is what the brackets caught: it holds no backtick
    return "".join(
        f"`{unreplaced(part)}`" if at % 2 else within(part) for at, part in enumerate(parts)
    )


def within(part: str) -> str:
    """Write a part of a line for Markdown, with the blanks at its ends."""
    inner = part.strip()
    if not inner:
        return part
    start = part[: len(part) - len(part.lstrip())]
    return start + plain(inner) + part[len(part.rstrip()) :]


def code(text: object) -> str:
    """Write text as code in Markdown, between more backticks than it has in a row."""
    line = unreplaced(short(text))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence} {line} {fence}" if "`" in line else f"{fence}{line}{fence}"


def headed_bullets(lines: Iterable[str]) -> str:
    """Write our sentences as a list of Markdown; what stands before the first colon is bold."""
    parts = (line.partition(": ") for line in lines)
    return "\n".join(f"- **{plain(head)}:** {advice(rest)}" for head, _, rest in parts)


def unreplaced(line: str) -> str:
    """Keep Streamlit from rewriting the name of an icon, which it does in code, too."""
    return line.replace(":material/", f":{JOINER}material/")


def bullets(lines: Iterable[object]) -> str:
    """Write our sentences as a list of Markdown, one a point."""
    return "\n".join(f"- {advice(line)}" for line in lines)


def plain_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Give a table whose heads and texts are safe in ``st.table``, which reads Markdown."""
    shown = table.rename(columns=plain)
    texts = shown.select_dtypes(exclude="number").columns
    return shown.assign(**{column: shown[column].map(plain) for column in texts})


def html_text(text: object, most: int = LONGEST) -> str:
    """Write text for HTML and SVG, between tags or in a quoted attribute."""
    return escape(short(text, most))


def chart_text(text: object, most: int = LONGEST_TICK) -> str:
    """Write text for plotly, whose titles, names, ticks and hover texts know some HTML."""
    line = short(text, most)
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def chart_lines(text: object, width: int) -> str:
    """Write text for plotly over as many lines as it needs, ``width`` signs each."""
    return "<br>".join(chart_text(line, LONGEST) for line in wrap(short(text), width))


def chart_texts(table: pd.DataFrame) -> pd.DataFrame:
    """Give what a chart tells of each mark, its texts safe for plotly."""
    texts = table.select_dtypes(exclude=["number", "bool"]).columns
    return table.assign(**{column: table[column].map(chart_text) for column in texts})


def file_word(text: object) -> str:
    """Write text as a part of a file's name: letters, digits, dots, dashes and low lines."""
    word = re.sub(r"[^A-Za-z0-9._-]+", "_", str(text)[: 4 * LONGEST_WORD])
    return word[:LONGEST_WORD].strip("._-") or "unnamed"
