"""Draw a control, return a plain value. A value in the link is checked against what exists."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import streamlit as st

from aespa_core.analysis.places import Headline, Places
from aespa_core.analysis.units import shown_in
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from aespa_core.studies.catalogue import Listed
from aespa_core.studies.folder import Study
from aespa_core.views.layers import Layer, layers_in
from aespa_core.views.plain_text import LONGEST_NAME, advice, plain, plain_name, short
from aespa_core.views.runs import run_label
from dashboard.cached import version_of
from dashboard.selection import choose, labels_of

INGEST = "`aespa study ingest --metro washington`"


def name_broken(studies: Mapping[str, Listed]) -> None:
    """Name the studies that cannot be shown, each with its reason."""
    for listed in studies.values():
        if listed.problem:
            st.warning(f"Study '{plain_name(listed.id)}' is left out: {advice(listed.problem)}")


def stop_without(studies: Mapping[str, Listed]) -> None:
    """End the page with the command that helps if no study can be shown; name broken ones."""
    name_broken(studies)
    if not any(listed.info for listed in studies.values()):
        st.title("No study yet")
        st.info(f"Make one with {INGEST}, then reload this page.")
        st.stop()


def stop_without_people(studies: Mapping[str, Listed]) -> None:
    """End the page if no study says who lives where."""
    name_broken(studies)
    if not any(listed.info for listed in studies.values()):
        st.title("Who bears the heat needs a study with people in it")
        st.info(
            "The atlas that ships holds model output only. Set `AESPA_DATA_MIRROR` to a folder of "
            f"open data, run {INGEST}, then reload this page."
        )
        st.stop()


def pick_study(studies: Mapping[str, Listed]) -> tuple[str, tuple[str, float]]:
    """Draw the choice of a study; return its id and the arguments that cached functions take."""
    names = labels_of({key: listed.info.name for key, listed in studies.items() if listed.info})
    study_id = pick("Study", "study", list(names), name=names.__getitem__)
    path = studies[study_id].path
    return study_id, (str(path), version_of(path))


def place_name(study: Study, metro: str) -> str:
    """Name of a metro in a sentence; a simulated one says so."""
    return ("simulated " if study.info.kind == "simulated" else "") + metro_label(metro)


def sentence(study: Study, metro: str, headline: Headline, degrees: str) -> str:
    """Answer the page's question from the data."""
    shown = shown_in("°C difference", degrees)
    people = "." if np.isnan(headline.people) else f"; {headline.people:,.0f} people live there."
    return (
        f"In {place_name(study, metro)} the hottest tenth of {headline.tracts:,} "
        f"{headline.basis} tracts is {shown(headline.hottest_c):.1f} {shown.unit} "
        f"above the metro's median{people}"
    )


def pick(
    label: str,
    key: str,
    options: Sequence[str],
    *,
    name: Callable[[str], str] = str,
    default: str | None = None,
    help: str | None = None,
    optional: bool = False,
) -> str | None:
    """Draw a searchable select box whose value is part of the link.

    Parameters
    ----------
    label, help
        Words on screen.
    key
        Name in the link and in the session.
    options
        Values to choose from.
    name
        Value → words on screen.
    default
        Value of a first visit; the first option if None and not ``optional``.
    optional
        Whether nothing may be chosen.

    Raises
    ------
    StudyError
        If there is nothing to choose from and something must be.
    """
    if not options and not optional:
        raise StudyError(f"{label}: there is none to choose from. Choose another study.")
    fallback = default if default in options else (None if optional else options[0])
    if key not in st.session_state:
        choice = choose(st.query_params, key, options, fallback)
        st.session_state[key] = choice.value
        if choice.notice:
            st.warning(advice(choice.notice))
    elif st.session_state[key] not in options:
        st.session_state[key] = fallback
    value = st.selectbox(
        plain_name(label),
        options,
        key=key,
        # options are no markup
        format_func=lambda option: short(name(option), LONGEST_NAME),
        help=help and plain(help),
        index=None if optional else 0,
        placeholder="Type to search",
    )
    if value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value
    return value


def pick_layer(places: Places) -> Layer:
    """Choose what the map shows.

    Raises
    ------
    StudyError
        If nothing is known of the metro's tracts that a map could show.
    """
    layers = layers_in(places.frame)
    if not layers:
        raise StudyError(
            f"Nothing is known of the tracts of '{places.metro}' that a map could show: neither "
            "temperature nor proxies nor estimates. Write temperature.parquet or proxies.parquet, "
            "or run `aespa predict` on the study."
        )
    picked = pick("Layer", "layer", list(layers), name=lambda i: layers[i].label)
    return layers[picked or next(iter(layers))]


def pick_run(runs: Sequence[str]) -> str | None:
    """Choose among a study's estimates where there are several."""
    if len(runs) < 2:
        return None
    return pick("Estimates by", "run", list(reversed(runs)), name=run_label)
