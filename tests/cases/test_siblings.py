"""Siblings of the reported cases: a fixed sample through every door, all through validating."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases.doors import run_command
from tests.cases.sibling_walk import wrong_with_sibling
from tests.cases.siblings import SIBLINGS
from tests.cases.siblings.sibling import write_sibling

SEED = 14
SAMPLE = 12
pytestmark = pytest.mark.slow


def sample() -> list[str]:
    """Draw the siblings that every check walks; `make check-long` walks them all."""
    kinds = sorted({sibling.kind for sibling in SIBLINGS.values()})
    rng = np.random.default_rng(SEED)
    by_kind = {kind: [n for n, s in SIBLINGS.items() if s.kind == kind] for kind in kinds}
    # one of each kind, then any
    first = [str(rng.choice(names)) for names in by_kind.values()]
    rest = [name for name in rng.permutation(sorted(SIBLINGS)) if name not in first]
    return [*first, *map(str, rest)][:SAMPLE]


def test_there_are_many_and_each_has_a_name_of_its_own():
    from tests.cases.siblings import folders, numbers, places

    listed = sum(len(room.SIBLINGS) for room in (folders, numbers, places))
    assert len(SIBLINGS) == listed >= 150


@pytest.mark.parametrize("name", sample())
def test_a_sibling_is_answered_at_every_door(name):
    assert wrong_with_sibling(SIBLINGS[name], SEED) == []


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.sampled_from(sorted(SIBLINGS)), st.integers(0, 2**32 - 1))
def test_validating_names_what_is_wrong(name, seed):
    sibling = SIBLINGS[name]
    with TemporaryDirectory() as home:
        study, names = write_sibling(sibling, Path(home), seed)
        answer = run_command("study", "validate", study, studies=Path(home))
    assert answer.trace == ""
    if sibling.outcome == "refused":
        assert answer.code in (1, 2), answer.out
    if sibling.outcome == "repaired":
        assert answer.code == 0, answer.out
    if answer.code:
        assert any(word.lower() in answer.words.lower() for word in names), answer.words
