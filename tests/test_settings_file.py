"""A file of settings is read within limits; each fault of it is one sentence, and cheap."""

import os
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.errors import ConfigError
from aespa_core.settings_file import LARGEST, MOST_BYTES, parse_toml, read_toml

HOSTILE = {
    "lists 50,000 levels deep": b"a = " + b"[" * 50_000 + b"]" * 50_000,
    "lists 60 levels deep": b"a = " + b"[" * 60 + b"]" * 60,
    "tables 60,000 levels deep": b"a = " + b"{a = " * 60_000,
    "a key of 490,000 parts": b"a" + b".a" * 490_000 + b" = 1",
    "a quoted key of 160,000 parts": b'"a"' + b' . "a"' * 160_000 + b" = 1",
    "a heading of 400,000 parts": b"[a" + b".a" * 400_000 + b"]",
    "an integer of 50,000 digits": b"a = " + b"1" * 50_000,
    "a hexadecimal of 50,000 digits": b"a = 0x" + b"f" * 50_000,
    "beyond 64 bits": b"a = 9223372036854775808",
    "beyond 64 bits in a list": b"[a]\nb = [[1, -9223372036854775809]]",
    "more than 1 MB": b"#" * (MOST_BYTES + 1),
    "NUL": b"a = 'b\0'",
    "UTF-16": "a = 1".encode("utf-16"),
    "Latin-1": "a = 'é'".encode("latin-1"),
    "a broken date": b"a = 2023-02-30",
    "quotes without end": b"'\"" * 400_000,
    "a line that ends early": b"a = ",
    "twice the same key": b"a = 1\na = 2",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_a_sentence(tmp_path, name):
    path = tmp_path / "settings.toml"
    path.write_bytes(HOSTILE[name])
    with pytest.raises(ConfigError) as refused:
        read_toml(path, "a scenario", "give a scenario's TOML file")
    sentence = str(refused.value)
    assert sentence.startswith(str(path))
    assert sentence.isprintable()
    assert len(sentence) < 400


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f"name = 'é'\nmost = {LARGEST}\nusd = inf".encode())
    fields = read_toml(path, "a scenario", "give one")
    assert fields == {"name": "é", "most": LARGEST, "usd": float("inf")}


def test_what_is_no_file_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    for path, reason in (
        (pipe, "a pipe or a device"),
        (tmp_path, "it is a folder"),
        (tmp_path / "none.toml", "No such file"),
        (tmp_path / ("x" * 5000), "too long"),
        (tmp_path / "a\0b", "no path"),
        (tmp_path / "a\ud800b", "no path"),
        (pipe / "inside.toml", "Not a directory"),
    ):
        with pytest.raises(ConfigError, match=reason) as refused:
            read_toml(path, "a scenario", "give a scenario's TOML file")
        assert str(refused.value).endswith("give a scenario's TOML file.")


@given(st.text(max_size=60))
def test_any_text_is_read_as_tomllib_reads_it_or_refused(text):
    try:
        expected = tomllib.loads(text)
    except ValueError:
        with pytest.raises(ConfigError):
            parse_toml(text)
        return
    try:
        assert repr(parse_toml(text)) == repr(expected)
    except ConfigError as error:
        assert "64 bits" in str(error)  # noqa: PT017 (the one thing that tomllib takes and we not)
