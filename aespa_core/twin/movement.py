r"""Visits in a simulated metro, hour by hour of one week.

.. math:: \lambda_{ij}(t) = s P_i \sum_k r_k(t)\, p^{(k)}_{ij}, \qquad
    V_{ij}(t) \sim \operatorname{Poisson}(\lambda_{ij}(t))

Residents P of tract i, a share s of whom a phone panel sees, visit places of kind k at rate r;
which tract follows the gravity law (:mod:`aespa_core.twin.gravity`) on the floor area or land of
that kind. Of the visits V, ``visits`` sums over origins, ``stay`` is the diagonal and ``outbound``
the rest of a row: over the metro visits equal outbound plus stay in every hour, exactly.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.studies.tables import HOURS_OF_WEEK
from aespa_core.twin.chance import stream
from aespa_core.twin.gravity import gravity_shares
from aespa_core.twin.land_use import Land
from aespa_core.twin.movement_law import MOVEMENT, MovementLaw, Purpose

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Week:
    """Visits by hour of the week, each of shape (B, T) with T = 168, visits/h.

    Attributes
    ----------
    visits
        To places in the tract.
    outbound
        Elsewhere, by residents of the tract.
    stay
        In the tract, by its residents.
    """

    visits: Floats
    outbound: Floats
    stay: Floats


def expected_week(land: Land, population: Floats, law: MovementLaw = MOVEMENT) -> Week:
    """Give the law's mean visits.

    Parameters
    ----------
    land
        B tracts.
    population
        Residents of each, shape (B,).
    law
        Stated law; a purpose whose places the metro lacks has no visits.
    """
    visits, outbound, stay = np.zeros((3, land.tracts, HOURS_OF_WEEK))  # (B, T)
    panel = law.panel_share * population
    for purpose in law.purposes:
        trips = panel[:, None] * shares_of(purpose, land)  # (B, B), of one visit a resident
        hours = purpose.curve.hours()
        inside = np.diag(trips)
        visits += trips.sum(axis=0)[:, None] * hours
        stay += inside[:, None] * hours
        outbound += (trips.sum(axis=1) - inside)[:, None] * hours
    return Week(visits, outbound, stay)


def draw_week(land: Land, population: Floats, seed: int, law: MovementLaw = MOVEMENT) -> Week:
    """Draw whole visits, origin by origin, so that memory stays at B times T."""
    rng = stream(seed, "movement")
    visits, outbound, stay = np.zeros((3, land.tracts, HOURS_OF_WEEK))  # (B, T)
    curves = np.array([purpose.curve.hours() for purpose in law.purposes])  # (K, T)
    shares = np.array([shares_of(purpose, land) for purpose in law.purposes])  # (K, B, B)
    for home, panel in enumerate(law.panel_share * population):
        trips = rng.poisson(panel * shares[:, home].T @ curves)  # (B, T)
        visits += trips
        stay[home] = trips[home]
        outbound[home] = trips.sum(axis=0) - trips[home]
    return Week(visits, outbound, stay)


def shares_of(purpose: Purpose, land: Land) -> Floats:
    """Share of each tract's visits for one purpose by tract visited, shape (B, B)."""
    return gravity_shares(getattr(land, purpose.land), land.distance_km, 1.0, purpose.decay_per_km)


def mobility_table(land: Land, week: Week) -> pd.DataFrame:
    """Lay a week out as table ``mobility``: 168 rows a tract."""
    return pd.DataFrame(
        {
            "geoid": pd.Series(np.repeat(land.geoid, HOURS_OF_WEEK), dtype="str"),
            "hour_of_week": np.tile(np.arange(HOURS_OF_WEEK), land.tracts),
            "visits": week.visits.ravel(),
            "outbound": week.outbound.ravel(),
            "stay": week.stay.ravel(),
        }
    )
