"""Texts that want to be more than text, and studies full of them."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd

from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import Study, open_study
from aespa_core.studies.info import write_info
from aespa_core.studies.manifest import write_manifest
from tests.made_leaderboard import MadeBenchmark, write_benchmark

OUTSIDE = "outside.example"
TEXTS = (
    f"![x](http://{OUTSIDE}/p.png)",
    "<img src=x onerror=alert(1)>",
    f'<a href="http://{OUTSIDE}">x</a>',
    ":red[x]",
    "$x$",
    "**x**",
    f"http://{OUTSIDE}",
)
# what else Streamlit's Markdown looks for
MORE = (
    f"[x](http://{OUTSIDE})", f"[x]: http://{OUTSIDE}", f"<http://{OUTSIDE}>", f"www.{OUTSIDE}",
    f"who@{OUTSIDE}", "# x", "#### x", "- x", "+ x", "* x", "1. x", "1) x", "> x", "`x`", "``x``",
    "~~x~~", "~x~", "_x_", "__x__", "***", "---", "===", "| x | y |", "[^1]", "- [ ] x", "\\*x\\*",
    "&lt;b&gt;", "&#x2a;x", ":material/home:", ":material_home:", ":streamlit:", ":smile:", ":+1:",
    ":blue-background[x]", ":small[x]", ":blue-badge[x]", ":help[x]", ":rainbow[x]", "::x", ":::x",
    "$$x$$", "\\(x\\)", "\\[x\\]", "a -> b", "a <- b", "a -- b", "a >= b", "<-> b", "12:30",
    "a:b:c", "<!-- x -->", "<script>alert(1)</script>", "<b>x</b>", "x<br>y", "<details>x",
    "%{y}", "{geoid}", "x_y_z", "C++ & D", "!x", "x!", "$5 and $6", "5 < 6 > 4", "a*b*c", "~= b",
    "```x```", "    x", "x\\", "foo #",
)  # fmt: skip
EVERY = (*TEXTS, *MORE)
ALL = " ".join(TEXTS)


def make_hostile(folder: Path) -> Study:
    """Put hostile text wherever a study has text of its own, and sign the study again.

    Ids of metros and tracts and names of runs stay: a study with others does not open.
    """
    study = open_study(folder)
    info = replace(
        study.info, name=f"Town {ALL}", vintage=ALL, licences=TEXTS, sources=TEXTS, notes=EVERY
    )
    tracts = gpd.read_parquet(folder / "tracts.parquet")
    areas = [TEXTS[i % len(TEXTS)] for i in range(len(tracts))]
    write_parquet(folder / "tracts.parquet", tracts.assign(urban_area=areas))
    for name in ("temperature", "proxies"):
        path = folder / f"{name}.parquet"
        write_parquet(path, pd.read_parquet(path).assign(source=ALL))
    write_info(folder, info)
    write_manifest(folder)
    return open_study(folder)


def write_hostile_benchmark(folder: Path) -> Path:
    """Write tables of a benchmark with a method and a metro of such names."""
    write_benchmark(folder, MadeBenchmark(metros=("boston", ALL, "seattle")))
    for path in folder.iterdir():
        if path.suffix == ".csv":
            table = pd.read_csv(path)
            table.replace({"method": {"proxy_boosting": ALL}}).to_csv(path, index=False)
        elif "method" in (table := pd.read_parquet(path)):
            table.replace({"method": {"proxy_boosting": ALL}}).to_parquet(path, index=False)
    return folder
