"""Words for numbers: temperatures by outcome, covariates by who is at their end, people, places."""

from dataclasses import dataclass
from typing import Final

from aespa_core.analysis.disparity.analysis import POOLED, Part
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of, unit_of
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label

ALIKE: Final = (
    "A model that looks at neighbours makes its estimates alike: on predicted outcomes this is "
    "descriptive only, and tests nothing."
)


@dataclass(frozen=True)
class Side:
    """Who is at one end of a covariate.

    Attributes
    ----------
    sign
        Of a coefficient that says they live hotter.
    tracts
        Their tracts, as the subject of a sentence.
    step
        What one unit of the covariate is.
    """

    sign: int
    tracts: str
    step: str


POINTS: Final = "10 percentage points"
SIDES: Final = {
    "income_sd": Side(-1, "poorer tracts", "standard deviation of income"),
    "nonwhite_10pct": Side(1, "tracts of fewer White residents", POINTS),
    "poverty_10pct": Side(1, "tracts of more poverty", POINTS),
    "unemployment_10pct": Side(1, "tracts of more unemployment", POINTS),
    "no_vehicle_10pct": Side(1, "tracts of more households without a vehicle", POINTS),
    "over_64_10pct": Side(1, "tracts of more residents over 64", POINTS),
    "under_5_10pct": Side(1, "tracts of more children under 5", POINTS),
    "log_density": Side(1, "denser tracts", "unit of log density"),
}


def axis_of(outcome: str) -> str:
    """Say what an axis of an outcome's level measures, with its unit."""
    about = OUTCOMES[outcome]
    if about.absolute:
        return f"{about.label} surface temperature, {unit_of(outcome)}"
    if about.observed:
        return f"{about.label}, one scene, {unit_of(outcome)}"
    return f"{about.label}, difference from the metro's median, {unit_of(outcome)}"


def level(outcome: str, value: float) -> str:
    """Write an outcome's level."""
    if OUTCOMES[outcome].absolute or OUTCOMES[outcome].observed:
        return f"{value:.1f} {unit_of(outcome)}"
    if round(abs(value), 1) == 0:
        return "the metro's median"
    side = "above" if value > 0 else "below"
    return f"{abs(value):.1f} {unit_of(outcome)} {side} the metro's median"


def signed(value: float) -> str:
    """Write a number with its sign, a minus as long as a plus."""
    return f"{value:+.2f}".replace("-", "−")


def people_words(people: float) -> str:
    """Write a number of people with two digits that mean something."""
    if people < 100:
        return f"{people:.0f} people"
    return f"about {float(f'{people:.2g}'):,.0f} people"


def tracts_words(count: int) -> str:
    """Write a number of tracts."""
    return f"{count:,} tract" if count == 1 else f"{count:,} tracts"


def capital(sentence: str) -> str:
    """Begin a sentence; the rest keeps its capitals."""
    return sentence[:1].upper() + sentence[1:]


def titled(about: str, part: Part, outcome: str) -> str:
    """Say what is shown, of where, of which outcome and in which unit."""
    return f"{about}: {part.label}, {label_of(outcome).lower()}, {unit_of(outcome)}"


def cautions_of(outcome: str, *, of_neighbours: bool = False) -> tuple[str, ...]:
    """List what must stand beside a figure of this outcome."""
    if OUTCOMES[outcome].observed:
        return ()
    return (OUTCOMES[outcome].caveat, *((ALIKE,) if of_neighbours else ()))


def check_one_metro(part: Part, outcome: str, about: str) -> None:
    """Refuse several metros in one picture, and an outcome that this one lacks.

    Raises
    ------
    StudyError
        If the part is all metros, or the outcome is none of its own.
    """
    if part.id == POOLED:
        raise StudyError(
            f"{about} is drawn of one metro at a time, since climates differ: choose one of "
            f"{', '.join(metro_label(metro) for metro in part.sample.metros)}."
        )
    if outcome not in part.sample.outcomes:
        known = ", ".join(part.sample.outcomes) or "none"
        raise StudyError(
            f"{part.label} has no {label_of(outcome).lower()} for {about[:1].lower()}{about[1:]}: "
            f"too few tracts have it, or all the same; its outcomes are {known}."
        )
