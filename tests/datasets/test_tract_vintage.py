"""Ids of another vintage are counted and named; Connecticut's change of counties by its name."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets.tract_features import build_features
from aespa_core.datasets.tract_vintage import refuse_unknown_tracts
from aespa_core.errors import StudyError

KNOWN = pd.Index([f"09001{n:06d}" for n in range(100, 110)])


def test_ids_of_2010_pass():
    refuse_unknown_tracts(KNOWN[2:5].tolist(), KNOWN, "the study")


def test_unknown_ids_are_counted_and_the_first_named():
    ids = [*KNOWN[:6], *(f"53033{n:06d}" for n in range(4))]
    with pytest.raises(StudyError) as caught:
        refuse_unknown_tracts(ids, KNOWN, "here")
    said = str(caught.value)
    assert "here: the stored models know census tracts of 2010, and 4 of 10 ids" in said
    assert "(53033000000, 53033000001, 53033000002, …)" in said
    assert "Connecticut" not in said


def test_planning_regions_are_said_to_be_what_they_are():
    ids = [KNOWN[0], "09110000100", "09190000200", "09001999999"]
    with pytest.raises(StudyError, match=r"3 of 4 ids .* 2 of them are of Connecticut's planning"):
        refuse_unknown_tracts(ids, KNOWN, "here")


def test_features_of_unknown_tracts_are_no_defect_but_a_sentence(nation):
    ids = np.array([nation.table.index[0], "99999999999"])
    with pytest.raises(StudyError, match=r"town: .* 1 of 2 ids .*\(99999999999\)\. Use ids"):
        build_features(nation, ids, np.array(["a", "a"]), "town")
