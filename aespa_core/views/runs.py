"""What estimates of a study are called on screen, by the name of their run."""

from typing import Final

LABELS: Final = {
    "heat_teacher": "the teacher: images, mobility, context",
    "heat_student": "the student: images and context",
    "tract_model": "the tract model: measured proxies",
    "atlas": "the atlas: measured proxies",
}


def run_label(run: str) -> str:
    """Give a run's words; a name that someone chose is shown as it is."""
    return LABELS.get(run, run)
