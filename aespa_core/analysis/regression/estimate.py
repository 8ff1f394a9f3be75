"""An estimate with its standard error, and everything that follows from the two."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy import stats

from aespa_core.analysis.regression.covariance import Covariance
from aespa_core.analysis.regression.least_squares import Fit

CONFIDENCE: Final = 0.95
STARS: Final = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


@dataclass(frozen=True)
class Estimate:
    """A number of which a sample tells; interval, p and stars follow from error and freedom.

    Attributes
    ----------
    term
        What it is of.
    estimate, std_error
        In the unit of the table; NaN where unknown.
    freedom
        Of Student's t.
    """

    term: str
    estimate: float
    std_error: float
    freedom: float

    @property
    def reach(self) -> float:
        """Half of the 95 % interval's width."""
        return float(stats.t.ppf((1 + CONFIDENCE) / 2, self.freedom) * self.std_error)

    @property
    def low95(self) -> float:
        """Lower end of the 95 % interval."""
        return self.estimate - self.reach

    @property
    def high95(self) -> float:
        """Upper end of the 95 % interval."""
        return self.estimate + self.reach

    @property
    def p(self) -> float:
        """Two-sided p value of no difference from 0; NaN without a standard error."""
        if not self.std_error > 0:
            return float("nan")
        return float(2 * stats.t.sf(abs(self.estimate / self.std_error), self.freedom))

    @property
    def stars(self) -> str:
        """Marks by p: * .05, ** .01, *** .001."""
        return stars_of(self.p)


def stars_of(p: float) -> str:
    """Mark a p value: * below .05, ** below .01, *** below .001."""
    return next((mark for level, mark in STARS if p < level), "")


def estimates_of(fit: Fit, terms: Sequence[str], covariance: Covariance) -> tuple[Estimate, ...]:
    """Pair the first coefficients with their names; those without one are not reported."""
    return tuple(
        Estimate(term, float(value), float(error), float(freedom))
        for term, value, error, freedom in zip(
            terms, fit.coefficients, covariance.errors, covariance.freedom, strict=False
        )
    )
