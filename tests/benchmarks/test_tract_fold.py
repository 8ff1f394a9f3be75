"""A fold end to end on the made nation: tuned inside, scored outside, signs checked."""

import numpy as np
import pytest

from aespa_core.benchmarks.tract_fold import run_fold
from aespa_core.benchmarks.tract_methods import METHODS, quick


@pytest.mark.parametrize("name", ["area_mean", "ols", "gradient_boosting_monotone", "aespa"])
def test_a_method_estimates_exactly_the_group_left_out(nation, labelled, name):
    group = int(labelled.group[0])
    fold = run_fold(quick(METHODS[name]), labelled, nation.table, group, 0)
    assert set(fold.table["geoid"]) == set(labelled.features.geoid[labelled.group == group])
    np.testing.assert_allclose(fold.table.groupby("area")["estimate_c"].mean(), 0, atol=1e-9)
    if name == "aespa":
        assert fold.facts["single"] + fold.facts["many"] == 0
        assert fold.facts["single_tested"] > 0
