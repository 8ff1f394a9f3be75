"""Temperatures that disparities are told of: observed and predicted, by day and by night."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Outcome:
    """A temperature of tracts.

    Attributes
    ----------
    id
        In specifications, links and tables.
    label
        On screen.
    column
        Of :attr:`aespa_core.analysis.places.Places.frame`.
    observed
        Whether a satellite measured it; else a model estimated it.
    absolute
        Whether its level means something; else it is a difference from the metro's median, or
        holds within one scene only.
    caveat
        What its reader must know.
    """

    id: str
    label: str
    column: str
    observed: bool
    absolute: bool
    caveat: str

    @property
    def unit(self) -> str:
        """Of its level and of its differences."""
        return "K" if self.column.endswith("_k") else "°C"


IMPLIED: Final = "the outcome is an estimate, and the model's errors go into these numbers"
OUTCOMES: Final = {
    outcome.id: outcome
    for outcome in (
        Outcome(
            "observed_day",
            "Observed by day",
            "observed_c",
            True,
            True,
            "Observed: summer daytime surface temperature seen by satellite.",
        ),
        Outcome(
            "observed_night",
            "Observed by night",
            "observed_night_c",
            True,
            True,
            "Observed: summer night surface temperature seen by satellite.",
        ),
        Outcome(
            "brightness_day",
            "Brightness by day",
            "brightness_day_k",
            True,
            False,
            "Observed: top-of-atmosphere brightness temperature of one clear scene, K; differences "
            "hold within the scene.",
        ),
        Outcome(
            "predicted_day",
            "Predicted by day",
            "anomaly_c",
            False,
            False,
            f"Model-implied: {IMPLIED}.",
        ),
    )
}
"""By id. No run of a model leaves estimates by night yet."""


def label_of(outcome_id: str) -> str:
    """Name of an outcome on screen."""
    return OUTCOMES[outcome_id].label


def unit_of(outcome_id: str) -> str:
    """Look up the unit of an outcome."""
    return OUTCOMES[outcome_id].unit


def quantity_of(outcome_id: str, *, difference: bool = False) -> str:
    """Name what is shown of an outcome, as :func:`aespa_core.analysis.units.shown_in` takes it.

    Kelvin stay kelvin; an outcome without a level of its own is a difference.
    """
    outcome = OUTCOMES[outcome_id]
    if outcome.unit == "K":
        return "K"
    return "°C difference" if difference or not outcome.absolute else "°C"
