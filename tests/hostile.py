"""Texts that want to be more than text, and a study full of them."""

from dataclasses import replace
from pathlib import Path

from aespa_core.studies.folder import Study, StudyInfo, write_study
from tests.tiny_study import tiny_tables

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
    "```x```", "    x", "x\\",
)  # fmt: skip
EVERY = (*TEXTS, *MORE)


def hostile_text(text: str = " ".join(TEXTS)) -> str:
    """Give one text that tries all ways at once."""
    return text


def write_hostile_study(folder: Path) -> Study:
    """Write the town of ``tests/tiny_study.py`` with hostile text wherever a study has text.

    Ids of metros and tracts stay plain: a study with others is refused when it is opened.
    """
    tables, estimates = tiny_tables()
    text = hostile_text()
    areas = [TEXTS[i % len(TEXTS)] for i in range(len(tables["tracts"]))]
    tables["tracts"] = tables["tracts"].assign(urban_area=areas)
    for name in ("temperature", "proxies"):
        tables[name] = tables[name].assign(source=text)
    tables["temperature"] = tables["temperature"].assign(
        brightness_day_k=300.0, brightness_scene=text
    )
    info = StudyInfo(
        name=f"Town {text}",
        kind="simulated",
        vintage=text,
        licences=TEXTS,
        sources=TEXTS,
        notes=EVERY,
    )
    return write_study(folder, info, tables, runs={"tract_model": {"estimates": estimates}})


def renamed(study: Study, name: str) -> StudyInfo:
    """Give a study's description under another name."""
    return replace(study.info, name=name)
