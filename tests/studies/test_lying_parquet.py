"""Parquet files that say less of themselves than they hold: believed by their pages alone."""

import json

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aespa_core.studies import parquet_limits
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.parquet_pages import CompactReader, pages_of
from aespa_core.studies.validation import validate_study
from tests.lying_parquet import say_less


def only_fault(folder) -> str:
    """Examine a study in which one thing is wrong, and Arrow takes little memory for it."""
    write_manifest(folder)
    before = pa.default_memory_pool().max_memory()
    (fault,) = validate_study(folder)
    # as high as what a test wrote, no higher
    assert pa.default_memory_pool().max_memory() == before
    return fault.problem


@pytest.mark.parametrize("pages", ["1.0", "2.0"])
@pytest.mark.parametrize("table", ["tracts", "flows"])
def test_text_is_measured_by_its_pages(folder, table, pages):
    path = folder / f"{table}.parquet"
    rows = pq.read_table(path)
    name = "urban_area" if table == "tracts" else "origin"
    long = pa.array(["x" * min(5_000_000, 1 + 210_000_000 // len(rows))] * len(rows))
    at = rows.schema.get_field_index(name)
    rows = rows.append_column(name, long) if at < 0 else rows.set_column(at, name, long)
    while rows.nbytes < 210_000_000:
        rows = pa.concat_tables([rows, rows])
    pq.write_table(
        rows, path, compression="zstd", use_dictionary=False, write_statistics=False,
        data_page_version=pages,
    )  # fmt: skip
    say_less(path)
    assert pq.read_metadata(path).row_group(0).total_byte_size < 10_000_000
    assert "MB" in only_fault(folder)


def test_a_dictionary_s_entry_counts_as_often_as_it_is_meant(folder):
    path = folder / "flows.parquet"
    places = pa.array(np.zeros(200_000, np.int32))
    origin = pa.DictionaryArray.from_arrays(places, pa.array(["x" * 1_000_000]))
    pq.write_table(pa.table({"origin": origin}), path, row_group_size=150_000)
    say_less(path, sizes=False, rows=True)
    assert pq.read_metadata(path).num_rows == 1
    assert "200,000 MB of text" in only_fault(folder)


def test_pages_of_numbers_are_measured_too(folder, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MOST_BYTES", 3_000_000)
    path = folder / "flows.parquet"
    commuters = pa.array(np.zeros(1_000_000))
    pq.write_table(pa.table({"commuters": commuters}), path, use_dictionary=False)
    say_less(path)
    assert "8 MB when unpacked" in only_fault(folder)


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_without_rows_has_no_pages(folder, rows):
    path = folder / "flows.parquet"
    pq.write_table(pq.read_table(path).slice(0, rows), path)
    write_manifest(folder)
    assert validate_study(folder) == []


def test_pages_without_number_are_refused(folder, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MOST_PAGES", 100)
    pq.write_table(
        pa.table({"commuters": np.arange(5_000.0)}), folder / "flows.parquet", row_group_size=10
    )
    assert "more than any table" in only_fault(folder)


def test_a_long_description_is_refused_before_it_is_read(folder, monkeypatch):
    monkeypatch.setattr(parquet_limits, "MOST_FOOTER_BYTES", 100_000)
    table = pd.DataFrame({f"column_{i}": [1.0] for i in range(1_500)})
    table.to_parquet(folder / "flows.parquet")
    assert "describes its columns in" in only_fault(folder)


def test_no_further_column_is_read_as_an_index(folder):
    path = folder / "tracts.parquet"
    table = pq.read_table(path)
    words = table.schema.metadata
    pandas = json.loads(words[b"pandas"])
    pandas["index_columns"] = ["hidden"]
    pandas["columns"].append(
        {"name": "hidden", "field_name": "hidden", "pandas_type": "unicode",
         "numpy_type": "object", "metadata": None}
    )  # fmt: skip
    table = table.append_column("hidden", pa.array([["x"]] * len(table)))
    words = {**words, b"pandas": json.dumps(pandas).encode()}
    pq.write_table(table.replace_schema_metadata(words), path)
    write_manifest(folder)
    assert validate_study(folder) == []
    assert parquet_limits.read_written_once(path, ["geoid"], []).column_names == ["geoid"]


@pytest.mark.parametrize("codec", ["zstd", "snappy", "none"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("dictionary", [True, False])
def test_pages_are_those_that_arrow_wrote(tmp_path, codec, version, dictionary):
    texts = [f"{'long' * 3_000}{i % 50}" for i in range(500)]
    table = pa.table({"a": np.arange(500.0), "b": texts, "c": [None, 1] * 250})
    path = tmp_path / "a.parquet"
    pq.write_table(
        table, path, compression=codec, data_page_version=version, use_dictionary=dictionary,
        row_group_size=200, data_page_size=10_000,
    )  # fmt: skip
    metadata = pq.read_metadata(path)
    with path.open("rb") as content:
        for group in (metadata.row_group(i) for i in range(3)):
            for chunk in (group.column(i) for i in range(3)):
                pages = list(pages_of(content, chunk))
                assert sum(page.values for page in pages if page.kind != 2) == chunk.num_values
                headers = chunk.total_compressed_size - sum(page.packed for page in pages)
                assert headers > 0
                unpacked = sum(page.unpacked for page in pages)
                assert unpacked + headers == chunk.total_uncompressed_size


@pytest.mark.parametrize(
    "content",
    [b"\x1c" * 50, b"\x15" + b"\xff" * 50, b"\x05\x02\x00", b"\x1b\x00\x00", b"\x19\xff\xff"],
    ids=["deep", "endless number", "long form", "map", "list"],
)
def test_headers_of_no_page_are_refused(content):
    with pytest.raises(ValueError, match="a page header"):
        CompactReader(content).struct()
