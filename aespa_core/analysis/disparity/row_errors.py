"""The standard errors of a specification, for means of groups: rows are tract × group."""

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.disparity.errors import LEAST_COUNTIES
from aespa_core.analysis.disparity.sample import Sample
from aespa_core.analysis.disparity.specification import Errors
from aespa_core.analysis.exposure.groups import RowErrors, block_errors
from aespa_core.analysis.regression.blocks import blocks_for, spatial_blocks
from aespa_core.analysis.regression.conley import conley, kernel_matrix


@dataclass(frozen=True)
class GroupErrors:
    """How sure a mean of a group is.

    Attributes
    ----------
    of_rows
        For :func:`aespa_core.analysis.exposure.groups.group_exposure`.
    blocks
        Spatial block of each tract, for what is left out in turn; shape (N,).
    words
        For a table's note.
    """

    of_rows: RowErrors
    blocks: npt.NDArray[np.int64]
    words: str


def group_errors(sample: Sample, outcome: str, errors: Errors) -> GroupErrors:
    """Choose the errors for the tracts of one metro that have an outcome and residents."""
    tracts = sample.tracts
    used = np.flatnonzero(tracts[outcome].notna() & (tracts["population"] > 0))
    blocks = np.zeros(len(tracts), dtype=np.int64)
    count = errors.blocks or blocks_for(len(used))
    metro = tracts["metro"].to_numpy(str)
    blocks[used] = spatial_blocks(sample.xy_m[used], metro[used], count)
    if errors.kind == "conley":
        # found when it is asked for, and once: the words alone need none
        pairs = cache(partial(kernel_matrix, sample.xy_m, errors.cutoff_km * 1000, errors.kernel))
        return GroupErrors(
            lambda fit, tract: conley(fit, pairs()[tract][:, tract]),
            blocks,
            f"Conley, {errors.kernel} kernel, cutoff {errors.cutoff_km:g} km",
        )
    counties, county = np.unique(tracts["county"].to_numpy(str), return_inverse=True)
    if errors.kind == "cr2_county" and len(counties) >= LEAST_COUNTIES:
        return GroupErrors(block_errors(county), blocks, "CR2 clustered by county")
    if errors.kind in ("cr2_blocks", "cr2_county"):
        return GroupErrors(block_errors(blocks), blocks, f"CR2 clustered by {count} spatial blocks")
    own = np.arange(len(tracts))
    return GroupErrors(
        block_errors(own), blocks, "CR2 clustered by tract (too small where heat clusters)"
    )
