"""How borders stored as WKB are nested, told by their headers before GEOS parses them.

GEOS calls itself for each level and is ended by the system where there are ten thousands of them.
Headers are understood as it understands them, ISO's and EWKB's:
https://github.com/libgeos/geos/blob/main/src/io/WKBReader.cpp. Where it would give up, we stop.
"""

import binascii
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from aespa_core.errors import StudyError

# Of collections within collections; a MultiPolygon is one deep.
MOST_NESTED: Final = 8
# Polygons and rings of one table: a few bytes each in the file, hundreds in memory.
MOST_PARTS: Final = 1_000_000
# Of the borders of one table: judging and drawing them takes twelve times as much.
MOST_BYTES: Final = 100_000_000
POINT, LINE, POLYGON = 1, 2, 3
# All that hold others, each with a header of its own: Multi…, collections, curves of curves.
HOLDERS: Final = frozenset({4, 5, 6, 7, 9, 10, 11, 12})
LINES: Final = frozenset({LINE, 8})
HAS_Z, HAS_M, HAS_SRID = 0x80000000, 0x40000000, 0x20000000
ORDERS: Final[dict[int, Literal["big", "little"]]] = {0: "big", 1: "little"}
REMEDY: Final = "write each as a Polygon or a MultiPolygon"


def check_nesting(path: Path, borders: Iterable[bytes | None]) -> None:
    """Refuse borders of collections deep within collections, of parts or corners without number.

    Raises
    ------
    StudyError
        With the first row that has them.
    """
    parts, size = 0, 0
    for row, wkb in enumerate(borders):
        if wkb is None:
            continue
        depth, count = nesting(wkb, MOST_PARTS - parts)
        if depth > MOST_NESTED:
            problem = f"has a border of collections nested more than {MOST_NESTED} deep (row {row})"
            raise StudyError.of(path, problem, REMEDY)
        parts, size = parts + count, size + len(wkb)
        if size > MOST_BYTES:
            problem = f"has borders of more than {MOST_BYTES / 1e6:g} MB (row {row})"
            raise StudyError.of(path, problem, "simplify them")
        if parts > MOST_PARTS:
            problem = f"has borders of more than {MOST_PARTS:,} parts and rings (row {row})"
            raise StudyError.of(path, problem, f"simplify them, and {REMEDY}")


def nesting(wkb: bytes, most_parts: int = MOST_PARTS) -> tuple[int, int]:
    """Levels of collections that a geometry has, and its parts and rings.

    What comes after either is too many is not looked at, nor what comes after an error.
    """
    if wkb[:1] in (b"0", b"1"):
        # shapely takes these for text in hexadecimal digits
        try:
            wkb = binascii.unhexlify(wkb)
        except binascii.Error:
            return 0, 0
    place, deepest, parts, size = 0, 0, 0, len(wkb)
    # geometries that are still to come, of each level that is open
    left = [1]
    while left:
        if not left[-1]:
            left.pop()
            continue
        left[-1] -= 1
        parts += 1
        if place + 5 > size or parts > most_parts:
            break
        # GEOS keeps the last order where there is none of the two; nobody writes that
        order = ORDERS.get(wkb[place])
        if order is None:
            raise ValueError("a border that is no WKB")
        code = int.from_bytes(wkb[place + 1 : place + 5], order)
        place += 9 if code & HAS_SRID else 5
        kind, iso = (code & 0xFFFF) % 1000, (code & 0xFFFF) // 1000
        corner = 8 * (2 + bool(code & HAS_Z or iso in (1, 3)) + bool(code & HAS_M or iso in (2, 3)))
        if kind == POINT:
            place += corner
            continue
        count = int.from_bytes(wkb[place : place + 4], order)
        place += 4
        if kind in HOLDERS:
            left.append(count)
            deepest = max(deepest, len(left) - 1)
            if deepest > MOST_NESTED:
                break
        elif kind in LINES:
            place += count * corner
        elif kind != POLYGON:
            break
        elif len(left) == 1:
            # nothing comes after it, and a ring takes four bytes
            parts += min(count, size // 4)
        else:
            for _ in range(count):
                parts += 1
                if place > size or parts > most_parts:
                    break
                place += 4 + corner * int.from_bytes(wkb[place : place + 4], order)
    return deepest, parts
