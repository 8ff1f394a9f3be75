"""Which types of columns a table of a study is made of."""

from typing import Final

import pyarrow as pa

LONGEST_KIND: Final = 80


def is_plain(kind: pa.DataType) -> bool:
    """Whether a column holds what tables are made of: numbers, yes and no, text, bytes, nothing.

    All else is told by its type and not read. Lists, decimals, dates and records become objects of
    Python, each of many times its size; limits by cells and bytes would not hold for them. Floats
    of 16 bits hold three digits, too few for an id, a count or a temperature.
    """
    if pa.types.is_dictionary(kind):
        return is_plain(kind.value_type)
    return bool(
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or (pa.types.is_floating(kind) and not pa.types.is_float16(kind))
        or pa.types.is_null(kind)
        or holds_text(kind)
        or holds_bytes(kind)
    )


def kind_in_words(kind: pa.DataType) -> str:
    """Name the type of a column; of a record of records the beginning."""
    return str(kind)[:LONGEST_KIND]


def holds_text(kind: pa.DataType) -> bool:
    """Whether a column holds text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def holds_bytes(kind: pa.DataType) -> bool:
    """Whether a column holds bytes: borders are stored so."""
    return bool(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind)
    )
