"""The standard errors of a specification, on one design."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.analysis.disparity.design import Design
from aespa_core.analysis.disparity.outcomes import label_of
from aespa_core.analysis.disparity.specification import Errors
from aespa_core.analysis.regression.blocks import blocks_for, spatial_blocks
from aespa_core.analysis.regression.conley import conley, kernel_matrix
from aespa_core.analysis.regression.covariance import HC_KINDS, Covariance, heteroscedastic, iid
from aespa_core.analysis.regression.cr2 import cr2
from aespa_core.analysis.regression.least_squares import Fit
from aespa_core.schema import metro_label

# Under the first, clustering by county is refused; under the second, it comes with a warning.
LEAST_COUNTIES: Final = 10
FEW_COUNTIES: Final = 30


@dataclass(frozen=True)
class Robust:
    """A covariance with what a table must say of it, in a cell and in its note."""

    covariance: Covariance
    short: str
    words: str
    notices: tuple[str, ...] = ()


def robust(design: Design, fit: Fit, errors: Errors) -> Robust:
    """Estimate the covariance that a specification asks for.

    Clustering by county under :data:`LEAST_COUNTIES` counties is refused: spatial blocks take its
    place, and a notice says so.
    """
    if errors.kind == "iid":
        return Robust(iid(fit), "iid", "iid standard errors")
    if errors.kind in HC_KINDS:
        return Robust(
            heteroscedastic(fit, errors.kind),
            errors.kind,
            f"{errors.kind} standard errors (tracts as if independent: too small where heat "
            "clusters in space)",
        )
    if errors.kind == "conley":
        return by_distance(design, fit, errors)
    if errors.kind == "cr2_county":
        return by_county(design, fit, errors)
    return by_block(fit, blocks_of(design, errors))


def by_distance(design: Design, fit: Fit, errors: Errors) -> Robust:
    """Let errors go together by distance; name the terms whose variance is not above 0."""
    pairs = kernel_matrix(design.xy_m, errors.cutoff_km * 1000, errors.kernel)
    covariance = conley(fit, pairs)
    kernel = f"{errors.kernel} kernel in distance, cutoff {errors.cutoff_km:g} km"
    unknown = [
        term
        for term, error in zip(design.terms, covariance.errors, strict=False)
        if np.isnan(error)
    ]
    refused = (
        f"{names_of(design)}, {label_of(design.outcome).lower()}: Conley's variance of "
        f"{', '.join(unknown)} does not come out above 0 ({kernel}): a shorter cutoff or spatial "
        "blocks give one."
    )
    words = f"Conley standard errors, {kernel}"
    short = f"Conley, {errors.cutoff_km:g} km"
    return Robust(covariance, short, words, (refused,) if unknown else ())


def names_of(design: Design) -> str:
    """Names of the metros of a design."""
    return ", ".join(metro_label(metro) for metro in np.unique(design.metro))


def by_county(design: Design, fit: Fit, errors: Errors) -> Robust:
    """Cluster by county, where there are enough of them."""
    counties, cluster = np.unique(design.tracts["county"].to_numpy(str), return_inverse=True)
    if len(counties) < LEAST_COUNTIES:
        count = "1 county is" if len(counties) == 1 else f"{len(counties)} counties are"
        refused = (
            f"{names_of(design)}: {count} too few to cluster by "
            f"(under {LEAST_COUNTIES}): spatial blocks instead."
        )
        instead = by_block(fit, blocks_of(design, errors))
        return replace(instead, notices=(refused, *instead.notices))
    notices: tuple[str, ...] = ()
    if len(counties) < FEW_COUNTIES:
        notices = (
            f"Only {len(counties)} counties: below {FEW_COUNTIES} clusters usual clustered errors "
            "are too small; CR2 with Satterthwaite's freedom allows for it.",
        )
    words = f"CR2 standard errors clustered by {len(counties)} counties, Satterthwaite freedom"
    return Robust(cr2(fit, cluster), f"CR2, {len(counties)} counties", words, notices)


def by_block(fit: Fit, cluster: npt.NDArray[np.int64]) -> Robust:
    """Cluster by spatial block."""
    count = len(np.unique(cluster))
    words = f"CR2 standard errors clustered by {count} spatial blocks, Satterthwaite freedom"
    return Robust(cr2(fit, cluster), f"CR2, {count} blocks", words)


def blocks_of(design: Design, errors: Errors) -> npt.NDArray[np.int64]:
    """Give each row its spatial block, shape (N,)."""
    count = errors.blocks or blocks_for(len(design.y))
    return spatial_blocks(design.xy_m, design.metro, count)
