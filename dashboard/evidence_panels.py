"""Draw what is known of a tract beside numbers: pictures, masks, and its week."""

import numpy as np
import streamlit as st
from PIL import Image

from aespa_core.analysis.evidence import Evidence, has_evidence
from aespa_core.studies.folder import Study
from aespa_core.views.colors import css
from aespa_core.views.evidence import CLASS_COLOURS, coloured, week_chart
from aespa_core.views.exports import as_csv, provenance_of

PHOTOS_A_ROW = 4


def evidence_of_choice(study: Study, found: Evidence | None) -> None:
    """Draw the satellite picture, street photos and week of the chosen tract, if one is chosen."""
    if not has_evidence(study):
        st.info("This study holds no pictures and no movement.")
        return
    if found is None:
        st.info("Choose a tract: click the map, type its number, or mark a row of the table.")
        return
    word = "Simulated" if study.info.kind == "simulated" else "Taken"
    provenance = provenance_of(study, f"Movement in tract {found.geoid}")
    left, right = st.columns([1, 2], gap="large")
    with left:
        if found.satellite is None:
            st.caption("No satellite picture of this tract.")
        else:
            st.image(str(found.satellite), caption=f"{word} from above", width="stretch")
    with right:
        if found.week is None:
            st.caption("No movement is known of this tract.")
        else:
            st.plotly_chart(week_chart(found.week), key="week")
            st.download_button(
                "Week (CSV)",
                as_csv(found.week.reset_index(), provenance),
                f"aespa_week_{found.geoid}.csv",
                "text/csv",
                on_click="ignore",
            )
    photos(found, word)


def photos(found: Evidence, word: str) -> None:
    """Draw the street photos, or what each of their pixels shows."""
    if not found.photos:
        st.caption("No street photo of this tract.")
        return
    masked = bool(found.masks) and st.toggle("Show what each pixel is", key="masks")
    if masked:
        legend = "".join(
            f'<span><i style="background:{css(colour)}"></i>{name}</span>'
            for name, colour in CLASS_COLOURS.items()
        )
        st.html(f'<div class="aespa-legend" role="img" aria-label="Legend">{legend}</div>')
    for first in range(0, len(found.photos), PHOTOS_A_ROW):
        for number, column in enumerate(st.columns(PHOTOS_A_ROW), first):
            if number >= len(found.photos):
                break
            picture = (
                coloured(np.asarray(Image.open(found.masks[number])))
                if masked
                else str(found.photos[number])
            )
            column.image(picture, caption=f"{word} photo {number + 1}", width="stretch")
