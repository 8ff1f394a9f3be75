"""How much of a measure a tract can take, and what a caller may have got wrong."""

from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.response import Responses
from aespa_core.errors import ConfigError

Array = npt.NDArray[np.float64]

# in a proxy's unit: rounding that does not count as beyond its reach
ROUNDING: Final = 1e-9


def check_arrays(responses: Responses, vectors: Array, limits: Array, unit_cost: Array) -> None:
    """Say what is wrong with what was asked.

    Raises
    ------
    ConfigError
        If no tract is chosen, no measure is available, or an array holds what it may not.
    """
    tracts, proxies = responses.lowest.shape
    if len(limits) == 0:
        raise ConfigError("No tract is chosen: choose at least one to spend a budget on.")
    if len(vectors) == 0:
        raise ConfigError("No measure is available: choose at least one to spend a budget on.")
    wanted = {"vectors": (len(vectors), proxies), "limits": (tracts, len(vectors))}
    wanted["unit_cost"] = wanted["limits"]
    given = {"vectors": vectors, "limits": limits, "unit_cost": unit_cost}
    for name, array in given.items():
        if array.shape != wanted[name]:
            raise ConfigError(
                f"{name} has the shape {array.shape}, where {wanted[name]} is needed: "
                "measures by proxies for vectors, tracts by measures for limits and unit_cost."
            )
    if not np.isfinite(vectors).all():
        raise ConfigError("A measure's change of a proxy is no number: give 0 where it has none.")
    if not (np.isfinite(limits).all() and (limits >= 0).all()):
        raise ConfigError(
            "A limit is negative or no number: give a share of the land, "
            "0 where a measure is not available."
        )
    if not (limits > 0).any():
        raise ConfigError(
            "No measure is available in the chosen tracts: every limit is 0. "
            "Choose tracts with room for a measure."
        )
    price = unit_cost[limits > 0]
    if not (np.isfinite(price).all() and (price > 0).all()):
        raise ConfigError("A unit cost is not above 0 where its limit is: give US$ per unit.")


def reachable_share(change: Array, responses: Responses) -> Array:
    """Share, 0 to 1, of moves (B, K) that stay within every proxy's reach, (B,)."""
    moves = change != 0
    room = np.where(change > 0, responses.highest, responses.lowest)
    room = np.where(responses.known, room, 0.0)  # a proxy without a curve may not move
    share = np.divide(room, change, out=np.ones_like(change), where=moves)
    return np.clip(share.min(-1), 0, 1)
