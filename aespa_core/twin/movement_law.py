"""The stated law of visits in a simulated metro: why, how far and when residents go somewhere."""

from dataclasses import dataclass
from typing import Final

from aespa_core.twin.week_curve import Bump, WeekCurve


@dataclass(frozen=True)
class Purpose:
    """Why residents visit a place.

    Attributes
    ----------
    land
        Field of :class:`aespa_core.twin.land_use.Land` that attracts, with exponent 1.
    decay_per_km
        Decline with distance, 1/km.
    curve
        Visits a resident, in each hour of the week.
    """

    land: str
    decay_per_km: float
    curve: WeekCurve


@dataclass(frozen=True)
class MovementLaw:
    """Stated law of visits.

    Attributes
    ----------
    purposes
        Kinds of visit.
    panel_share
        Residents whose phones count, 0–1.
    """

    purposes: tuple[Purpose, ...]
    panel_share: float = 0.10


# Stated: about two visits a day, of the three and a half trips that people make with those home
# (National Household Travel Survey 2017); work on weekday mornings, shops at noon and after work,
# parks in the evening and at weekends.
MOVEMENT: Final = MovementLaw(
    (
        Purpose(
            "work_m2",
            0.40,
            WeekCurve(
                weekday=(Bump(8.0, 1.2, 0.75), Bump(13.0, 1.5, 0.17), Bump(21.5, 1.5, 0.08)),
                weekend=(Bump(9.5, 2.0, 0.8), Bump(16.0, 2.5, 0.2)),
                monday_to_friday=0.55,
                saturday=0.15,
                sunday=0.10,
            ),
        ),
        Purpose(
            "shop_m2",
            0.80,
            WeekCurve(
                weekday=(Bump(12.5, 1.8, 0.45), Bump(17.5, 1.8, 0.55)),
                weekend=(Bump(11.5, 1.8, 0.45), Bump(15.5, 2.5, 0.55)),
                monday_to_friday=0.90,
                saturday=1.30,
                sunday=1.00,
            ),
        ),
        Purpose(
            "park_km2",
            1.20,
            WeekCurve(
                weekday=(Bump(7.0, 1.0, 0.2), Bump(18.5, 1.8, 0.8)),
                weekend=(Bump(10.5, 2.0, 0.45), Bump(16.0, 2.5, 0.55)),
                monday_to_friday=0.25,
                saturday=0.55,
                sunday=0.60,
            ),
        ),
    )
)
