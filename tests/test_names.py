"""Names of runs and metros stay inside their folder, in any script."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.errors import ConfigError
from aespa_core.names import plain_name, shown


@pytest.mark.parametrize(
    "name",
    ["heat_teacher", "tract_model", "demo", "St. Paul (east), MN", "Åre & Sälen", "東京", "x" * 80,
     "दिल्ली", "L'Aquila", "2020-07"],
)  # fmt: skip
def test_names_of_any_script_pass_as_they_are(name):
    assert plain_name(name, "run") is name


@pytest.mark.parametrize(
    ("name", "culprit"),
    [
        ("../truth/effects", "'/'"), ("a/b", "'/'"), ("a\\b", "\\"), (".hidden", "dot"),
        ("..", "dot"), ("", "empty"), ("  ", "empty"), ("a\0", "x00"), ("a\nb", "\\n"),
        ("x" * 81, "too long"), ("東" * 80, "too long"), ("a\u202eb", "u202e"),
        ("a\ud800", "ud800"),
        ("C:x", "':'"), ("a*", "'*'"), ("![x](http://a)", "'!'"), ("<b>", "'<'"), (7, "text"),
        (["a"], "text"), (None, "text"),
    ],
)  # fmt: skip
def test_what_could_leave_the_folder_is_refused_in_a_sentence(name, culprit):
    with pytest.raises(ConfigError) as refused:
        plain_name(name, "run")
    sentence = str(refused.value)
    assert sentence.startswith("run ")
    assert culprit in sentence
    assert sentence.isprintable()
    assert len(sentence) < 300


@given(st.text(max_size=100))
def test_no_accepted_name_leads_out_of_its_folder(tmp_path_factory, text):
    folder = tmp_path_factory.getbasetemp()
    try:
        name = plain_name(text, "run")
    except ConfigError:
        return
    path = folder / f"{name}.parquet"
    assert path.parent == folder
    assert path.resolve().parent == folder.resolve()
    assert not Path(name).is_absolute()
    # a file of that name can be asked for, and one beside it be made
    assert not (folder / f".{name}-12345678.parquet").exists()


def test_what_is_shown_is_one_short_printable_line():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    for value in ("x" * 10**6, "a\nb\x1b[31m", "\ud800", 10**9999, deep, float("nan")):
        assert shown(value).isprintable()
        assert len(shown(value)) <= 60
