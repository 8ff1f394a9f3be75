"""Measures cool or do nothing; every number of theirs has a source."""

from dataclasses import replace

import numpy as np
import pytest

from aespa_core.analysis.scenarios.measures import MEASURES, VECTORS, Coupling
from aespa_core.schema import PROXIES


def test_no_measure_moves_any_proxy_in_the_warming_direction():
    sign = np.array([proxy.sign for proxy in PROXIES])
    assert (sign * VECTORS <= 0).all()
    for q, measure in enumerate(MEASURES):
        assert VECTORS[q, measure.main_place] != 0
        assert measure.couplings[0].proxy == measure.main


def test_a_coupling_that_warms_cannot_be_written():
    dark_crowns = Coupling("albedo", -0.05, "leaves are darker than grass")
    with pytest.raises(ValueError, match=r"planting would move albedo by -0.05, which warms"):
        replace(MEASURES[0], couplings=(*MEASURES[0].couplings, dark_crowns))


def test_every_number_says_where_it_comes_from():
    for measure in MEASURES:
        assert all(len(coupling.source) > 20 for coupling in measure.couplings)
        cost = measure.cost
        assert 0 < cost.low_usd_m2 <= cost.usd_m2 <= cost.high_usd_m2
        assert len(cost.source) > 20
        assert measure.left_at_0
        if (published := measure.literature) is not None:
            assert published.low_c <= published.effect_c <= published.high_c < 0
            assert 0 < published.up_to <= 1
            assert len(published.source) > 20
