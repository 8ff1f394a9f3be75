"""Rows of a responses table: curves of each tract, and how far each proxy may move there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.attribution.physics_response import OwnCurve
from aespa_core.errors import ArtifactError
from aespa_core.schema import PROXIES
from aespa_core.studies.response_table import OFFSETS, SLOPES, WEIGHTS

Array = npt.NDArray[np.float64]

# Tracts of a metro in fifths by density; a planter looks at streets like the tract's own.
DENSITY_GROUPS: Final = 5
USUAL: Final = (0.1, 0.9)


@dataclass(frozen=True)
class Ground:
    """Where the curves of B tracts stand.

    Attributes
    ----------
    geoid, metro
        (B,).
    density
        People or homes on the land, on any scale that keeps the order, (B,); NaN where unknown.
    value
        Proxy id → its value as the curves see it, NaN where unknown, (B,).
    low, high
        Proxy id → range over the tracts learned from, (B,) or a number, the proxy's unit.
    """

    geoid: npt.NDArray[np.str_]
    metro: npt.NDArray[np.str_]
    density: Array
    value: Mapping[str, Array]
    low: Mapping[str, Array]
    high: Mapping[str, Array]


@dataclass(frozen=True)
class Room:
    """How far a proxy may fall (≤ 0) and rise (≥ 0): at all, and as it usually is; (B,)."""

    lowest: Array
    highest: Array
    usual_lowest: Array
    usual_highest: Array


def room_of(ground: Ground, name: str) -> Room:
    """Find how far a proxy may move in each tract.

    A tract that already lies outside of what was learned from may not move at all.
    """
    value, low, high = ground.value[name], ground.low[name], ground.high[name]
    inside = (value >= low) & (value <= high)
    lowest = np.where(inside, low - value, 0.0)
    highest = np.where(inside, high - value, 0.0)
    few, much = usual_range(value, ground)
    return Room(
        lowest,
        highest,
        np.clip(few - value, lowest, 0.0),
        np.clip(much - value, 0.0, highest),
    )


def usual_range(value: Array, ground: Ground) -> tuple[Array, Array]:
    """Tenth and ninetieth percentile among equally dense tracts of the same metro, (B,) each."""
    table = pd.DataFrame({"value": value, "metro": ground.metro, "density": ground.density})
    rank = table.groupby("metro")["density"].rank(pct=True)
    # tracts of unknown density are a group of their own
    table["group"] = np.ceil(rank * DENSITY_GROUPS).fillna(0).astype(int)
    groups = table.groupby(["metro", "group"])["value"]
    few, much = (groups.transform("quantile", share).to_numpy(float) for share in USUAL)
    return few, much


def response_rows(
    ground: Ground, curves: Mapping[str, OwnCurve], *, with_values: bool = True
) -> pd.DataFrame:
    """Lay the curves out, one row a tract, proxy and member.

    Parameters
    ----------
    ground
        B tracts.
    curves
        Proxy id → curve; tracts without a value of the proxy get no row.
    with_values
        Whether the proxies' own values may be told.

    Raises
    ------
    ArtifactError
        If the model's curves have another number of saturating units than the table has columns.
    """
    for curve in curves.values():
        if (units := curve.weight.shape[-1]) != len(WEIGHTS):
            raise ArtifactError(
                f"The model's curves have {units} saturating units, and a table of responses holds "
                f"{len(WEIGHTS)}: train with units = {len(WEIGHTS)}."
            )
    parts = []
    for proxy in PROXIES:
        if proxy.id not in curves:
            continue
        known = np.isfinite(ground.value[proxy.id])
        room, curve = room_of(ground, proxy.id), curves[proxy.id]
        tracts = pd.DataFrame(
            {
                "geoid": ground.geoid,
                "metro": ground.metro,
                "proxy": proxy.id,
                "value": ground.value[proxy.id] if with_values else np.nan,
                **vars(room),
            }
        )
        for member in range(len(curve.line)):
            coefficients = {
                "line_c": curve.line[member],
                **{name: curve.weight[member, :, u] for u, name in enumerate(WEIGHTS)},
                **{name: curve.slope[member, :, u] for u, name in enumerate(SLOPES)},
                **{name: curve.offset[member, :, u] for u, name in enumerate(OFFSETS)},
            }
            single = {name: value.astype(np.float32) for name, value in coefficients.items()}
            parts.append(tracts.assign(member=member, **single)[known])
    table = pd.concat(parts, ignore_index=True)
    table.insert(3, "member", table.pop("member"))
    return table
