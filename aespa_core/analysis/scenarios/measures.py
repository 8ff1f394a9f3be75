"""What can be done against heat: each measure a stated move of all five proxies.

A measure moves a proxy only in the cooling direction or not at all, so that with curves of the
expected signs no measure ever warms by day. Couplings that could go the other way are therefore
left at 0, and :attr:`Measure.left_at_0` says which.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.schema import PROXIES, PROXY_IDS, Proxy

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Coupling:
    """How far a proxy moves where a whole tract is treated, in its own unit, and who says so."""

    proxy: str
    change: float
    source: str


@dataclass(frozen=True)
class Cost:
    """US$ for each m² treated: the default and a range, and where they come from."""

    usd_m2: float
    low_usd_m2: float
    high_usd_m2: float
    source: str


@dataclass(frozen=True)
class Coefficient:
    """A published effect on surface temperature, for places where no curve was learned.

    Attributes
    ----------
    effect_c
        °C for a whole tract treated, negative where it cools.
    low_c, high_c
        Strongest and weakest cooling of the published range, °C.
    up_to
        Largest share of a tract's land that it is used for.
    source
        Citation, and what it was measured on.
    """

    effect_c: float
    low_c: float
    high_c: float
    up_to: float
    source: str


@dataclass(frozen=True)
class Measure:
    """Something that a planner can do. Its amount is the share of a tract's land treated, 0–1.

    Attributes
    ----------
    id, label, meaning
        In files; on screen; one sentence of what a treated m² is.
    main
        Proxy whose curve the measure needs.
    couplings
        The proxies that it moves, the main one first; all others stay.
    left_at_0
        Couplings that exist or may exist and are not counted, in words.
    cost
        Default unit cost.
    literature
        Published effect, None where none was found that fits.
    """

    id: str
    label: str
    meaning: str
    main: str
    couplings: tuple[Coupling, ...]
    left_at_0: str
    cost: Cost
    literature: Coefficient | None = None

    def __post_init__(self) -> None:
        """Hold the guarantee: nothing that a measure moves, it moves in the warming direction."""
        for coupling in self.couplings:
            if proxy_named(coupling.proxy).sign * coupling.change > 0:
                raise ValueError(
                    f"{self.id} would move {coupling.proxy} by {coupling.change:+g}, which warms: "
                    "leave that coupling at 0 and say so in left_at_0."
                )
        if self.vector[self.main_place] == 0:
            raise ValueError(f"{self.id} does not move its main proxy {self.main}.")

    @property
    def vector(self) -> Array:
        """Move of each proxy for a whole tract treated, in the order of the schema, (K,)."""
        change = {coupling.proxy: coupling.change for coupling in self.couplings}
        return np.array([change.get(name, 0.0) for name in PROXY_IDS])

    @property
    def main_place(self) -> int:
        """Place of the main proxy in the order of the schema."""
        return PROXY_IDS.index(self.main)


def proxy_named(name: str) -> Proxy:
    """Look a proxy up by its id."""
    return PROXIES[PROXY_IDS.index(name)]


MEASURES: Final = (
    Measure(
        "planting",
        "Tree planting",
        "Grown tree crowns over ground that is open today: lawn, verge, bare soil. The effect is "
        "that of the grown crown, decades after planting.",
        "canopy",
        (
            Coupling("canopy", 1.0, "By definition: a treated m² is a m² under crowns."),
            Coupling(
                "ndvi", 0.25,
                "Assumption: crowns near 0.75 take the place of lawn and soil near 0.5, both in "
                "the middle of what summer Landsat scenes of US cities commonly show.",
            ),
            Coupling(
                "shadow", 0.3,
                "Assumption from geometry: a crown 8 m wide with its middle 6 m up throws, under "
                "a sun 60° high, about half of its own area of shadow beside itself; a part of "
                "it falls on ground that is shaded already.",
            ),
        ),
        "Albedo: leaves reflect 0.15–0.20, grass 0.16–0.26 (Oke 1987, Boundary Layer Climates, "
        "table 1.1), so crowns over grass may darken the ground a little. Sealed ground: crowns "
        "stand on open ground and hide no pavement here.",
        Cost(
            30.0, 5.0, 90.0,
            "A street tree over 50 m² of grown crown: New York City paid US$3,300 a tree in 2024, "
            "private customers there 1,200–1,600 (Crain's New York 2024), Creve Coeur 270 "
            "(OneSTL). The 50 m² are an assumption; care after planting is not counted.",
        ),
        Coefficient(
            -6.3, -16.8, -4.0, 0.2,
            "Yang et al. 2022, Environ. Res. Lett. 17, 034029: 0.063 °C for each 1 % of tree cover "
            "by day, annual mean of 510 cities, elevation and night lights held. Range: Wang et "
            "al. 2020, ISPRS J. 159, mean (0.168) and lowest (0.040) of 118 US cities, trees "
            "alone, which Yang et al. find too strong. Associations across places, not trials; "
            "use up to a fifth of the land is an assumption.",
        ),
    ),
    Measure(
        "cool_roofs",
        "Cool roofs",
        "Roofs that are grey today, made white; counted after some years of weather.",
        "albedo",
        (
            Coupling(
                "albedo", 0.35,
                "Weathered white roof 0.55 in place of a weathered grey one of 0.20: Levinson & "
                "Akbari 2010, Energy Efficiency 3:53, doi 10.1007/s12053-008-9038-2.",
            ),
        ),
        "None is known to go against the measure; how much of a tract is roof is not measured.",
        Cost(
            12.0, 2.0, 35.0,
            "Assumption: coating a sound roof at the US$0.75–1.50 a square foot that is commonly "
            "quoted from the EPA's compendium on heat islands; 0–2.20 a m² more than a dark roof "
            "where the roof is due anyway (Global Cool Cities Alliance); steep roofs cost more.",
        ),
    ),
    Measure(
        "depaving",
        "Depaving",
        "Pavement that is taken away and becomes grass.",
        "impervious",
        (
            Coupling("impervious", -1.0, "By definition: a treated m² is a m² unsealed."),
            Coupling(
                "ndvi", 0.4,
                "Assumption: grass near 0.5 takes the place of pavement near 0.1, both in the "
                "middle of what summer Landsat scenes of US cities commonly show.",
            ),
        ),
        "Albedo: grass reflects 0.16–0.26, asphalt 0.05–0.20, concrete 0.10–0.35 (Oke 1987, "
        "Boundary Layer Climates, table 1.1), so it may rise or fall.",
        Cost(
            50.0, 20.0, 150.0,
            "Assumption at planning level: breaking up, carting away, soil and grass; no land, no "
            "drains moved. Local bids decide.",
        ),
    ),
    Measure(
        "shade_structures",
        "Shade structures",
        "Sails and roofs over ground that lies in the sun. A satellite sees their top, a person "
        "stands below: what it feels like there is not what this number says.",
        "shadow",
        (
            Coupling(
                "shadow", 0.85,
                "Assumption: knitted shade cloth keeps out 70–95 % of the sun by its makers' "
                "data sheets.",
            ),
        ),
        "Albedo: bright cloth over dark ground would reflect more, dark cloth over concrete less.",
        Cost(
            200.0, 100.0, 500.0,
            "Fountain Hills, Arizona, 2021: US$121,000 for 64 by 102 feet over a playground, 200 "
            "a m² (Fountain Hills Times). The range is an assumption.",
        ),
    ),
)  # fmt: skip
MEASURE_IDS: Final = tuple(measure.id for measure in MEASURES)
# Move of each proxy for a whole tract treated, (Q, K).
VECTORS: Final = np.stack([measure.vector for measure in MEASURES])
