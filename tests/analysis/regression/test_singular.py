"""Equations without a solution are told in a sentence."""

import numpy as np
import pytest

from aespa_core.analysis.regression.cr2 import cr2
from aespa_core.analysis.regression.least_squares import least_squares
from aespa_core.analysis.regression.singular import solvable
from aespa_core.errors import StudyError

CLUSTER = np.repeat(np.arange(5), 6)


def test_a_singular_matrix_is_a_sentence():
    words = r"The table cannot be computed .*\(singular matrix\)"
    with pytest.raises(StudyError, match=words), solvable("The table"):
        np.linalg.inv(np.zeros((2, 2)))


def test_other_mistakes_stay_what_they_are():
    with pytest.raises(ZeroDivisionError), solvable("The table"):
        _ = 1 / 0


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("size", [1e160, 1e300])
def test_numbers_beyond_all_bounds_end_in_a_sentence(size):
    chance = np.random.default_rng(0)
    x = np.column_stack([np.ones(30), chance.normal(size=30)])
    weights = np.where(np.arange(30) == 3, size, 1.0)
    with pytest.raises(StudyError, match=r"cannot be computed|independent ones"):
        cr2(least_squares(x @ [1.0, 2.0] + chance.normal(size=30), x, weights), CLUSTER)
