"""Intervals of even heat and concentration: point numbers, shift, and blocks."""

import numpy as np
import pytest

from aespa_core.analysis.exposure.people import DIVISIONS, groups_by_share
from aespa_core.analysis.inequality.concentration import concentration_index
from aespa_core.analysis.inequality.intervals import concentration_estimate, heat_inequality
from aespa_core.analysis.inequality.kolm_pollak import equal_heat
from aespa_core.errors import StudyError
from tests.analysis.exposure.made_tracts import made_blocks, made_tracts

Y, INCOME = "lst_day_c", "median_household_income_usd"


def test_numbers_are_those_without_intervals_and_a_shift_moves_the_even_heat_alone():
    tracts, blocks = made_tracts(), made_blocks()
    groups = groups_by_share(tracts, Y, DIVISIONS[1])
    y = tracts[Y].to_numpy()
    found, shifted = (heat_inequality(y + shift, groups, blocks) for shift in (0, 10))
    poor, rest = (equal_heat(y, people) for people in groups.people.T)
    assert [e.estimate for e in found.ede] == pytest.approx([poor.ede_c, rest.ede_c])
    assert [e.estimate for e in found.index] == pytest.approx([poor.index_c, rest.index_c])
    assert found.gaps[0].estimate == pytest.approx(poor.ede_c - rest.ede_c)
    assert found.gaps[0].low95 > 0
    assert found.notices == ()
    assert found.blocks == found.ede[0].freedom + 1 == 12
    for before, after, by in zip(
        (*found.ede, *found.index, *found.gaps),
        (*shifted.ede, *shifted.index, *shifted.gaps),
        (10, 10, 0, 0, 0),
        strict=True,
    ):
        assert after.estimate - before.estimate == pytest.approx(by, abs=1e-9)
        assert after.std_error == pytest.approx(before.std_error, rel=1e-6)


def test_a_group_with_nobody_is_missing_and_the_rest_stays():
    tracts, blocks = made_tracts(), made_blocks()
    tracts["no_vehicle_share"] = 0.0
    groups = groups_by_share(tracts, Y, DIVISIONS[2])
    found = heat_inequality(tracts[Y].to_numpy(), groups, blocks)
    nobody, rest = found.ede
    assert found.notices[0] == "'No vehicle' is unknown: nobody is there to tell it of."
    assert np.isnan([nobody.estimate, nobody.std_error]).all()
    assert np.isfinite([rest.estimate, rest.std_error]).all()


def test_concentration_has_the_sign_of_its_making():
    tracts, blocks = made_tracts(), made_blocks()
    tracts.loc[7, INCOME] = np.nan
    y, income, people = (tracts[name].to_numpy() for name in (Y, INCOME, "population"))
    found = concentration_estimate(y, income, people, blocks)
    assert found.estimate == pytest.approx(concentration_index(y, income, people))
    assert found.high95 < 0


def test_one_block_is_one_sentence():
    tracts = made_tracts()
    y, income, people = (tracts[name].to_numpy() for name in (Y, INCOME, "population"))
    with pytest.raises(StudyError, match="One cluster"):
        concentration_estimate(y, income, people, np.zeros(len(y), dtype=int))
    with pytest.raises(StudyError):
        concentration_estimate(y, np.full(len(y), np.nan), people, made_blocks())
