"""Draw a control, return a plain value. A value in the link is checked against what exists."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import streamlit as st

from aespa_core.analysis.places import Headline, Places
from aespa_core.analysis.units import shown_in
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from aespa_core.studies.folder import Study
from aespa_core.views.layers import Layer, layers_in
from aespa_core.views.plain_text import LONGEST_NAME, plain, plain_name, short
from aespa_core.views.runs import run_label
from dashboard.link_notices import first_notice, say_again
from dashboard.selection import choose


def place_name(study: Study, metro: str) -> str:
    """Name of a metro in a sentence; a simulated one says so."""
    return ("simulated " if study.info.kind == "simulated" else "") + metro_label(metro)


def sentence(study: Study, metro: str, headline: Headline, degrees: str) -> str:
    """Answer the page's question from the data."""
    shown = shown_in("°C difference", degrees)
    people = "." if np.isnan(headline.people) else f"; {headline.people:,.0f} people live there."
    if headline.tracts == 1:
        return (
            f"In {place_name(study, metro)} a single tract is {headline.basis}, so that none is "
            f"hotter than another{people}"
        )
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
    why_not: Callable[[str], str | None] = lambda asked: None,
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
    why_not
        Value of the link that is no option → why, in a sentence; None if it is not there.

    Raises
    ------
    StudyError
        If there is nothing to choose from and something must be.
    """
    if not options and not optional:
        raise StudyError(f"{label}: there is none to choose from. Choose another study.")
    fallback = default if default in options else (None if optional else options[0])
    first = key not in st.session_state
    if first:
        choice = choose(st.query_params, key, options, fallback, why_not)
        st.session_state[key] = choice.value
        first_notice(key, choice.value, choice.notice)
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
    if not first:
        say_again(key, value)
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


def pick_tract(geoids: Iterable[str]) -> str | None:
    """Draw the choice of one tract, the accessible way."""
    return pick("Find a tract", "tract", sorted(geoids), optional=True, help="Census tract id")


def pick_run(runs: Sequence[str]) -> str | None:
    """Choose among a study's estimates where there are several."""
    if len(runs) < 2:
        refuse_linked_run(runs)
        return None
    return pick("Estimates by", "run", list(reversed(runs)), name=run_label)


def refuse_linked_run(runs: Sequence[str]) -> None:
    """Say if the link asks for a run where there is nothing to choose."""
    asked = st.query_params.get("run")
    if not asked:
        say_again("run", tuple(runs))
        return
    what = f"showing '{runs[0]}', the only one" if runs else "this study has no run to choose"
    missing = f"The link asks for run '{asked}', which is not here: {what}."
    first_notice("run", tuple(runs), None if asked in runs else missing)
    st.query_params.pop("run")
