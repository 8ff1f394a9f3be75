"""Weighted distributions against people counted one by one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.analysis.exposure.distribution import distribution, distributions
from aespa_core.analysis.exposure.people import DIVISIONS, groups_by_share
from tests.analysis.exposure.made_tracts import made_tracts


@given(st.integers(0, 2**16))
def test_integer_weights_are_repetitions(seed):
    rng = np.random.default_rng(seed)
    y, people = rng.integers(25, 40, 30).astype(float), rng.integers(0, 5, 30).astype(float)
    people[0] = 1
    each = np.repeat(y, people.astype(int))
    found = distribution("all", y, people, people.sum())
    grid = np.arange(24, 41, 0.5)
    np.testing.assert_allclose(found.share_at(grid), [(each <= t).mean() for t in grid])
    shares = np.array([0.0, 0.013, 0.251, 0.499, 0.757, 1.0])
    np.testing.assert_allclose(
        found.quantile(shares), np.quantile(each, shares, method="inverted_cdf")
    )


def test_groups_are_apart_and_the_empty_and_unmeasured_are_left_out():
    tracts = made_tracts()
    tracts["no_vehicle_share"] = 0.0
    tracts.loc[4, "lst_day_c"] = np.nan
    y = tracts["lst_day_c"].to_numpy()
    only = distributions(y, groups_by_share(tracts, "lst_day_c", DIVISIONS[2]))
    assert [found.label for found in only] == ["With a vehicle"]
    poor, rest = distributions(y, groups_by_share(tracts, "lst_day_c", DIVISIONS[1]))
    middle = np.array([0.5])
    assert poor.quantile(middle) > rest.quantile(middle)
    assert len(poor.values_c) <= 119
    assert np.isfinite(poor.values_c).all()
    assert poor.share[-1] == rest.share[-1] == 1
    assert poor.people + rest.people == pytest.approx(tracts["population"].drop(4).sum())
