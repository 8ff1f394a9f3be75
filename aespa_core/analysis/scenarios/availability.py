"""Which measures a metro's curves can answer, and why the others are off."""

from dataclasses import dataclass

from aespa_core.analysis.response import Responses
from aespa_core.analysis.scenarios.measures import MEASURES, Measure, proxy_named


@dataclass(frozen=True)
class Availability:
    """Whether a measure has a curve here, else why not; and curves that it lacks beside it.

    Attributes
    ----------
    measure
        Which.
    estimated
        Whether its main proxy has a curve in this metro.
    reason
        Why it is off, a sentence; '' where it is not.
    left_out
        Labels of proxies that it moves too and that have no curve here: that part is not counted,
        so that the cooling is rather too small than too large.
    """

    measure: Measure
    estimated: bool
    reason: str
    left_out: tuple[str, ...]


def availabilities(responses: Responses, metro: str) -> tuple[Availability, ...]:
    """Look at every measure, in the order of the registry."""
    return tuple(availability(measure, responses, metro) for measure in MEASURES)


def availability(measure: Measure, responses: Responses, metro: str) -> Availability:
    """Look at one measure."""
    estimated = measure.main in responses.proxies
    label = proxy_named(measure.main).label.lower()
    reason = f"{measure.label} is off: no curve of {label} was learned for '{metro}'."
    left_out = tuple(
        proxy_named(coupling.proxy).label.lower()
        for coupling in measure.couplings[1:]
        if coupling.proxy not in responses.proxies
    )
    return Availability(
        measure, estimated, "" if estimated else reason, left_out if estimated else ()
    )
