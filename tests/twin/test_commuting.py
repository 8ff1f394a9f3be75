"""Commuting follows its law: a fit finds α and β again, and rows add up to the workers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.studies.tables import FLOWS
from aespa_core.twin.commuting import CommutingLaw, draw_flows, expected_flows, workers_of
from aespa_core.twin.gravity import gravity_shares
from tests.twin.made_land import made_land

DRAWS = 200
LAW = CommutingLaw()
LAND = made_land(49)
PEOPLE = np.round(np.random.default_rng(5).uniform(300, 2500, LAND.tracts))


def matrix(flows: pd.DataFrame) -> np.ndarray:
    """Flows as (B, B), zero where there is no row."""
    wide = flows.pivot_table(index="origin", columns="destination", values="commuters")
    return wide.reindex(index=LAND.geoid, columns=LAND.geoid).fillna(0.0).to_numpy()


def poisson_fit(flows: np.ndarray) -> np.ndarray:
    """α and −β by Newton's method on the Poisson likelihood with one constant an origin.

    The constants are profiled out; what stays is linear in log attraction and distance.
    """
    covariates = np.stack([np.tile(np.log(LAND.work_m2), (LAND.tracts, 1)), LAND.distance_km])
    slopes = np.zeros(2)
    for _ in range(20):
        weight = np.exp(np.tensordot(slopes, covariates, axes=1))
        mean = flows.sum(axis=1, keepdims=True) * weight / weight.sum(axis=1, keepdims=True)
        share = mean / mean.sum(axis=1, keepdims=True)
        centred = covariates - (share * covariates).sum(axis=2, keepdims=True)
        step = np.linalg.solve(
            np.einsum("aij,bij,ij->ab", centred, centred, mean),
            np.einsum("aij,ij->a", covariates, flows - mean),
        )
        slopes = slopes + step
        if np.abs(step).max() < 1e-9:
            return slopes
    raise AssertionError("Newton did not converge")


def test_a_poisson_regression_finds_decay_and_exponent_without_bias():
    found = np.array(
        [poisson_fit(matrix(draw_flows(LAND, PEOPLE, LAW, seed))) for seed in range(DRAWS)]
    )
    error = found.std(axis=0, ddof=1) / np.sqrt(DRAWS)
    bias = found.mean(axis=0) - [LAW.attraction_exponent, -LAW.decay_per_km]
    assert (np.abs(bias) < 2 * error).all()
    assert (found.std(axis=0) < 0.03).all()


def test_expected_flows_are_the_law_itself():
    flows = expected_flows(LAND, PEOPLE, LAW)
    assert len(flows) == LAND.tracts**2
    np.testing.assert_allclose(
        poisson_fit(matrix(flows)), [LAW.attraction_exponent, -LAW.decay_per_km], rtol=1e-6
    )


def test_flows_of_an_origin_add_up_to_its_workers():
    flows = FLOWS.validate(draw_flows(LAND, PEOPLE, LAW, 0))
    assert (flows["commuters"] > 0).all()
    np.testing.assert_array_equal(matrix(flows).sum(axis=1), workers_of(PEOPLE, LAW))


def test_same_seed_same_flows_other_seed_others():
    one, again, other = (draw_flows(LAND, PEOPLE, LAW, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert not np.array_equal(matrix(one), matrix(other))


def test_nobody_commutes_to_a_tract_without_work_and_a_metro_needs_some():
    work = LAND.work_m2.copy()
    work[4] = 0.0
    flows = draw_flows(replace(LAND, work_m2=work), PEOPLE, LAW, 0)
    assert LAND.geoid[4] not in set(flows["destination"])
    with pytest.raises(ValueError, match="work_m2"):
        draw_flows(replace(LAND, work_m2=0 * work), PEOPLE, LAW, 0)


@settings(max_examples=60)
@given(
    attraction=st.lists(st.floats(0, 1e9), min_size=2, max_size=8),
    exponent=st.floats(0.01, 3),
    decay=st.floats(0, 50),
    seed=st.integers(0, 1000),
)
def test_shares_add_up_and_prefer_what_is_near(attraction, exponent, decay, seed):
    attraction = np.array(attraction)
    rng = np.random.default_rng(seed)
    distance = rng.uniform(0.1, 500, (len(attraction), len(attraction)))
    shares = gravity_shares(attraction, distance, exponent, decay)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), float(attraction.any()))
    assert (shares[:, attraction == 0] == 0).all()
    farther = gravity_shares(attraction, distance + np.eye(len(attraction)), exponent, decay)
    assert (np.diag(farther) <= np.diag(shares) + 1e-12).all()
