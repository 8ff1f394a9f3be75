"""What estimates of a study are called on screen, by the name of their run."""

from typing import Final

LABELS: Final = {
    "heat_teacher": "teacher (with mobility)",
    "heat_student": "student (images alone)",
    "tract_model": "tract model (no images)",
    "atlas": "atlas (no images)",
}


def run_label(run: str) -> str:
    """Give a run's words; a name that someone chose is shown as it is."""
    return LABELS.get(run, run)
