"""Units in which temperatures are written by mistake, and how each is put right."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

ABSOLUTE_ZERO_C: Final = -273.15
LANDSAT_SCALE, LANDSAT_OFFSET_K = 0.00341802, 149.0  # Collection 2, surface temperature
MODIS_SCALE_K: Final = 0.02  # MOD11, MYD11: surface temperature
# What looks like it: 15 to 93 °C.
FAHRENHEIT: Final = (60.0, 200.0)


@dataclass(frozen=True)
class Mistake:
    """A unit that a number may have been written in.

    Attributes
    ----------
    unit
        Unit of the column.
    low, high
        Values that look like it.
    words
        What it looks like.
    cure
        What to do, in words.
    right
        The number in the column's own unit.
    """

    unit: str
    low: float
    high: float
    words: str
    cure: str
    right: Callable[[float], float]


def kelvin_to_celsius(value: float) -> float:
    """T[°C] = T[K] − 273.15."""
    return value + ABSOLUTE_ZERO_C


def fahrenheit_to_celsius(value: float) -> float:
    """T[°C] = (T[°F] − 32) / 1.8."""
    return (value - 32.0) / 1.8


def landsat_to_kelvin(value: float) -> float:
    """T[K] = 0.00341802 · DN + 149.0 (USGS, Landsat Collection 2 Level-2)."""
    return LANDSAT_SCALE * value + LANDSAT_OFFSET_K


def fahrenheit_to_kelvin(value: float) -> float:
    """T[K] = (T[°F] − 32) / 1.8 + 273.15."""
    return fahrenheit_to_celsius(value) - ABSOLUTE_ZERO_C


# What is likeliest comes first.
MISTAKES: Final = (
    Mistake("°C", 200, 373.15, "kelvin", "subtract 273.15", kelvin_to_celsius),
    Mistake(
        "°C", *FAHRENHEIT, "Fahrenheit", "subtract 32 and divide by 1.8", fahrenheit_to_celsius
    ),
    Mistake(
        "°C", 2_000, 3_731.5, "tenths of kelvin", "divide by 10 and subtract 273.15",
        lambda value: kelvin_to_celsius(value / 10),
    ),
    Mistake(
        "°C", 20_000, 65_535, "a raw Landsat number", "times 0.00341802, plus 149.0, minus 273.15",
        lambda value: kelvin_to_celsius(landsat_to_kelvin(value)),
    ),
    Mistake("°C", 60, 600, "tenths of °C", "divide by 10", lambda value: value / 10),
    Mistake(
        "°C", 20_000, 37_315, "hundredths of kelvin", "divide by 100 and subtract 273.15",
        lambda value: kelvin_to_celsius(value / 100),
    ),
    Mistake(
        "°C", 10_000, 18_657, "a raw MODIS number", "times 0.02, minus 273.15",
        lambda value: kelvin_to_celsius(MODIS_SCALE_K * value),
    ),
    Mistake("K", -30, 70, "°C", "add 273.15", lambda value: value - ABSOLUTE_ZERO_C),
    Mistake(
        "K", *FAHRENHEIT, "Fahrenheit", "subtract 32, divide by 1.8 and add 273.15",
        fahrenheit_to_kelvin,
    ),
    Mistake("K", 2_000, 3_731.5, "tenths of kelvin", "divide by 10", lambda value: value / 10),
    Mistake(
        "K", 20_000, 65_535, "a raw Landsat number", "times 0.00341802, plus 149.0",
        landsat_to_kelvin,
    ),
    Mistake("K", 20_000, 37_315, "hundredths of kelvin", "divide by 100", lambda v: v / 100),
    Mistake(
        "K", 10_000, 18_657, "a raw MODIS number", "times 0.02", lambda v: MODIS_SCALE_K * v
    ),
    Mistake("K", 450, 671.67, "Rankine", "divide by 1.8", lambda value: value / 1.8),
)  # fmt: skip
