"""Draw a control, return a plain value. A value in the link is checked against what exists."""

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard.selection import choose


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
    """
    fallback = default if default in options else (None if optional else options[0])
    if key not in st.session_state:
        choice = choose(st.query_params, key, options, fallback)
        st.session_state[key] = choice.value
        if choice.notice:
            st.warning(choice.notice)
    elif st.session_state[key] not in options:
        st.session_state[key] = fallback
    value = st.selectbox(
        label,
        options,
        key=key,
        format_func=name,
        help=help,
        index=None if optional else 0,
        placeholder="Type to search",
    )
    if value is None:
        st.query_params.pop(key, None)
    else:
        st.query_params[key] = value
    return value
