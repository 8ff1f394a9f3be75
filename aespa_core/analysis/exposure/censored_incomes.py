"""Median incomes at an end of their scale: the census tells no more than that they lie beyond."""

from typing import Final

import pandas as pd

INCOME: Final = "median_household_income_usd"
# What the census writes beyond the ends of its scale, US$, and what it means by it.
SCALE_ENDS: Final = {2_499.0: "under 2,500", 250_001.0: "over 250,000"}
# From this share on, fifths are parted and slopes are drawn by what is not known.
TELLING_SHARE: Final = 0.1


def censored_words(tracts: pd.DataFrame) -> str | None:
    """Say how many incomes of these tracts are censored; None where they are few."""
    if INCOME not in tracts:
        return None
    known = tracts[INCOME].dropna()
    count = {words: int((known == code).sum()) for code, words in SCALE_ENDS.items()}
    if sum(count.values()) <= TELLING_SHARE * len(known):
        return None
    ends = " and ".join(f"{number:,} {words} US$" for words, number in count.items() if number)
    return (
        f"{sum(count.values()):,} of {len(known):,} median household incomes are censored, at the "
        f"end of their scale ({ends}): they are kept as they stand, so fifths, ranks and slopes "
        "by income are blunted."
    )
