"""Which tracts a scenario means."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.scenario import Condition, Where
from aespa_core.errors import StudyError
from aespa_core.studies.tables import TRACTS

Bools = npt.NDArray[np.bool_]

COUNTY_DIGITS = 5
AREA = "urban_area"
SHARE, PERCENT = "share 0–1", 100
SHOWN = 3


def chosen_tracts(where: Where, baseline: Baseline) -> Bools:
    """Mark the tracts that are meant, (B,).

    Of a rule, the hottest share is taken of all tracts of the metro; conditions then thin it out.

    Raises
    ------
    StudyError
        If a tract, an area or a column is not there, the rule chooses nobody, or a condition asks
        for a share beyond 0 and 1.
    """
    index = baseline.frame.index.astype(str)
    if where.tracts:
        return listed(pd.Series(index), where.tracts, "tract", baseline)
    if where.counties:
        county = pd.Series(index).str[:COUNTY_DIGITS]
        return listed(county, where.counties, "county", baseline)
    if where.urban_areas:
        area = column_of(baseline, AREA).astype(object).reset_index(drop=True)
        return listed(area, where.urban_areas, "urban area", baseline)
    chosen = np.ones(len(index), bool)
    if where.hottest_share is not None:
        chosen = hottest(baseline, where.hottest_share)
    for condition in where.conditions:
        chosen &= holds(condition, baseline)
    slips = " ".join(filter(None, map(beyond_shares, where.conditions)))
    if not chosen.any():
        raise StudyError(
            f"The rule chooses no tract of '{baseline.metro}': {words_of(where)}. "
            + (slips or "Loosen it.")
        )
    if slips:
        raise StudyError(
            f"The rule leaves nobody out of '{baseline.metro}': {words_of(where)}. {slips}"
        )
    return chosen


def beyond_shares(condition: Condition) -> str | None:
    """Say of a condition on a share that no share is so large or so small, and what is meant."""
    column = TRACTS.columns.get(condition.column)
    if column is None or column.metadata["unit"] != SHARE or 0 <= condition.bound <= 1:
        return None
    meant = replace(condition, bound=float(f"{condition.bound / PERCENT:.6g}"))
    asked = f": is '{meant}' meant?" if 0 < meant.bound <= 1 else "."
    return f"Shares run from 0 to 1{asked}"


def listed(names: pd.Series, wanted: Collection[str], kind: str, baseline: Baseline) -> Bools:
    """Mark the tracts of that name; every name must be there."""
    known = set(names.dropna())
    unknown = [name for name in wanted if name not in known]
    if unknown:
        more = f" and {len(unknown) - SHOWN} more" if len(unknown) > SHOWN else ""
        example = names.dropna().iloc[0] if names.notna().any() else "none"
        raise StudyError(
            f"'{baseline.metro}' of {baseline.study} has no estimated {kind} "
            f"{', '.join(unknown[:SHOWN])}{more}: a {kind} that it has is {example}."
        )
    return names.isin(list(wanted)).to_numpy(bool)


def hottest(baseline: Baseline, share: float) -> Bools:
    """Mark the warmest tracts by estimate, at least one, (B,); ties in the order of their ids."""
    warmth = baseline.frame["anomaly_c"].reset_index(drop=True)
    count = max(1, round(share * len(warmth)))
    chosen = np.zeros(len(warmth), bool)
    chosen[warmth.nlargest(count).index] = True
    return chosen


def holds(condition: Condition, baseline: Baseline) -> Bools:
    """Mark the tracts for which a condition holds; a missing value holds for none, (B,)."""
    values = column_of(baseline, condition.column)
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values):
        raise StudyError(
            f"The condition '{condition}' compares {condition.column}, which holds no numbers: "
            "choose a column of numbers."
        )
    numbers = values.to_numpy(float)
    found: Bools = numbers > condition.bound if condition.above else numbers < condition.bound
    return found


def column_of(baseline: Baseline, name: str) -> pd.Series:
    """Take a column of the tracts.

    Raises
    ------
    StudyError
        If the study lacks it.
    """
    if name not in baseline.frame or baseline.frame[name].isna().all():
        numeric = baseline.frame.select_dtypes("number").dropna(axis=1, how="all")
        raise StudyError(
            f"{baseline.study} has no {name} in '{baseline.metro}': choose a column that it has, "
            f"as {', '.join(sorted(numeric))}."
        )
    return baseline.frame[name]


def words_of(where: Where) -> str:
    """Say which tracts are meant."""
    if where.tracts:
        return f"{len(where.tracts):,} listed tracts"
    if where.counties:
        return f"the tracts of {', '.join(where.counties)}"
    if where.urban_areas:
        return f"the tracts of {'; '.join(where.urban_areas)}"
    parts = []
    if where.hottest_share == 1:
        parts.append("all tracts of the metro")
    elif where.hottest_share is not None:
        parts.append(f"the hottest {100 * where.hottest_share:.3g} % of the metro's tracts")
    if where.conditions:
        parts.append(f"tracts with {' and '.join(map(str, where.conditions))}")
    return ", of those ".join(parts)
