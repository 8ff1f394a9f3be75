"""Study folders that were written to do harm."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from aespa_core.studies.folder import INFO_FILE
from aespa_core.studies.manifest import MANIFEST, write_manifest
from tests.cases.siblings.sibling import write_table
from tests.checks.giant_tables import GIANTS, written_elsewhere
from tests.checks.hostile_borders import borders_that_name_a_file, nested_borders
from tests.checks.hostile_manifests import endless_manifest, hostile_manifest
from tests.checks.hostile_text import some_string
from tests.checks.stored_types import STORES, store_otherwise
from tests.tiny_study import tiny_tables

Rng = np.random.Generator
Harm = Callable[[Path, Rng], None]
TABLES: Final = ("tracts", "temperature", "proxies", "mobility", "flows", "weather", "tiles")
KEYS: Final = ("name", "kind", "vintage", "licences", "sources", "notes")
WORD_COLUMNS: Final = (
    ("tracts", "metro"), ("tracts", "geoid"), ("tracts", "urban_area"), ("temperature", "source"),
    ("proxies", "source"),
)  # fmt: skip


def toml(value: object) -> str:
    """Write a value as TOML."""
    return json.dumps(value, ensure_ascii=True).replace("\\ud83d\\udd25", "x")


def info(folder: Path, **changed: str) -> None:
    """Write a study.toml with some values replaced by raw TOML."""
    fields = {"name": '"Hostile"', "kind": '"observed"', "vintage": '"v"', "licences": '["l"]',
              "sources": '["s"]', "notes": "[]"} | changed  # fmt: skip
    text = "\n".join(f"{key} = {value}" for key, value in fields.items())
    (folder / INFO_FILE).write_text(text + "\n", encoding="utf-8", errors="replace")


def hostile_words(folder: Path, rng: Rng) -> None:
    """Put hostile strings into what a reader sees of a study."""

    def drawn() -> str:
        return toml(some_string(rng).encode("utf-8", "replace").decode())

    info(folder, name=drawn(), vintage=drawn(), licences=f"[{drawn()}]", sources=f"[{drawn()}]",
         notes=f"[{drawn()}, {drawn()}]")  # fmt: skip


def broken_info(folder: Path, rng: Rng) -> None:
    """Write a study.toml that no reader of TOML should end at."""
    key = str(rng.choice(KEYS))
    deep = int(rng.choice([2_000, 50_000]))
    values: tuple[str, ...] = (
        "[" * deep + "]" * deep, "{a=" * deep + "1" + "}" * deep, "9" * 50_000, "0x" + "f" * 50_000,
        "1979-05-27T07:32:00Z", "inf", "nan", "true", '"""' + "x" * 100_000 + '"""', "[1, 2]",
        "[[1]]", "{}", "''", '"\\u0000"', "1e999999", "-" * 50,
    )  # fmt: skip
    info(folder, **{key: values[int(rng.integers(len(values)))]})


def broken_bytes(folder: Path, rng: Rng) -> None:
    """Write bytes that are no text for a file that should be."""
    path = folder / str(rng.choice([INFO_FILE, MANIFEST]))
    contents = (
        b"\x00" * 10_000, b"\xff\xfe\x00", rng.bytes(5_000), b"", b"\xef\xbb\xbf", b"[" * 50_000,
        b'{"a":' * 50_000, b"name = '" + b"\xe9" * 99, b"9" * 50_000, b"a" * 50_000_000,
        b"# \n" * 2_000_000, b'{"sha256": ' + b"9" * 50_000 + b"}", b"a.b." * 20_000 + b"c = 1",
    )  # fmt: skip
    path.write_bytes(contents[int(rng.integers(len(contents)))])


def odd_types(folder: Path, rng: Rng) -> None:
    """Store a column as another type than declared."""
    path = folder / f"{rng.choice(TABLES[:3])}.parquet"
    column = str(rng.choice(pq.read_schema(path).names))
    store_otherwise(path, column, str(rng.choice(list(STORES))))


def nested(folder: Path, rng: Rng) -> None:
    """Write cells that are tables themselves."""
    name = str(rng.choice(TABLES[:3]))
    frame = pa.Table.from_pandas(pd.DataFrame(tiny_tables()[0][name]).drop(
        columns="geometry", errors="ignore"), preserve_index=False)  # fmt: skip
    kind: pa.DataType = pa.int64()
    value: object = 1
    for _ in range(int(rng.integers(1, 60))):
        kind, value = (pa.list_(kind), [value]) if rng.uniform() < 0.5 else (
            pa.struct([("a", kind)]), {"a": value})  # fmt: skip
    column = str(rng.choice([c for c in frame.column_names]))
    at = frame.column_names.index(column)
    nests = pa.array([value] * len(frame), type=kind)
    pq.write_table(frame.set_column(at, column, nests), folder / f"{name}.parquet")


def hostile_cells(folder: Path, rng: Rng) -> None:
    """Put hostile strings into text columns, and into the names of columns."""
    tables = dict(tiny_tables()[0])
    table, column = WORD_COLUMNS[int(rng.integers(len(WORD_COLUMNS)))]
    frame = tables[table]
    words = [some_string(rng).encode("utf-8", "replace").decode() for _ in range(3)]
    if rng.uniform() < 0.3:
        frame[words[0] or "x"] = 1.0
    else:
        values = list(frame[column]) if column in frame else [None] * len(frame)
        if rng.uniform() < 0.5:
            values = [words[0]] * len(frame)
        else:
            values[:3] = words
        frame[column] = values
    write_table(folder / f"{table}.parquet", frame)


def broken_parquet(folder: Path, rng: Rng) -> None:
    """Flip, cut or repeat bytes of a table."""
    path = folder / f"{rng.choice(TABLES[:3])}.parquet"
    content = bytearray(path.read_bytes())
    way = int(rng.integers(4))
    if way == 0:
        for place in rng.integers(0, len(content), 20):
            content[place] = int(rng.integers(256))
    elif way == 1:
        content = content[: int(rng.integers(len(content)))]
    elif way == 2:
        content[-8:-4] = b"\xff\xff\xff\x7f"
    else:
        # the footer, where types and counts stand
        for place in rng.integers(len(content) - 600, len(content) - 8, 5):
            content[place] ^= 1 << int(rng.integers(8))
    path.write_bytes(bytes(content))


def broken_geometry(folder: Path, rng: Rng) -> None:
    """Write GeoParquet whose metadata or bytes lie."""
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    metadata = dict(table.schema.metadata)
    geo = json.loads(metadata[b"geo"])
    column = geo["primary_column"]
    if rng.uniform() < 0.5:
        values = ({"version": "9.9"}, {"primary_column": "none"}, {"columns": {}}, {"columns": 7},
                  {"columns": {column: {"encoding": "WKB", "geometry_types": [],
                                        "crs": some_string(rng)}}},
                  {"columns": {column: {"encoding": some_string(rng), "geometry_types": []}}},
                  {"columns": {column: {"encoding": "WKB", "geometry_types": [],
                                        "crs": {"type": "GeographicCRS"}}}})  # fmt: skip
        geo |= values[int(rng.integers(len(values)))]
        metadata[b"geo"] = json.dumps(geo).encode()
        if rng.uniform() < 0.2:
            metadata[b"geo"] = b"[" * 50_000
    else:
        shapes = table[column].to_pylist()
        wkb = (b"", b"\x01", b"\x01\x03\x00\x00\x00\xff\xff\xff\xff",
               b"\x01\x07\x00\x00\x00\x01\x00\x00\x00" * 500, rng.bytes(60),
               b"\x01\x03\x00\x00\x00\x01\x00\x00\x00\xff\xff\xff\x7f")  # fmt: skip
        shapes[int(rng.integers(len(shapes)))] = wkb[int(rng.integers(len(wkb)))]
        at = table.column_names.index(column)
        table = table.set_column(at, column, pa.array(shapes, pa.binary()))
    pq.write_table(table.replace_schema_metadata(metadata), path)


def far_borders(folder: Path, rng: Rng) -> None:
    """Write borders of infinite, huge or very many coordinates."""
    frame = tiny_tables()[0]["tracts"].copy()
    shapes = frame.geometry.to_numpy().copy()
    import shapely

    ways = (
        lambda: shapely.box(-1e300, -1e300, 1e300, 1e300),
        lambda: shapely.Point(0, 0).buffer(0.01, 20_000),
        lambda: shapely.from_wkt("POLYGON ((0 0, 1e-320 0, 1e-320 1e-320, 0 0))"),
        lambda: shapely.multipolygons([shapely.box(i, 0, i + 0.5, 1) for i in range(3_000)]),
        lambda: shapely.box(179.9, -1, 180.1, 1),
    )
    shapes[int(rng.integers(len(shapes)))] = ways[int(rng.integers(len(ways)))]()
    frame["geometry"] = gpd.GeoSeries(shapes, crs=frame.crs)
    write_table(folder / "tracts.parquet", frame)


def hostile_run(folder: Path, rng: Rng) -> None:
    """Add a run with a name, or columns, that lead elsewhere."""
    names = ("-rf", "a b", "%2e%2e", "<img src=x>", "![x](http:", "a" * 200, "é", ".hidden", "con")
    estimates = tiny_tables()[1]
    where = folder / str(
        rng.choice(["estimates", "attributions", "responses", "trends", "saliency"])
    )
    where.mkdir(exist_ok=True)
    frame = estimates if rng.uniform() < 0.5 else pd.DataFrame({some_string(rng) or "a": [1.0]})
    frame.columns = [name.encode("utf-8", "replace").decode() for name in frame.columns]
    frame.to_parquet(where / f"{names[int(rng.integers(len(names)))]}.parquet")


def links(folder: Path, rng: Rng) -> None:
    """Let a file or folder of the study be a link outside, to itself, or to nothing."""
    # the folder of tripwires, where a study of an attack lies as deep as this
    outside = folder.parents[4] / "outside"
    where = str(rng.choice(["tracts.parquet", INFO_FILE, "estimates", "images", MANIFEST, "extra"]))
    path = folder / where
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    targets = (outside, outside / "secret.parquet", outside / "secret.toml", path,
               Path("/dev/zero"), Path("/etc/passwd"), Path("/nowhere"), folder.parent)  # fmt: skip
    path.symlink_to(targets[int(rng.integers(len(targets)))])


def odd_files(folder: Path, rng: Rng) -> None:
    """Put a folder or a pipe where a file should be, or names that are odd."""
    import os

    way = int(rng.integers(5))
    if way == 0:
        (folder / "temperature.parquet").unlink()
        (folder / "temperature.parquet").mkdir()
    elif way == 1:
        (folder / "temperature.parquet").unlink()
        os.mkfifo(folder / "temperature.parquet")
    elif way == 2:
        (folder / ("n" * 250)).write_text("x")
    elif way == 3:
        (folder / "a\nb <img src=x>").write_text("x")
    else:
        deep = folder
        for _ in range(60):
            deep = deep / "d"
        deep.mkdir(parents=True)
        (deep / "file").write_text("x")


# harm → whether the manifest is written again after it
HARMS: Final[dict[str, tuple[Harm, bool]]] = {
    "words": (hostile_words, True),
    "info": (broken_info, True),
    "bytes": (broken_bytes, False),
    "manifest": (hostile_manifest, False),
    "types": (odd_types, True),
    "nested": (nested, True),
    "cells": (hostile_cells, True),
    "parquet": (broken_parquet, True),
    "geometry": (broken_geometry, True),
    "borders": (far_borders, True),
    "nested borders": (nested_borders, True),
    "borders that name a file": (borders_that_name_a_file, True),
    "endless manifest": (endless_manifest, False),
    "run": (hostile_run, True),
    "links": (links, False),
    "odd files": (odd_files, False),
    **{kind: (written_elsewhere(kind), True) for kind in GIANTS},
}


def write_hostile_study(folder: Path, rng: Rng) -> str:
    """Write one; give the kind of its harm."""
    folder.mkdir(parents=True)
    for name, table in tiny_tables()[0].items():
        write_table(folder / f"{name}.parquet", table)
    info(folder)
    write_manifest(folder)
    # those that cost seconds each are drawn less often
    weight = np.array([0.15 if name in GIANTS else 1.0 for name in HARMS])
    kind = str(rng.choice(list(HARMS), p=weight / weight.sum()))
    harm, signed = HARMS[kind]
    harm(folder, rng)
    if signed:
        write_manifest(folder)
    return kind
