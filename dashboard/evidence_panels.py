"""Draw what is known of a tract beside numbers: pictures, masks, what they move, and its week."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from aespa_core.analysis.attention import Attention
from aespa_core.analysis.evidence import Evidence, has_evidence
from aespa_core.analysis.units import Shown, shown_in
from aespa_core.errors import StudyError
from aespa_core.images.picture import read_codes, read_shown
from aespa_core.studies.folder import Study
from aespa_core.studies.saliency_table import TILE
from aespa_core.views.evidence import CLASS_COLOURS, class_colours_html, coloured, week_chart
from aespa_core.views.exports import as_csv, provenance_of
from aespa_core.views.plain_text import advice, code, file_word, plain
from aespa_core.views.runs import run_label
from aespa_core.views.saliency import Cells, Pixels, moves_html, overlaid
from dashboard.error_frame import made_later

PHOTOS_A_ROW = 4
# Longest side of a picture on a page, pixels.
SIDE = 1_200


def choose_first(study: Study) -> None:
    """Say how a tract is chosen, or that there is nothing to see of any."""
    if has_evidence(study):
        st.info("Choose a tract: click the map, type its number, or mark a row of the table.")
    else:
        st.info("This study holds no pictures and no movement.")


def evidence_of_tract(study: Study, found: Evidence, seen: Attention, degrees: str) -> None:
    """Draw the satellite picture, street photos and week of the chosen tract."""
    if not has_evidence(study):
        st.info("This study holds no pictures and no movement.")
        return
    word = "Simulated" if study.info.kind == "simulated" else "Taken"
    shown = shown_in("°C difference", degrees)
    maps = seen if what_moves(study, found, seen, shown) else replace(seen, maps={})
    left, right = st.columns([1, 2], gap="large")
    with left:
        if found.satellite is None:
            st.caption("No satellite picture of this tract.")
        else:
            draw(
                st.container(),
                partial(painted, found.satellite, maps, TILE),
                f"{word} from above" + moved(seen, TILE, shown),
            )
    with right:
        week(study, found)
    photos(found, seen, maps, word, shown)


def week(study: Study, found: Evidence) -> None:
    """Draw the tract's week."""
    if found.week is None:
        st.caption("No movement is known of this tract.")
        return
    st.plotly_chart(week_chart(found.week), key="week")
    provenance = provenance_of(study, f"Movement in tract {found.geoid}")
    st.download_button(
        "Week (CSV)",
        as_csv(found.week.reset_index(), provenance),
        f"aespa_week_{file_word(found.geoid)}.csv",
        "text/csv",
        on_click="ignore",
    )


def what_moves(study: Study, found: Evidence, seen: Attention, shown: Shown) -> bool:
    """Offer what the pictures' regions move, with its legend and file; whether it is wanted."""
    if not (found.photos or found.satellite) or not study.runs:
        return False
    if not seen.maps:
        st.caption(
            "What the regions of these pictures move is not known: "
            + code(f"aespa attribute {study.path} --model … --saliency --tract {found.geoid}")
            + " tells, of estimates by a model that looks at pictures."
        )
        return False
    if not st.toggle("Show what each region moves", key="moves"):
        return False
    st.html(moves_html(shown(seen.reach_c), shown.unit))
    st.caption(
        "What each region moves in the estimate against the metro’s mean picture, on one scale "
        "for all pictures. What was read of the proxies is held: this is what the model sees in a "
        "picture beside them. Exact for the model, not causal. "
        + ("" if seen.check is None else advice(seen.check.sentence()))
    )
    st.download_button(
        "Regions (CSV)",
        made_later(partial(regions_csv, study, seen.run, found.geoid), "Regions (CSV)"),
        f"aespa_regions_{file_word(found.geoid)}.csv",
        "text/csv",
        on_click="ignore",
    )
    return True


def photos(found: Evidence, seen: Attention, maps: Attention, word: str, shown: Shown) -> None:
    """Draw the street photos, the one that counts most first, or what each pixel shows."""
    if not found.photos:
        st.caption("No street photo of this tract.")
        return
    if seen.weights:
        st.caption("In the order of how much each counts for the estimate: the model’s attention.")
    masked = bool(found.masks) and st.toggle("Show what each pixel is", key="masks")
    if masked:
        st.html(class_colours_html())
    order = seen.order(found)
    for first in range(0, len(order), PHOTOS_A_ROW):
        for number, column in zip(
            order[first : first + PHOTOS_A_ROW], st.columns(PHOTOS_A_ROW), strict=False
        ):
            path = found.photos[number]
            picture = (
                partial(classes, found.masks[number])
                if masked
                else partial(painted, path, maps, path.stem)
            )
            share = seen.weights.get(path.stem)
            counts = "" if share is None else f", counts {100 * share:.0f} %"
            words = f"{word} photo {number + 1}{counts}{moved(seen, path.stem, shown)}"
            draw(column, picture, words)


def draw(place: DeltaGenerator, read: Callable[[], Pixels], words: str) -> None:
    """Draw a picture, or say why it cannot be read."""
    try:
        picture = read()
    except StudyError as error:
        place.warning(advice(error))
    else:
        place.image(picture, caption=plain(words), width="stretch")


def painted(path: Path, maps: Attention, name: str) -> Pixels:
    """Read a picture, with what its regions move where that is wanted and known."""
    picture = read_shown(path, SIDE)
    cells: Cells | None = maps.maps.get(name)
    return picture if cells is None else overlaid(picture, cells, maps.reach_c)


def classes(path: Path) -> Pixels:
    """Read what each pixel of a photo shows, in colours.

    Raises
    ------
    StudyError
        If it cannot be read, or holds a code that is no class.
    """
    codes = read_codes(path)
    if codes.max() >= len(CLASS_COLOURS):
        raise StudyError(
            f"{path} holds the class {codes.max()}: codes run from 0 to {len(CLASS_COLOURS) - 1}."
        )
    return coloured(codes)


def moved(seen: Attention, name: str, shown: Shown) -> str:
    """Say what a whole picture moves where that is known."""
    if name not in seen.maps:
        return ""
    effect = shown(seen.maps[name].sum()).round(2) + 0.0  # no −0.00
    return f", moves {effect:+z.2f} {shown.unit} against the mean picture"


def regions_csv(study: Study, run: str | None, geoid: str) -> bytes:
    """Write the cells of a tract's maps, with where they come from."""
    whose = f" by {run_label(run)}" if run else ""
    provenance = provenance_of(
        study, f"What the regions of the pictures of tract {geoid} move in the estimate{whose}"
    )
    return as_csv(study.read_tract(run or "", "saliency", geoid), provenance)
