r"""How much of each measure a tract can take, and how measures share what room there is.

Alone, a measure may take the ground that is plantable where that was measured, else as much as
brings its main proxy to what is usual at similar density; and never more than any proxy it moves
can move within what the curves were learned on:

.. math:: L_q = \min\Big( P_q,\ \min_k \frac{R_k(\operatorname{sgn} v_{qk})}{|v_{qk}|},\ 1 \Big)

Together, the amounts of a tract shrink by one factor until every proxy fits, and the land too: a
m² is treated once.

.. math:: a_q \leftarrow a_q \min\Big( 1,\ \min_k \frac{R_k}{|\sum_q a_q v_{qk}|},\
   \frac{1}{\sum_q a_q} \Big)
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.response import Responses
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.measures import MEASURES, VECTORS, Measure, proxy_named

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PLANTABLE: Final = "plantable_share"
# Why a tract can take nothing of a measure, in the order in which it is asked.
NO_CURVE, OUTSIDE, FULL = "no curve", "outside", "full"
# Amounts that differ by less are the same: a share of land, a hundredth of a m² in a km².
SAME: Final = 1e-8


@dataclass(frozen=True)
class Limits:
    """What each measure may do in each of B tracts; Q measures in the registry's order.

    Attributes
    ----------
    share
        Largest amount of the measure alone, share of land 0–1, (Q, B); 0 where it can do nothing.
    step
        Move of each proxy for a whole tract treated, (Q, B, K); 0 where the proxy has no curve.
    lowest, highest
        How far each proxy may fall (≤ 0) and rise (≥ 0), (B, K).
    refused
        Why the limit is 0: '', 'no curve', 'outside' of what was learned on, or 'full', (Q, B).
    basis
        What the limit comes from, in words, (Q,).
    """

    share: Array
    step: Array
    lowest: Array
    highest: Array
    refused: npt.NDArray[np.str_]
    basis: tuple[str, ...]

    @property
    def vectors(self) -> Array:
        """Move of each proxy where a tract has all curves of the metro, (Q, K)."""
        return np.where((self.step != 0).any(1), VECTORS, 0.0)


@dataclass(frozen=True)
class Given:
    """What B tracts get of what was asked.

    Attributes
    ----------
    share
        Amounts, share of land, (Q, B).
    change
        What that moves, (B, K), within what may be moved.
    held
        Where something was given and less than asked, (Q, B).
    """

    share: Array
    change: Array
    held: Bools


def limits_of(baseline: Baseline) -> Limits:
    """Find how much each measure can do in each tract of a metro."""
    responses = baseline.responses
    plantable = baseline.column(PLANTABLE)
    # a move whose curve is missing cannot be answered: it is left out, and said to be
    step = VECTORS[:, None, :] * responses.known[None]  # (Q, B, K)
    support = room_alone(step, responses.lowest, responses.highest)  # (Q, B)
    share, refused, basis = [], [], []
    for q, measure in enumerate(MEASURES):
        usual, words = usual_limit(measure, responses, plantable)
        known = responses.known[:, measure.main_place]
        own = np.where(known, np.clip(np.minimum(usual, support[q]), 0.0, 1.0), 0.0)
        outside = shut(step[q], responses)
        share.append(own)
        basis.append(words)
        refused.append(
            np.select([~known, outside, own <= 0], [NO_CURVE, OUTSIDE, FULL], default="")
        )
    return Limits(
        np.stack(share),
        step,
        responses.lowest,
        responses.highest,
        np.stack(refused),
        tuple(basis),
    )


def usual_limit(measure: Measure, responses: Responses, plantable: Array) -> tuple[Array, str]:
    """Amount that reaches what is usual, (B,), and what that was taken from."""
    k = measure.main_place
    change = measure.vector[k]
    room = responses.usual_highest[:, k] if change > 0 else -responses.usual_lowest[:, k]
    usual: Array = room / abs(change)
    end = "ninetieth" if change > 0 else "tenth"
    label = proxy_named(measure.main).label.lower()
    words = f"{end} percentile of {label} at similar density"
    if measure.id != "planting" or np.isnan(plantable).all():
        return usual, words
    known = np.isfinite(plantable)
    words = "plantable ground" if known.all() else f"plantable ground, where unknown the {words}"
    return np.where(known, plantable, usual), words


def room_alone(step: Array, lowest: Array, highest: Array) -> Array:
    """Amount at which the first proxy of a measure comes to the end of its room, (Q, B)."""
    room = np.where(step > 0, highest, -lowest)  # (Q, B, K)
    with np.errstate(over="ignore"):  # a move next to nothing fits without end
        reach = np.divide(room, np.abs(step), out=np.full(step.shape, np.inf), where=step != 0)
    return np.asarray(reach.min(-1), float)


def shut(step: Array, responses: Responses) -> Bools:
    """Where a proxy that the measure moves lies outside of what was learned on, (B,)."""
    closed = (responses.lowest == 0) & (responses.highest == 0)
    return np.asarray(((step != 0) & closed).any(-1), bool)


def given_of(asked: Array, limits: Limits) -> Given:
    """Scale what is asked, (Q, B) shares of land, back to what fits."""
    alone = np.minimum(asked, limits.share)
    wanted = np.einsum("qb,qbk->bk", alone, limits.step)
    fits = room_alone(wanted[None], limits.lowest, limits.highest)[0]  # (B,)
    fits = np.minimum(fits, 1.0 / np.maximum(alone.sum(0), 1.0))
    share = alone * fits
    change = np.einsum("qb,qbk->bk", share, limits.step)
    # the last digit of a quotient must not carry a proxy over its end
    change = np.clip(change, limits.lowest, limits.highest)
    return Given(share, change, (asked - share > SAME) & (share > 0))
