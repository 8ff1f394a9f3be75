"""Choose a study: what is offered, what is asked for in vain, which are refused, when none is."""

from collections.abc import Mapping

import streamlit as st

from aespa_core.errors import AespaError
from aespa_core.studies.catalogue import Listed
from aespa_core.views.plain_text import LONGEST_NAME, advice, bullets, plain, plain_name, short
from dashboard import cached
from dashboard.controls import pick
from dashboard.refused_studies import known_refusal
from dashboard.selection import labels_of

INGEST = "`aespa study ingest --metro washington`"
NO_PEOPLE = "it is model output without people."
NO_CURVES = (
    "it has no curves yet, so that nothing can be played on it: `aespa attribute` makes them."
)
NAMED = 4
EXPLAINED = 20


def stop_without(studies: Mapping[str, Listed]) -> None:
    """End the page with the command that helps if no study can be shown; name broken ones."""
    if not any(listed.info for listed in studies.values()):
        st.title("No study yet")
        st.info(f"Make one with {INGEST}, then reload this page.")
        stop_with_reasons()


def stop_without_people(studies: Mapping[str, Listed]) -> None:
    """End the page if no study says who lives where."""
    if not any(listed.info for listed in studies.values()):
        st.title("Who bears the heat needs a study with people in it")
        st.info(
            "The atlas that ships holds model output only. Set `AESPA_DATA_MIRROR` to a folder of "
            f"open data, run {INGEST}, then reload this page."
        )
        stop_with_reasons()


def stop_without_responses(studies: Mapping[str, Listed]) -> None:
    """End the page with the command that helps if no study has curves."""
    stop_without(cached.studies())
    if not any(listed.info for listed in studies.values()):
        st.title("What would cool it needs a study whose model left its curves")
        st.info("Make them with `aespa attribute STUDY` and a run's model, then reload this page.")
        stop_with_reasons()


def stop_with_reasons() -> None:
    """Say why the studies that there are cannot be shown, and end the page."""
    for study_id, sentence in list(refusals().items())[:EXPLAINED]:
        st.warning(f"Study '{plain_name(study_id)}' is refused: {advice(sentence)}")
    st.stop()


def pick_study(
    studies: Mapping[str, Listed], why_others_not: str = ""
) -> tuple[str, tuple[str, float]]:
    """Draw the choice of a study; return its id and the arguments that cached functions take.

    Parameters
    ----------
    studies
        What the page can show, by id.
    why_others_not
        Why it cannot show the rest.

    Raises
    ------
    RefusedStudyError
        If the one that is chosen is not valid.
    """
    names = labels_of({key: listed.info.name for key, listed in studies.items() if listed.info})
    asked = st.session_state.get("study") or st.query_params.get("study")
    study_id = pick(
        "Study",
        "study",
        list(names),
        name=names.__getitem__,
        default=asked if asked in names else first_sound(list(names), studies),
        why_not=lambda asked: why_not_shown(asked, why_others_not),
    )
    path = studies[study_id].path
    key = (str(path), cached.version_of(path))
    try:
        cached.study(*key)
    finally:
        name_refused()
    return study_id, key


def first_sound(ids: list[str], studies: Mapping[str, Listed]) -> str | None:
    """Find the study of a first visit: the first that opens."""
    for study_id in ids:
        path = studies[study_id].path
        try:
            cached.study(str(path), cached.version_of(path))
        except AespaError:
            continue
        return study_id
    return None


def why_not_shown(study_id: str, why_others_not: str) -> str | None:
    """Say why a study that is there is not offered; None for one that is not there."""
    listed = cached.studies().get(study_id)
    if listed is None:
        return None
    if listed.info is None:
        return f"it is refused: {listed.problem}"
    try:
        cached.study(str(listed.path), cached.version_of(listed.path))
    except AespaError as error:
        return f"it is refused: {error}"
    return why_others_not or None


def refusals() -> dict[str, str]:
    """Tell which studies are known to be refused, and why; none is opened for that."""
    found = {}
    for study_id, listed in cached.studies().items():
        path = listed.path
        problem = listed.problem or known_refusal(str(path), cached.version_of(path))
        if problem:
            found[study_id] = problem
    return found


def name_refused() -> None:
    """Name the refused studies in one line, which unfolds into their reasons."""
    refused = refusals()
    if not refused:
        return
    total = len(cached.studies())
    names = ", ".join(short(study_id, LONGEST_NAME // NAMED) for study_id in list(refused)[:NAMED])
    more = f" and {len(refused) - NAMED:,} more" if len(refused) > NAMED else ""
    line = f"Refused so far: {len(refused):,} of {total:,} studies ({names}{more})"
    with st.expander(plain(line)):
        st.caption("A study is examined when it is first opened, and again when it was changed.")
        st.markdown(bullets(list(refused.values())[:EXPLAINED]))
        if len(refused) > EXPLAINED:
            st.caption(f"And {len(refused) - EXPLAINED:,} more: `aespa study list` names them.")
