"""Local Climate Zones: how much of a block is built, sealed and planted, and how high.

Ranges of building and impervious share and of height: Stewart & Oke (2012), Bull. Amer. Meteor.
Soc. 93:1879, tables 3 and 4; a block draws uniformly within them. Lot sizes, canopy and materials
are this simulator's own: they make the picture, not the physics.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Zone:
    """One zone.

    Attributes
    ----------
    id
        Code of Stewart & Oke: 1 to 10 built, A to G natural.
    label
        Their name.
    built, sealed
        Range of building share and of sealed ground beside buildings (streets included), share.
    height_m
        Range of building height, m.
    lot_m
        Width and depth of a lot, m; None for one lot a block.
    canopy
        Share of open, unsealed ground that trees cover before a neighbourhood's history acts.
    homes
        Share of the floors that are homes; the rest is work.
    roofs
        Weights of dark, white, metal and tile roofs.
    paving
        Material of sealed ground beside buildings.
    """

    id: str
    label: str
    built: tuple[float, float]
    sealed: tuple[float, float]
    height_m: tuple[float, float]
    lot_m: tuple[float, float] | None
    canopy: float
    homes: float
    roofs: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    paving: str = "concrete"


OFFICES: Final = (0.45, 0.35, 0.20, 0.0)
HOUSES: Final = (0.70, 0.04, 0.06, 0.20)
SHEDS: Final = (0.35, 0.35, 0.30, 0.0)

# The position is the code in a scene's raster.
ZONES: Final = (
    Zone("1", "Compact high-rise", (0.4, 0.6), (0.4, 0.6), (25, 70), (44, 44), 0.5, 0.3, OFFICES),
    Zone("2", "Compact midrise", (0.4, 0.7), (0.3, 0.5), (10, 25), (30, 36), 0.5, 0.6, OFFICES),
    Zone("3", "Compact low-rise", (0.4, 0.7), (0.2, 0.5), (3, 10), (12, 24), 0.4, 0.85, HOUSES),
    Zone("4", "Open high-rise", (0.2, 0.4), (0.3, 0.4), (25, 60), (60, 60), 0.5, 0.8, OFFICES),
    Zone("5", "Open midrise", (0.2, 0.4), (0.3, 0.5), (10, 25), (44, 50), 0.5, 0.7, OFFICES),
    Zone("6", "Open low-rise", (0.2, 0.4), (0.2, 0.5), (3, 10), (20, 36), 0.55, 1.0, HOUSES),
    Zone("8", "Large low-rise", (0.3, 0.5), (0.4, 0.5), (4, 10), (90, 90), 0.3, 0.0, SHEDS,
         "asphalt"),
    Zone("9", "Sparsely built", (0.1, 0.2), (0.05, 0.2), (3, 10), (40, 56), 0.6, 1.0, HOUSES),
    Zone("10", "Heavy industry", (0.2, 0.3), (0.2, 0.4), (5, 15), (80, 70), 0.1, 0.0, SHEDS,
         "asphalt"),
    Zone("A", "Dense trees", (0, 0), (0, 0.05), (0, 0), None, 0.85, 0.0),
    Zone("B", "Scattered trees", (0, 0), (0, 0.1), (0, 0), None, 0.4, 0.0),
    Zone("D", "Low plants", (0, 0), (0, 0.1), (0, 0), None, 0.04, 0.0),
    Zone("E", "Bare rock or paved", (0, 0.05), (0.9, 0.95), (3, 6), None, 0.1, 0.0,
         paving="asphalt"),
    Zone("F", "Bare soil or sand", (0, 0), (0, 0.05), (0, 0), None, 0.02, 0.0),
    Zone("G", "Water", (0, 0), (0, 0), (0, 0), None, 0.0, 0.0),
)  # fmt: skip
ZONE_CODE: Final = {zone.id: code for code, zone in enumerate(ZONES)}
