"""Numbers as a paper prints them: as many digits as the standard error carries."""

import math
from typing import Final

MISSING: Final = "–"
# beyond these a number is written with a power of ten
MOST_DECIMALS: Final = 7
LARGEST: Final = 1e12
# an estimate is not printed with more digits than a float holds
MOST_DIGITS: Final = 15


def with_error(value: float, error: float) -> str:
    """Write a number to the third significant digit of its standard error."""
    if not math.isfinite(value):
        return plain(value)
    if not (math.isfinite(error) and error > 0):
        return plain(value)
    power = power_of(error, 3)
    if 2 - power > MOST_DECIMALS or max(abs(value), error) >= LARGEST:
        digits = power_of(value, 3) - power + 3 if value else 3
        return scientific(value, min(max(digits, 3), MOST_DIGITS))
    return fixed(value, max(2 - power, 0))


def plain(value: float, significant: int = 4) -> str:
    """Write a number that has no standard error to its fourth significant digit."""
    if math.isnan(value):
        return MISSING
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    decimals = significant - 1 - power_of(value, significant)
    if decimals > MOST_DECIMALS or abs(value) >= LARGEST:
        return scientific(value, significant)
    return fixed(value, max(decimals, 0))


def probability(value: float) -> str:
    """Write a p or q value."""
    if math.isnan(value):
        return MISSING
    return "<0.001" if value < 0.001 else fixed(value, 3)


def count(value: float) -> str:
    """Write a number of things; a part of one stays visible."""
    if not math.isfinite(value) or value != round(value):
        return plain(value)
    return fixed(value, 0) if abs(value) < LARGEST else plain(value)


def fixed(value: float, decimals: int) -> str:
    """Write a number with separators for thousands and a minus that is as long as a plus."""
    text = f"{value:,.{decimals}f}"
    # what rounds to nought has no sign
    return text.removeprefix("-") if not text.strip("-0.,") else text.replace("-", "−")


def scientific(value: float, significant: int) -> str:
    """Write a number with a power of ten."""
    return f"{value:.{significant - 1}e}".replace("-", "−")


def power_of(value: float, significant: int) -> int:
    """Power of ten of the first digit that is left once ``value`` is rounded."""
    return int(f"{abs(value):.{significant - 1}e}".partition("e")[2])
