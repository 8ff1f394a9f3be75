"""Tables, weeks and files of a study folder that are not as they should be."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from aespa_core.studies.info import INFO_FILE
from aespa_core.studies.manifest import MANIFEST
from tests.cases.clean import HOURS, Tables
from tests.cases.siblings.sibling import Change, FileChange, Names, Sibling, some_rows
from tests.tiny_study import tiny_tables

TRACTS_FILE: Final = "tracts.parquet"
WEEK: Final = ("mobility", "hour_of_week", "visits")


def without(table: str) -> Change:
    """Make a change that takes a table away."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        del tables[table]
        return (table,)

    return change


def rows_of(table: str, keep: Callable[[np.random.Generator, int], np.ndarray]) -> Change:
    """Make a change that keeps some rows of a table."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        frame = tables[table]
        tables[table] = frame.iloc[keep(rng, len(frame))].reset_index(drop=True)
        return (table,)

    return change


def week(change_one: Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]) -> Change:
    """Make a change of the table of visits."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables["mobility"] = change_one(tables["mobility"], rng)
        return WEEK

    return change


def run(change_one: Callable[[pd.DataFrame], pd.DataFrame]) -> Change:
    """Make a change that adds a run of estimates."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables["estimates/tract_model"] = change_one(tiny_tables()[1])
        return ("estimates/tract_model",)

    return change


def strangers(estimates: pd.DataFrame) -> pd.DataFrame:
    """Give the estimates of other tracts."""
    return estimates.assign(geoid="53033" + estimates["geoid"].str[5:])


def text_of(rewrite: Callable[[bytes], bytes], file: str = INFO_FILE) -> FileChange:
    """Make a change of a file's bytes."""

    def change(folder: Path, rng: np.random.Generator) -> None:
        path = folder / file
        path.write_bytes(rewrite(path.read_bytes()))

    return change


def add(name: str, content: bytes = b"junk") -> FileChange:
    """Make a change that adds a file."""

    def change(folder: Path, rng: np.random.Generator) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return change


def link_out(folder: Path, rng: np.random.Generator) -> None:
    """Let a table be a link to a file outside of the study."""
    outside = folder.parent / ".outside.parquet"
    shutil.move(folder / TRACTS_FILE, outside)
    (folder / TRACTS_FILE).symlink_to(outside)


def link_folder_out(folder: Path, rng: np.random.Generator) -> None:
    """Let the folder of runs be a link to one outside of the study."""
    outside = folder.parent / ".runs"
    outside.mkdir()
    tiny_tables()[1].to_parquet(outside / "tract_model.parquet")
    (folder / "estimates").symlink_to(outside, target_is_directory=True)


def extra_table(folder: Path, rng: np.random.Generator) -> None:
    """Add a table that no study has."""
    pd.DataFrame({"geoid": ["01001020100"], "asthma": [0.1]}).to_parquet(folder / "health.parquet")


def edited_manifest(folder: Path, rng: np.random.Generator) -> None:
    """Change a hash."""
    path = folder / MANIFEST
    hashes = json.loads(path.read_text("utf-8"))
    hashes["sha256"][TRACTS_FILE] = "0" * 64
    path.write_text(json.dumps(hashes), encoding="utf-8")


def file(name: str, outcome: str, change: FileChange, *names: str, signed: bool = True) -> Sibling:
    """Make a sibling of a folder's files."""
    return Sibling(
        name=name, kind="files", outcome=outcome, names=names or (INFO_FILE,),  # type: ignore[arg-type]
        files=change, signed=signed,
    )  # fmt: skip


def of_week(name: str, outcome: str, change: Change) -> Sibling:
    """Make a sibling of the hours of a week."""
    return Sibling(name=name, kind="hours", outcome=outcome, names=WEEK, change=change,  # type: ignore[arg-type]
                   mobility=True)  # fmt: skip


SIBLINGS: Final = (
    Sibling(name="no tracts", kind="tables", outcome="refused", change=without("tracts")),
    Sibling(name="no temperature", kind="tables", outcome="robust", change=without("temperature")),
    Sibling(name="no proxies", kind="tables", outcome="robust", change=without("proxies")),
    Sibling(name="an empty table of temperatures", kind="tables", outcome="robust",
            change=rows_of("temperature", lambda rng, n: np.arange(0))),
    Sibling(name="an empty table of tracts", kind="tables", outcome="robust",
            change=rows_of("tracts", lambda rng, n: np.arange(0))),
    Sibling(name="temperatures of one tract", kind="tables", outcome="robust",
            change=rows_of("temperature", lambda rng, n: np.arange(1))),
    Sibling(name="temperatures of some tracts", kind="tables", outcome="robust",
            change=rows_of("temperature", lambda rng, n: some_rows(rng, n, 2, 60))),
    Sibling(name="proxies of some tracts", kind="tables", outcome="robust",
            change=rows_of("proxies", lambda rng, n: some_rows(rng, n, 2, 60))),
    Sibling(name="rows in another order", kind="tables", outcome="repaired",
            change=rows_of("temperature", lambda rng, n: rng.permutation(n))),
    Sibling(name="estimates of strangers", kind="tables", outcome="refused", change=run(strangers)),
    Sibling(name="estimates of one tract", kind="tables", outcome="robust",
            change=run(lambda e: e.head(1))),
    Sibling(name="estimates beyond any place", kind="tables", outcome="refused",
            change=run(lambda e: e.assign(anomaly_c=1e9))),
    Sibling(name="intervals upside down", kind="tables", outcome="refused",
            change=run(lambda e: e.assign(low90_c=e["high90_c"], high90_c=e["low90_c"]))),
    of_week("hours from 1 to 168", "refused", week(lambda m, rng: m.assign(
        hour_of_week=m["hour_of_week"] + 1))),
    of_week("an hour missing for all", "honest", week(lambda m, rng: m[
        m["hour_of_week"] != int(rng.integers(HOURS))])),
    of_week("an hour twice", "refused", week(lambda m, rng: pd.concat(
        [m, m[m["hour_of_week"] == 26]], ignore_index=True))),
    of_week("hours of the day", "refused", week(lambda m, rng: m.assign(
        hour_of_week=m["hour_of_week"] % 24))),
    of_week("hours of the day as text", "refused", week(lambda m, rng: m.assign(
        hour_of_week=(m["hour_of_week"] % 24).astype(str)))),
    of_week("half of the tracts", "robust", week(lambda m, rng: m.iloc[: len(m) // 2])),
    of_week("a day alone", "honest", week(lambda m, rng: m[m["hour_of_week"] < 24])),
    of_week("hours as floats", "honest", week(lambda m, rng: m.assign(
        hour_of_week=m["hour_of_week"].astype(float)))),
    of_week("hours as text", "honest", week(lambda m, rng: m.assign(
        hour_of_week=m["hour_of_week"].astype(str)))),
    of_week("visits below zero", "refused", week(lambda m, rng: m.assign(visits=-1.0))),
    of_week("visits of -1 in some hours", "refused", week(lambda m, rng: m.assign(
        visits=np.where(rng.uniform(size=len(m)) < 0.01, -1.0, m["visits"])))),
    file("line ends of Windows", "repaired", text_of(lambda b: b.replace(b"\n", b"\r\n"))),
    file("a byte order mark", "repaired", text_of(lambda b: b"\xef\xbb\xbf" + b)),
    file("UTF-16", "refused", text_of(lambda b: b.decode().encode("utf-16"))),
    file("Latin-1", "refused", text_of(lambda b: b.replace(b"Test", b"Orl\xe9ans"))),
    file("NUL bytes", "refused", text_of(lambda b: b + b"\x00\x00")),
    file("another kind", "refused", text_of(lambda b: b.replace(b"observed", b"measured"))),
    file("an unknown key", "refused", text_of(lambda b: b'colour = "red"\n' + b)),
    file("an empty study.toml", "refused", text_of(lambda b: b"")),
    file("a table cut short", "refused", text_of(lambda b: b[: len(b) // 2], TRACTS_FILE),
         TRACTS_FILE),
    file("a table of no bytes", "refused", text_of(lambda b: b"", TRACTS_FILE), TRACTS_FILE),
    file("text for a table", "refused", text_of(lambda b: b"geoid,lst\n1,2\n", TRACTS_FILE),
         TRACTS_FILE),
    file("a table that nobody reads", "honest", extra_table, "health"),
    file("a link to a file outside", "refused", link_out, TRACTS_FILE),
    file("a link to a folder outside", "refused", link_folder_out, "estimates"),
    file("Thumbs.db", "honest", add("Thumbs.db"), "Thumbs.db", signed=False),
    file(".DS_Store", "honest", add(".DS_Store"), ".DS_Store", signed=False),
    file("a resource fork", "honest", add("._tracts.parquet"), "._tracts.parquet", signed=False),
    file("a note beside", "honest", add("notes.txt"), "notes.txt", signed=False),
    file("an edited manifest", "refused", edited_manifest, TRACTS_FILE, MANIFEST, signed=False),
    file("a manifest that is a list", "refused", text_of(lambda b: b"[]", MANIFEST), MANIFEST,
         signed=False),
    file("a manifest of nothing", "refused", text_of(lambda b: b"", MANIFEST), MANIFEST,
         signed=False),
    file("a manifest 20,000 deep", "refused", text_of(lambda b: b"[" * 20_000, MANIFEST), MANIFEST,
         signed=False),
    file("no manifest", "refused", lambda folder, rng: (folder / MANIFEST).unlink(), MANIFEST,
         signed=False),
    *(
        Sibling(name=f"a study called {name}", kind="files", outcome="refused", names=(name,),
                folder=name)
        for name in ("atlas", "demo")
    ),
)  # fmt: skip
