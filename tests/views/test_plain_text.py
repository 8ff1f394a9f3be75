"""Text from outside is shown sign by sign: nothing in it is read as markup."""

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.views.plain_text import (
    JOINER,
    LONGEST,
    LONGEST_NAME,
    LONGEST_TICK,
    advice,
    bullets,
    chart_lines,
    chart_text,
    code,
    file_word,
    headed_bullets,
    html_text,
    plain,
    plain_cells,
    plain_name,
    short,
)
from tests.hostile import EVERY, OUTSIDE, TEXTS

PUNCTUATION = r"!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~"


def as_read(markdown: str) -> str:
    """Undo escapes as CommonMark says: a backslash before punctuation is not shown."""
    return re.sub(rf"\\([{PUNCTUATION}])", r"\1", markdown).replace(JOINER, "")


def left_open(markdown: str) -> str:
    """Blot out what is escaped: markup can only come of the rest."""
    return re.sub(rf"\\[{PUNCTUATION}]", "\0", markdown)


@pytest.mark.parametrize("text", EVERY)
def test_no_sign_that_markdown_knows_is_left(text):
    written = plain(text)
    assert as_read(written) == short(text)
    rest = left_open(written)
    assert not set("`*[]<>$~|") & set(rest)
    assert not re.search(r"&#?\w+;", rest)
    # a directive, an icon or an emoji begins with a colon and a word
    assert not re.search(r":[\w+\-:/\[{]", rest)
    assert not re.match(r"([#+\-=]+|\d+[.)])(\s|$)", rest)


@pytest.mark.parametrize("text", EVERY)
def test_nothing_is_found_once_escapes_are_undone(text):
    """Icons, emoji, addresses and arrows are looked for in the finished text."""
    finished = re.sub(rf"\\([{PUNCTUATION}])", r"\1", plain(text))
    assert not re.search(r":material_\w+:|:streamlit:|:[+\-\w]+:", finished)
    assert not re.search(r"https?://|www\.|@\w", finished)
    assert not re.search(r"(^|\s)(<->|->|<-|--|>=|<=|~=)(\s|$)", finished)


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("![]()<>*_`~$:\\&#;|-+=.1 ax/@w\u202e\x00\n"), max_size=40))
def test_any_mixture_is_shown_as_it_is(text):
    written = plain(text)
    assert as_read(written) == short(text)
    assert not set("`*[]<>$~|") & set(left_open(written))
    assert "\n" not in written


@settings(deadline=None)
@given(st.text())
def test_whatever_the_text_it_is_one_visible_line(text):
    line = short(text)
    assert len(line) <= LONGEST
    assert not re.search(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", line)
    line.encode("utf-8")
    assert short(line) == line


def test_text_is_bounded():
    assert len(short("x" * 10**6)) == LONGEST
    assert short("x" * 10**6).endswith("x…")
    assert len(plain_name("x" * 10**6)) == LONGEST_NAME
    assert len(chart_text("x" * 10**6)) == LONGEST_TICK
    assert short("a\u202eb") == "a[U+202E]b"


def test_a_number_stays_with_its_unit():
    assert short("by 0.5\u00a0°C  (0.1\n to 0.9)") == "by 0.5\u00a0°C (0.1 to 0.9)"
    assert plain("-0.5 °C") == "-0.5 °C"


@pytest.mark.parametrize(
    "text", ["frame.to_crs('EPSG:4326')", "at 12:30", "data:image", "x:y", ":red[x]", "C:\\town"]
)
def test_advice_can_be_copied(text):
    """A colon that nothing is made of carries nothing unseen."""
    assert JOINER not in plain(text)
    assert re.sub(rf"\\([{PUNCTUATION}])", r"\1", plain(text)) == text


def test_commands_of_ours_are_code_and_all_else_is_plain():
    said = advice("There is no **x**: run `aespa study validate /a_b/$c$` or `evil` it.")
    assert said == (r"There is no \*\*x\*\*: run `aespa study validate /a_b/$c$` or \`evil\` it.")
    assert as_read(advice("a `aespa ")) == "a `aespa"


@pytest.mark.parametrize("text", EVERY)
def test_code_holds_the_text_whole(text):
    fence = re.match("`+", code(text))[0]
    inner = code(text)[len(fence) : -len(fence)]
    assert inner.strip().replace(JOINER, "") == short(text)
    assert fence not in inner


def test_lists_keep_their_lines():
    assert bullets(["a\n# b", "- c"]) == "- a # b\n- \\- c"
    assert headed_bullets(["How sure: **very**: x"]) == "- **How sure:** \\*\\*very\\*\\*: x"


class Tags(HTMLParser):
    """Collect the tags and the text of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        """Note text."""
        self.text += data


@pytest.mark.parametrize("text", EVERY)
def test_html_shows_the_text(text):
    between = Tags(f"<p>{html_text(text)}</p>")
    assert between.tags == [("p", {})]
    assert between.text == short(text)
    assert Tags(f'<p title="{html_text(text)}">').tags == [("p", {"title": short(text)})]


@pytest.mark.parametrize("text", EVERY)
def test_charts_show_the_text(text):
    """Plotly reads tags and entities."""
    written = chart_text(text)
    assert Tags(written).tags == []
    assert Tags(written).text == short(text, LONGEST_TICK)
    assert Tags(chart_lines(text, 12)).tags == [("br", {})] * chart_lines(text, 12).count("<br>")


def test_cells_and_heads_of_a_table_are_plain():
    table = pd.DataFrame({TEXTS[0]: [TEXTS[1], None], "n": [1.5, 2.5]})
    shown = plain_cells(table)
    assert list(shown.columns) == [plain(TEXTS[0]), "n"]
    assert shown.iloc[0, 0] == plain(TEXTS[1])
    assert shown["n"].tolist() == [1.5, 2.5]


@pytest.mark.parametrize("text", [*EVERY, "../../etc/passwd", "a/b\\c", "", "..", "x" * 999])
def test_names_of_files_hold_nothing_strange(text):
    word = file_word(text)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", word)
    assert OUTSIDE not in word or "/" not in word
