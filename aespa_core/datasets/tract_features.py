"""Features of the tract model: proxies at several distances, context, and frozen area means.

The proxies of a tract and of its neighbours are kept apart from everything else, so that a model
can promise what it does with them: :func:`with_proxies` rebuilds them from changed raw values and
leaves the area's means as they were.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.national_tracts import LEARNED, NationalTracts
from aespa_core.datasets.neighbourhood import Neighbourhood, kernel_mean, neighbourhood
from aespa_core.datasets.place_context import (
    area_sizes,
    place_context,
    position_in_area,
    rows_by_area,
)
from aespa_core.datasets.tract_vintage import refuse_unknown_tracts

Array = npt.NDArray[np.float64]

NEAR_KM: Final = (0.5, 1.0, 2.0, 5.0)
# The Census Bureau's threshold of 500 people per square mile for urban territory (2010 criteria).
URBAN_PER_KM2: Final = 500 / 2.589988110336


@dataclass(frozen=True)
class TractFeatures:
    """Inputs of the tract model for B tracts of A areas, K proxies at 1 + S distances.

    Attributes
    ----------
    geoid
        Tracts, shape (B,).
    area
        Name of each tract's urban area or metro, shape (B,).
    proxies
        Raw values, NaN where not measured, shape (B, K, 1 + S): the tract's own, then means of its
        neighbours at :data:`NEAR_KM`.
    proxy_mean
        Mean over the area's urban tracts at the baseline, repeated on each tract, same shape; NaN
        where the area has no value. Frozen: no scenario changes it.
    proxy_sd
        Standard deviation of the own values over the area's urban tracts, shape (B, K); frozen.
    context
        What is known of the place itself, one named column each, B rows.
    context_mean
        Means of the context over the area's urban tracts, same columns.
    area_size
        ``log_area_km`` and ``log_area_people``: how large the area is, B rows.
    neighbourhood
        For :func:`with_proxies`.
    """

    geoid: npt.NDArray[np.str_]
    area: npt.NDArray[np.str_]
    proxies: Array
    proxy_mean: Array
    proxy_sd: Array
    context: pd.DataFrame
    context_mean: pd.DataFrame
    area_size: pd.DataFrame
    neighbourhood: Neighbourhood

    def rows(self, keep: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "TractFeatures":
        """Take some of the tracts; area means stay those of the whole areas."""
        near = self.neighbourhood
        return TractFeatures(
            self.geoid[keep],
            self.area[keep],
            self.proxies[keep],
            self.proxy_mean[keep],
            self.proxy_sd[keep],
            self.context[keep] if keep.dtype == bool else self.context.iloc[keep],
            self.context_mean[keep] if keep.dtype == bool else self.context_mean.iloc[keep],
            self.area_size[keep] if keep.dtype == bool else self.area_size.iloc[keep],
            Neighbourhood(near.row[keep], near.km[keep], near.own[keep]),
        )


def build_features(
    national: NationalTracts,
    geoid: npt.NDArray[np.str_],
    area: npt.NDArray[np.str_],
    origin: str = "the study",
) -> TractFeatures:
    """Build the features of some tracts.

    Parameters
    ----------
    national
        All tracts of the country; neighbours are looked for among them.
    geoid, area
        The tracts and the area that each belongs to, shape (B,). An area should be complete: its
        means come from the tracts given here.
    origin
        Where the tracts come from, for messages.

    Raises
    ------
    StudyError
        If one of them is no tract of 2010.
    """
    table = national.table
    refuse_unknown_tracts(geoid.tolist(), table.index, origin)
    own = table.index.get_indexer(pd.Index(geoid))
    near = neighbourhood(table, own)
    proxies = proxy_stack(raw_proxies(table), near)
    context = place_context(table, near).join(position_in_area(table, own, area))
    dense = table["population_2010"].to_numpy() >= URBAN_PER_KM2 * table["land_km2"].to_numpy()
    urban = urban_or_all(dense[own], area)
    return TractFeatures(
        geoid=geoid,
        area=area,
        proxies=proxies,
        proxy_mean=area_means(proxies.reshape(len(own), -1), area, urban).reshape(proxies.shape),
        proxy_sd=area_deviations(proxies[:, :, 0], area, urban),
        context=context,
        context_mean=pd.DataFrame(
            area_means(context.to_numpy(), area, urban), context.index, context.columns
        ),
        area_size=area_sizes(table, own, area),
        neighbourhood=near,
    )


def with_proxies(features: TractFeatures, raw: Array) -> TractFeatures:
    """Rebuild the features after some raw proxies have changed; area means stay frozen.

    Parameters
    ----------
    features
        Baseline.
    raw
        Proxies of all tracts of the country, shape (T, K), as from :func:`raw_proxies`.
    """
    return replace(features, proxies=proxy_stack(raw, features.neighbourhood))


def raw_proxies(table: pd.DataFrame) -> Array:
    """Proxies of all tracts of the country, shape (T, K), NaN where not measured."""
    return table[list(LEARNED)].to_numpy(float)


def proxy_stack(raw: Array, near: Neighbourhood) -> Array:
    """Own value and neighbours' means of each proxy, shape (B, K, 1 + S)."""
    ones = np.ones(len(raw))
    return np.stack(
        [
            np.column_stack(
                [values[near.own], *(kernel_mean(values, near, s, ones) for s in NEAR_KM)]
            )
            for values in raw.T
        ],
        axis=1,
    )


def urban_or_all(dense: npt.NDArray[np.bool_], area: npt.NDArray[np.str_]) -> npt.NDArray[np.bool_]:
    """Mark the tracts that an area's means are taken over: its urban ones, or all if none is."""
    urban = dense.copy()
    for rows in rows_by_area(area):
        if not dense[rows].any():
            urban[rows] = True
    return urban


def area_means(values: Array, area: npt.NDArray[np.str_], urban: npt.NDArray[np.bool_]) -> Array:
    """Mean over the area's urban tracts, repeated on each tract, shape (B, C); NaN if none."""
    return repeated(values, area, urban, "mean")


def area_deviations(
    values: Array, area: npt.NDArray[np.str_], urban: npt.NDArray[np.bool_]
) -> Array:
    """Take the standard deviation over the area's urban tracts, repeated, shape (B, C)."""
    return repeated(values, area, urban, "std")


def repeated(
    values: Array, area: npt.NDArray[np.str_], urban: npt.NDArray[np.bool_], statistic: str
) -> Array:
    """Take a statistic by area over urban tracts and give it to every tract of the area."""
    by_area = pd.DataFrame(values[urban]).groupby(area[urban]).agg(statistic)
    return by_area.reindex(area).to_numpy(float)
