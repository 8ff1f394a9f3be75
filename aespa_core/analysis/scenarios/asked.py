"""What a scenario asks of each tract, in shares of its land."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.scenarios.availability import availability
from aespa_core.analysis.scenarios.baseline import Baseline
from aespa_core.analysis.scenarios.limits import Limits
from aespa_core.analysis.scenarios.measures import MEASURE_IDS, MEASURES
from aespa_core.analysis.scenarios.published import published_limit
from aespa_core.analysis.scenarios.scenario import Scenario
from aespa_core.errors import StudyError

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Asked:
    """What Q measures are asked for in B tracts.

    Attributes
    ----------
    share
        Amounts that curves answer, share of land, (Q, B).
    wanted
        Where any is wanted, also where the tract can take none, (Q, B).
    published
        Amounts that published coefficients answer, within their limits, (Q, B); no measure has
        both.
    published_held
        Where that is less than was wanted, (Q, B).
    """

    share: Array
    wanted: Bools
    published: Array
    published_held: Bools


def asked_of(scenario: Scenario, baseline: Baseline, limits: Limits, chosen: Bools) -> Asked:
    """Say how much of each measure is asked for in each tract.

    Raises
    ------
    StudyError
        If a measure is asked for that has no curve in this metro, and no published coefficient or
        no leave to use it.
    """
    asked = asked_by_tract(np.zeros(limits.share.shape))
    for amount in scenario.amounts:
        q = MEASURE_IDS.index(amount.measure)
        here = availability(MEASURES[q], baseline.responses, baseline.metro)
        if here.estimated:
            share = amount.share * (limits.share[q] if amount.of_limit else 1.0)
            asked.share[q] = np.where(chosen, share, 0.0)
            asked.wanted[q] = chosen & (amount.share > 0)
        elif amount.share > 0:
            published = MEASURES[q].literature
            if published is None:
                raise StudyError(
                    f"{here.reason} No published effect on surface temperature was found for it "
                    "either: leave it out."
                )
            if not scenario.literature:
                raise StudyError(
                    f"{here.reason} Leave it out, or write literature = true for a published "
                    "coefficient, which is not estimated here."
                )
            limit = published_limit(published, baseline)
            given = amount.share * limit if amount.of_limit else np.minimum(amount.share, limit)
            asked.published[q] = np.where(chosen, given, 0.0)
            asked.published_held[q] = chosen & (not amount.of_limit) & (amount.share > limit)
    return asked


def asked_by_tract(share: Array) -> Asked:
    """Ask for amounts (Q, B) of measures that have curves, share of land, each tract its own."""
    none = np.zeros(share.shape)
    return Asked(share, share > 0, none, none > 0)
