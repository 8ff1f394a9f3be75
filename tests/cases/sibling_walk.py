"""A sibling through every door: what is wrong with the answers to it."""

from pathlib import Path
from tempfile import TemporaryDirectory

from tests.cases.case import clean_walk, unlike_outcome
from tests.cases.siblings.sibling import Sibling, write_sibling
from tests.cases.verdict import LONGEST, complaints, silent_changes
from tests.cases.walk import walk


def wrong_with_sibling(sibling: Sibling, seed: int, *, pages: bool = True) -> list[str]:
    """List everything that is wrong with the answers to a sibling drawn by a seed."""
    clean = clean_walk(mobility=sibling.mobility)
    with TemporaryDirectory() as work:
        study, names = write_sibling(sibling, Path(work) / "home", seed)
        found = walk(study, Path(work) / "walk", pages=pages)
    listed = complaints(found, clean, names)
    if sibling.outcome == "robust":
        # another study, with other numbers
        silent = {
            line[:LONGEST]
            for door in found.answers
            for line in silent_changes(door, found, clean, names)
        }
        listed = [line for line in listed if line not in silent]
    elif sibling.outcome != "honest":
        listed += unlike_outcome(sibling.outcome, found, clean)
    return list(dict.fromkeys(listed))
