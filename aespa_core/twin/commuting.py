r"""Commuting in a simulated metro, with its true law.

.. math:: (T_{i1}, …, T_{iB}) \sim \operatorname{Multinomial}(O_i, p_{i\cdot}), \qquad
    O_i = \operatorname{round}(w P_i)

with the shares p of :mod:`aespa_core.twin.gravity`, residents P and the share w of them that works;
jobs attract by the floor area of commerce and industry. A multinomial is what independent Poisson
flows are once their sum is known, so a Poisson regression with one constant an origin recovers α
and β.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.twin.chance import stream
from aespa_core.twin.gravity import gravity_shares
from aespa_core.twin.land_use import Land

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class CommutingLaw:
    """Stated law of commuting.

    Attributes
    ----------
    workers_share
        Residents with a job in the metro, 0–1.
    attraction_exponent
        α, on floor area of commerce and industry.
    decay_per_km
        β, 1/km.
    """

    # ACS 2019: 158 of 328 million residents are employed
    workers_share: float = 0.48
    # below 1, as gravity fits find for the destination's mass (Simini et al. 2012, Nature 484:96)
    attraction_exponent: float = 0.80
    # 0.3 S^−0.18 for units of S km² (Lenormand et al. 2012, PLoS ONE 7:e45985), S = 0.2 km²
    decay_per_km: float = 0.40


def workers_of(population: Floats, law: CommutingLaw) -> npt.NDArray[np.int64]:
    """Count the workers who live in each tract, O, shape (B,)."""
    return np.round(law.workers_share * population).astype(np.int64)


def expected_flows(land: Land, population: Floats, law: CommutingLaw) -> pd.DataFrame:
    """Give the law's mean of every pair, zero or not.

    Returns
    -------
    pandas.DataFrame
        B² rows of table ``flows``: ``origin``, ``destination``, ``commuters``.
    """
    return flow_table(land, workers_of(population, law)[:, None] * commuting_shares(land, law))


def draw_flows(land: Land, population: Floats, law: CommutingLaw, seed: int) -> pd.DataFrame:
    """Draw one day's commuters of every pair.

    Parameters
    ----------
    land
        B tracts.
    population
        Residents of each, shape (B,).
    law
        Stated law.
    seed
        Of the metro.

    Returns
    -------
    pandas.DataFrame
        Table ``flows``, pairs that have commuters only, as official tables have it; the flows of an
        origin add up to its workers. No pair is missing: one without a row has nobody.
    """
    commuters = stream(seed, "commuting").multinomial(
        workers_of(population, law), commuting_shares(land, law)
    )  # (B, B)
    flows = flow_table(land, commuters.astype(float))
    return flows[flows["commuters"] > 0].reset_index(drop=True)


def commuting_shares(land: Land, law: CommutingLaw) -> Floats:
    """Share of each tract's workers by tract of work, shape (B, B).

    Raises
    ------
    ValueError
        If nobody can work anywhere in the metro.
    """
    if not (land.work_m2 > 0).any():
        raise ValueError(
            f"Land of {land.metro}: work_m2 is 0 in every tract; commuters need one to go to."
        )
    return gravity_shares(land.work_m2, land.distance_km, law.attraction_exponent, law.decay_per_km)


def flow_table(land: Land, commuters: Floats) -> pd.DataFrame:
    """Lay a matrix of flows (B, B) out as one row a pair, origins first."""
    return pd.DataFrame(
        {
            "origin": pd.Series(np.repeat(land.geoid, land.tracts), dtype="str"),
            "destination": pd.Series(np.tile(land.geoid, land.tracts), dtype="str"),
            "commuters": commuters.ravel(),
        }
    )
