"""What no tract has more of: upper bounds of the numbers in a study's tables."""

from typing import Final

# More than any tract of any country has: what lies above is a slip or a code, and no arithmetic
# holds with it. The largest tracts of Alaska have 4e11 m², the densest blocks 1e5 units/km².
MOST_M2: Final = 5e12
MOST_PEOPLE: Final = 10_000_000
MOST_UNITS_KM2: Final = 10_000_000
MOST_COUNTED: Final = 10_000_000
# 10 m pixels of the largest tract.
MOST_PIXELS: Final = 1e10
MOST_VISITS_PER_HOUR: Final = 100_000_000
