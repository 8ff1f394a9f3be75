"""The words that every room shares: proxies with their signs, metros, columns with their units."""

from dataclasses import dataclass
from typing import Final

from aespa_core.errors import UnknownMetroError


@dataclass(frozen=True)
class Proxy:
    """A physical property of the ground that explains surface temperature.

    Attributes
    ----------
    id
        Column name in ``proxies.parquet``.
    label
        Name on screen.
    sign
        Expected effect on daytime surface temperature of more of it: −1 cools, +1 warms.
    low, high
        Valid range, both ends included.
    meaning
        One sentence for tooltips and reports.
    """

    id: str
    label: str
    sign: int
    low: float
    high: float
    meaning: str


PROXIES: Final = (
    Proxy("ndvi", "Vegetation", -1, -1.0, 1.0, "Normalised difference vegetation index, −1 to 1."),
    Proxy("canopy", "Tree canopy", -1, 0.0, 1.0, "Share of the land under tree crowns."),
    Proxy("impervious", "Sealed ground", 1, 0.0, 1.0, "Share of the land that is sealed."),
    Proxy("albedo", "Albedo", -1, 0.0, 1.0, "Share of sunlight that the surface reflects."),
    Proxy("shadow", "Shadow", -1, 0.0, 1.0, "Share of the ground in shadow at overpass."),
)
PROXY_IDS: Final = tuple(proxy.id for proxy in PROXIES)


@dataclass(frozen=True)
class Metro:
    """A metropolitan area of the study: ``id`` in links and commands, ``name`` on screen."""

    id: str
    name: str


METROS: Final = (
    Metro("boston", "Boston"),
    Metro("dallas", "Dallas"),
    Metro("miami", "Miami"),
    Metro("minneapolis", "Minneapolis"),
    Metro("pittsburgh", "Pittsburgh"),
    Metro("seattle", "Seattle"),
    Metro("st_louis", "St. Louis"),
    Metro("washington", "Washington"),
)
METRO_IDS: Final = tuple(metro.id for metro in METROS)


def metro_named(metro_id: str) -> Metro:
    """Look a metro up by its id.

    Raises
    ------
    UnknownMetroError
        If no metro has this id.
    """
    for metro in METROS:
        if metro.id == metro_id:
            return metro
    raise UnknownMetroError(
        f"There is no metro '{metro_id}': choose one of {', '.join(METRO_IDS)}."
    )


def metro_label(metro_id: str) -> str:
    """Name of a metro on screen; a place outside the eight is shown by its own id."""
    names = {metro.id: metro.name for metro in METROS}
    return names.get(metro_id, metro_id.replace("_", " ").title())
