"""Borders that GEOS would end the process for, or that PROJ would open a file for."""

import json
import os
import struct
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pyproj
import shapely

Rng = np.random.Generator
# Heights, measures, both, or none, as ISO says it and as EWKB does.
ISO: Final = (0, 1_000, 2_000, 3_000)
EWKB: Final = (0, 0x80000000, 0x40000000, 0xC0000000)
HOLDERS: Final = (4, 5, 6, 7, 9, 10, 11, 12)
# {} is a file outside.
NAMING: Final = (
    "+init={}:x", "+init={}:x +type=crs", "init={}:x", "+proj=longlat +nadgrids={} +type=crs",
    "+proj=longlat +geoidgrids={} +vunits=m +type=crs", "{}", "{}:4326", "file://{}",
    "+proj=pipeline +step +proj=hgridshift +grids={}", {"init": "{}:x"},
    {"proj": "longlat", "nadgrids": "{}"}, "EPSG:4326+{}", "urn:ogc:def:crs:{}::4326",
    {"type": "GeographicCRS", "name": "+init={}:x", "init": "{}:x"},
)  # fmt: skip


def nested_borders(folder: Path, rng: Rng) -> None:
    """Nest collections within collections, in the first part or a later one."""
    depth = int(rng.choice([5, 20, 1_000, 20_000, 100_000, 1_000_000]))
    order = str(rng.choice(["<", ">"]))
    code = int(rng.choice(HOLDERS)) + int(rng.choice(ISO)) + int(rng.choice(EWKB))
    srid = rng.uniform() < 0.3
    head = struct.pack(f"{order}BI", order == "<", code | (0x20000000 if srid else 0))
    head += struct.pack(f"{order}I", 4326) if srid else b""
    wkb = (head + struct.pack(f"{order}I", 1)) * depth + shapely.to_wkb(shapely.Point(0, 0))
    before = [shapely.to_wkb(shapely.box(0, 0, 1, 1))] * int(rng.integers(4))
    if before:
        wkb = struct.pack("<BII", 1, int(rng.choice([6, 7])), len(before) + 1) + b"".join(
            [*before, wkb]
        )
    if rng.uniform() < 0.2:
        wkb = wkb.hex().encode()
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("geometry")
    shapes = table["geometry"].to_pylist()
    shapes[int(rng.integers(len(shapes)))] = wkb
    borders = pa.array(shapes, pa.binary())
    changed = table.set_column(at, table.schema.field(at), borders)
    pq.write_table(changed.replace_schema_metadata(table.schema.metadata), path)


def borders_that_name_a_file(folder: Path, rng: Rng) -> None:
    """Let the borders' system of coordinates name a file outside, or a pipe that never ends."""
    pipe = folder.parents[1] / "pipe"
    os.mkfifo(pipe)
    # the folder of tripwires, where a study of an attack lies as deep as this
    targets = (folder.parents[4] / "outside" / "secret", pipe, Path("/dev/ptmx"),
               Path("/etc/passwd"))  # fmt: skip
    words = NAMING[int(rng.integers(len(NAMING)))]
    bound = rng.uniform() < 0.3
    if bound:
        # as PROJ itself writes it: bound to another system by a grid
        crs = pyproj.CRS(4326).to_json_dict()
        words = {"type": "BoundCRS", "source_crs": crs, "target_crs": crs, "transformation": {
            "name": "x", "method": {"name": "NTv2"}, "parameters": [
                {"name": "Latitude and longitude difference file", "value": "{}"}]}}  # fmt: skip
    said = json.loads(json.dumps(words).replace("{}", str(targets[int(rng.integers(4))])))
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    metadata = dict(table.schema.metadata)
    geo = json.loads(metadata[b"geo"])
    geo["columns"]["geometry"]["crs"] = said
    metadata[b"geo"] = json.dumps(geo).encode()
    pq.write_table(table.replace_schema_metadata(metadata), path)
