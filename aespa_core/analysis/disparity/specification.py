"""The whole analysis in one object: what a specification file says, and the page writes."""

from dataclasses import dataclass, field
from typing import Final

from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.outcomes import OUTCOMES
from aespa_core.analysis.regression.conley import KERNELS
from aespa_core.analysis.spatial.weights import named
from aespa_core.errors import ConfigError
from aespa_core.names import shown

FIXED_EFFECTS: Final = ("county", "metro", "none")
WEIGHTS: Final = ("population", "none")
ERROR_KINDS: Final = ("cr2_blocks", "cr2_county", "conley", "HC1", "HC2", "HC3", "iid")
RECOMMENDED: Final = "cr2_blocks"
MOST: Final = 100


@dataclass(frozen=True)
class Errors:
    """Standard errors.

    Attributes
    ----------
    kind
        One of :data:`ERROR_KINDS`.
    blocks
        Spatial blocks of an analysis, all its metros together; if None, as many as
        :func:`aespa_core.analysis.regression.blocks.blocks_for` says.
    cutoff_km, kernel
        Of Conley's.
    """

    kind: str = RECOMMENDED
    blocks: int | None = None
    cutoff_km: float = 10.0
    kernel: str = "bartlett"

    def __post_init__(self) -> None:
        """Refuse what no analysis can do."""
        one_of(self.kind, ERROR_KINDS, "[errors] kind")
        one_of(self.kernel, tuple(KERNELS), "[errors] kernel")
        if self.blocks is not None:
            between(self.blocks, 4, 1000, "[errors] blocks")
        between(self.cutoff_km, 0.1, 1000, "[errors] cutoff_km")


@dataclass(frozen=True)
class Space:
    """Neighbours, and how often they are shuffled for the map of clusters."""

    neighbours: str = "queen"
    permutations: int = 9_999

    def __post_init__(self) -> None:
        """Refuse what no analysis can do."""
        try:
            named(self.neighbours)
        except ConfigError as error:
            raise ConfigError(f"[space] neighbours: {error}") from None
        between(self.permutations, 99, 99_999, "[space] permutations")


@dataclass(frozen=True)
class Inequality:
    """Aversion κ of the Kolm–Pollak index, 1/°C: the same for every group, metro and outcome."""

    kappa_per_c: float = 0.5

    def __post_init__(self) -> None:
        """Refuse what no analysis can do."""
        between(self.kappa_per_c, 1e-3, 10, "[inequality] kappa_per_c")


@dataclass(frozen=True)
class Specification:
    """What is asked of the data.

    Attributes
    ----------
    studies
        Ids or paths of studies; the command line may give them instead.
    metros
        Which of them; all if empty.
    run
        Whose estimates; the last run of each study if None.
    outcomes
        Ids of :data:`aespa_core.analysis.disparity.outcomes.OUTCOMES`; those that a study does not
        have are named.
    terms
        Covariates whose coefficients are the question.
    controls
        Covariates that are held. Density is none of them unless asked for: how a place is built is
        a way by which heat follows people, as trees are.
    fixed_effects
        What is compared only within itself: ``county`` or ``metro``.
    weights
        ``population``, or ``none``: each tract counts alike.
    errors, space, inequality
        As their classes say.
    quantiles
        Levels τ of the quantile regression.
    least_residents
        Tracts with fewer are left out.
    seed
        Of permutations and simulated intervals.
    """

    studies: tuple[str, ...] = ()
    metros: tuple[str, ...] = ()
    run: str | None = None
    outcomes: tuple[str, ...] = tuple(OUTCOMES)
    terms: tuple[str, ...] = ("income_sd", "nonwhite_10pct")
    controls: tuple[str, ...] = ("over_64_10pct", "under_5_10pct")
    fixed_effects: str = "county"
    weights: str = "population"
    quantiles: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
    least_residents: float = 1.0
    seed: int = 0
    errors: Errors = field(default_factory=Errors)
    space: Space = field(default_factory=Space)
    inequality: Inequality = field(default_factory=Inequality)

    def __post_init__(self) -> None:
        """Refuse what no analysis can do."""
        for place in ("studies", "metros", "outcomes", "terms", "controls", "quantiles"):
            few(getattr(self, place), place)
        for name in self.outcomes:
            one_of(name, tuple(OUTCOMES), "outcomes")
        for name in (*self.terms, *self.controls):
            one_of(name, tuple(COVARIATES), "terms and controls")
        if not self.outcomes or not self.terms:
            raise ConfigError("outcomes and terms name nothing: an analysis needs one of each.")
        if both := sorted(set(self.terms) & set(self.controls)):
            raise ConfigError(f"{', '.join(both)} stands among terms and controls: choose one.")
        for place in ("studies", "metros", "outcomes", "terms", "controls", "quantiles"):
            once(getattr(self, place), place)
        one_of(self.fixed_effects, FIXED_EFFECTS, "fixed_effects")
        one_of(self.weights, WEIGHTS, "weights")
        for level in self.quantiles:
            between(level, 0.01, 0.99, "quantiles")
        between(self.least_residents, 1, 1e6, "least_residents")
        between(self.seed, 0, 2**32 - 1, "seed")


def one_of(value: str, known: tuple[str, ...], place: str) -> None:
    """Refuse an unknown name."""
    if value not in known:
        raise ConfigError(f"{place}: there is no {shown(value)}: choose from {', '.join(known)}.")


def few(values: tuple[object, ...], place: str) -> None:
    """Refuse so many that one analysis would take hours."""
    if len(values) > MOST:
        raise ConfigError(f"{place} name {len(values):,}: at most {MOST} go into one analysis.")


def once(values: tuple[object, ...], place: str) -> None:
    """Refuse what is named twice."""
    if twice := [value for at, value in enumerate(values) if value in values[:at]]:
        raise ConfigError(f"{place} name {twice[0]} twice: once is enough.")


def between(value: float, low: float, high: float, place: str) -> None:
    """Refuse a number out of range; NaN is in none."""
    if not low <= value <= high:
        raise ConfigError(f"{place} is {value:g}: it must lie between {low:g} and {high:g}.")
