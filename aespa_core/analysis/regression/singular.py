"""Systems of equations that have no solution: a sentence about the numbers, not about matrices."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from aespa_core.errors import StudyError


@contextmanager
def solvable(what: str) -> Iterator[None]:
    """Say of what fails inside, as a singular matrix, what it was and what may help.

    Parameters
    ----------
    what
        What is computed, as the sentence begins.

    Raises
    ------
    StudyError
        Where numpy or scipy find no solution.
    """
    try:
        yield
    except np.linalg.LinAlgError as error:
        reason = str(error).rstrip(".").lower() or "no solution"
        raise StudyError(
            f"{what} cannot be computed from these numbers ({reason}): some are alike in every "
            "tract, or far larger than the others. Look at the columns, or leave terms out."
        ) from error
