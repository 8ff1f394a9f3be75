r"""Which choice to take in each tract so that the values' sum is largest and the cost in budget.

.. math:: \max \sum_i v_i x_i \quad \text{so that} \quad \sum_i c_i x_i \le C, \quad
   \sum_{i \in b} x_i = 1 \text{ for each tract } b, \quad x_i \in \{0, 1\}

The multiple-choice knapsack (Kellerer, Pferschy, Pisinger 2004, Knapsack Problems, ch. 11). Letting
x be fractions gives the linear bound, solved exactly by sorting the steps along each tract's upper
hull (Sinha, Zoltners 1979). A choice whose regret at the bound's price exceeds bound minus greedy
answer is in no better answer and is left out; what remains goes to HiGHS, or its most promising
part where it is large: then the linear bound stands.
"""

import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

SECONDS: Final = 10.0
# of a budget: rounding in a sum of costs does not count as beyond it
ROUNDING: Final = 1e-12
# of the bound: where the search may stop, far below what a page shows
CLOSE: Final = 1e-4
# choices searched: HiGHS looks at its clock too rarely in larger problems
LARGEST: Final = 4_000
# of the dearest choice: HiGHS keeps to a constraint within 1e-6; the second try to the budget
SLACKS: Final = (0.0, 1e-5)


@dataclass(frozen=True)
class Choices:
    """N choices in B tracts, sorted by tract, then by cost; the first of each tract is nothing.

    Attributes
    ----------
    tract
        Which tract each belongs to, 0 to B − 1, all present, (N,).
    cost, value
        (N,); both rise within a tract and begin at 0.
    """

    tract: Rows
    cost: Array
    value: Array

    @property
    def first(self) -> Rows:
        """Where each tract begins, (B,)."""
        return np.nonzero(np.diff(self.tract, prepend=-1))[0]

    def rows(self, rows: Rows) -> "Choices":
        """Take some of the choices, of every tract at least one."""
        return Choices(self.tract[rows], self.cost[rows], self.value[rows])


@dataclass(frozen=True)
class Relaxed:
    """The problem in fractions.

    Attributes
    ----------
    bound
        No answer is worth more.
    price
        Value of one more unit of budget; 0 if the budget is not used up.
    greedy
        Rows of choices taken by value per cost along the hulls, passing over what no longer fits,
        (B,).
    """

    bound: float
    price: float
    greedy: Rows


@dataclass(frozen=True)
class Solved:
    """The answer: a row of choices for each tract (B,), the bound, and the seconds it took."""

    pick: Rows
    bound: float
    seconds: float


def dominant(cost: Array, value: Array) -> Mask:
    """Mark what no other choice of its tract beats in both, (B, C), where rows rise in cost.

    A value of −inf is a choice that cannot be taken.
    """
    before = np.maximum.accumulate(value, axis=1)
    better = np.ones_like(value, bool)
    better[:, 1:] = value[:, 1:] > before[:, :-1]
    better &= value > -np.inf
    # of choices that cost the same the last one that is better stands: rows improve from the left
    next_better = np.full(value.shape, np.inf)
    costs = np.where(better, cost, np.inf)
    next_better[:, :-1] = np.minimum.accumulate(costs[:, ::-1], axis=1)[:, ::-1][:, 1:]
    return better & (next_better > cost)


def upper_hull(choices: Choices) -> Rows:
    """Rows of the choices on each tract's upper concave hull."""
    kept = np.arange(len(choices.tract))
    while True:
        tract, cost, value = choices.tract[kept], choices.cost[kept], choices.value[kept]
        along, worth = np.diff(cost), np.diff(value)
        # a point on or below the line between its neighbours is no corner of the hull
        under = worth[:-1] * along[1:] <= worth[1:] * along[:-1]
        under &= tract[:-2] == tract[2:]
        if not under.any():
            return kept
        kept = np.delete(kept, np.nonzero(under)[0] + 1)


def relaxed(choices: Choices, budget: float) -> Relaxed:
    """Solve the problem in fractions, and in whole choices greedily; every cost is in budget."""
    hull = upper_hull(choices)
    same = np.diff(choices.tract[hull]) == 0
    start, end = hull[:-1][same], hull[1:][same]
    cost, value = choices.cost[end] - choices.cost[start], choices.value[end] - choices.value[start]
    worth = value > 0
    order = np.nonzero(worth)[0][np.argsort(-(value / cost)[worth], kind="stable")]
    end, cost, value = end[order], cost[order], value[order]
    spent = np.cumsum(cost)
    whole = int(np.searchsorted(spent, budget, side="right"))
    greedy = choices.first.copy()
    # steps of a tract come in order, so that the last one stands
    greedy[choices.tract[end[:whole]]] = end[:whole]
    left = budget - (spent[whole - 1] if whole else 0.0)
    if whole == len(order):
        return Relaxed(float(value.sum()), 0.0, greedy)
    price = float(value[whole] / cost[whole])
    bound = float(value[:whole].sum() + left * price)
    for row in end[whole:]:
        tract = choices.tract[row]
        step = choices.cost[row] - choices.cost[greedy[tract]]
        if step <= left:
            greedy[tract], left = row, left - step
    return Relaxed(bound, price, greedy)


def affordable(choices: Choices, budget: float) -> Rows:
    """Rows of the choices that the whole budget could buy."""
    return np.nonzero(choices.cost <= budget)[0]


def greedy_pick(choices: Choices, budget: float) -> Rows:
    """Buy steps by value per cost along each tract's hull; rows of choices, (B,)."""
    own = affordable(choices, budget)
    return own[relaxed(choices.rows(own), budget).greedy]


def solve(choices: Choices, budget: float, seconds: float = SECONDS) -> Solved:
    """Find the best answer, or the best that is found in time, with a bound on any."""
    start = time.perf_counter()
    own = affordable(choices, budget)
    within = choices.rows(own)
    easy = relaxed(within, budget)
    easy = replace(easy, greedy=topped_up(within, budget, easy.greedy))
    found = Solved(easy.greedy, easy.bound, 0.0)
    if easy.bound - within.value[easy.greedy].sum() > CLOSE * easy.bound:
        found = searched(within, budget, easy, seconds)
    return Solved(own[found.pick], found.bound, time.perf_counter() - start)


def topped_up(choices: Choices, budget: float, pick: Rows) -> Rows:
    """Change one tract at a time, for the most value that what is left can buy, (B,)."""
    pick = pick.copy()
    while True:
        left = budget - choices.cost[pick].sum()
        extra = choices.cost - choices.cost[pick][choices.tract]
        gain = choices.value - choices.value[pick][choices.tract]
        gain[extra > left] = 0.0
        row = int(gain.argmax())
        if gain[row] <= CLOSE * CLOSE * choices.value[pick].sum():
            return pick
        pick[choices.tract[row]] = row


def searched(choices: Choices, budget: float, easy: Relaxed, seconds: float) -> Solved:
    """Search what could still be better than the greedy answer; its seconds are not counted."""
    worth = float(choices.value[easy.greedy].sum())
    score = choices.value - easy.price * choices.cost
    regret = np.maximum.reduceat(score, choices.first)[choices.tract] - score
    kept = np.nonzero(regret <= easy.bound - worth)[0]
    complete = len(kept) <= LARGEST
    if not complete:  # the most promising, and what the greedy answer takes
        likely = kept[np.argsort(regret[kept], kind="stable")[:LARGEST]]
        kept = np.union1d(np.union1d(likely, easy.greedy), choices.first)
    alone = np.bincount(choices.tract[kept])[choices.tract[kept]] == 1
    settled, open_ = kept[alone], kept[~alone]
    if len(open_) == 0 and complete:  # no other choice can be in a better answer
        return Solved(easy.greedy, worth, 0.0)
    money = budget - float(choices.cost[settled].sum())
    tracts, places = np.unique(choices.tract[open_], return_inverse=True)
    core = Choices(places, choices.cost[open_], choices.value[open_])
    base = float(choices.value[settled].sum())
    gap = CLOSE * easy.bound / (easy.bound - base)  # of what is left to search
    bound, end = easy.bound, time.perf_counter() + seconds
    for slack in SLACKS:
        left = max(end - time.perf_counter(), 0.0)
        answer = by_highs(core, money - slack * core.cost.max(), gap, left)
        if slack == 0 and complete:
            bound = max(worth, min(bound, base + answer.bound))
        if len(answer.pick) < len(tracts):
            break
        pick = easy.greedy.copy()
        pick[choices.tract[settled]] = settled
        pick[tracts] = open_[answer.pick]
        if choices.cost[pick].sum() <= budget:
            better = choices.value[pick].sum() > worth
            return Solved(pick if better else easy.greedy, bound, 0.0)
    return Solved(easy.greedy, bound, 0.0)


def by_highs(choices: Choices, budget: float, gap: float, seconds: float) -> Solved:
    """Hand a problem to HiGHS, which stops at a share of its bound.

    No rows if it found no answer, a bound of −inf if there is none.
    """
    count = len(choices.tract)
    one = csr_array((np.ones(count), (choices.tract, np.arange(count))))
    # in units near 1, so that the solver's absolute tolerances are small beside every choice
    unit, dear = choices.value.max(), choices.cost.max()
    result = milp(
        -choices.value / unit,
        integrality=np.ones(count),
        bounds=Bounds(0, 1),
        constraints=[
            LinearConstraint(one, 1, 1),
            LinearConstraint(csr_array(choices.cost[None] / dear), -np.inf, budget / dear),
        ],
        options={"time_limit": seconds, "mip_rel_gap": gap},
    )
    if result.status == 2:  # infeasible: nothing left in is better
        return Solved(np.zeros(0, np.int64), -np.inf, 0.0)
    dual = result.mip_dual_bound
    bound = np.inf if dual is None or not np.isfinite(dual) else -dual * unit
    rows = np.zeros(0, np.int64) if result.x is None else np.nonzero(result.x > 0.5)[0]
    return Solved(rows, float(bound), 0.0)
