"""What the disparity benchmark asks of every world: one specification, many standard errors."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from aespa_core.analysis.disparity.analysis import Part
from aespa_core.analysis.disparity.covariates import add_covariates
from aespa_core.analysis.disparity.design import Design, design_of
from aespa_core.analysis.disparity.errors import robust
from aespa_core.analysis.disparity.sample import Sample
from aespa_core.analysis.disparity.specification import RECOMMENDED, Errors, Specification
from aespa_core.analysis.regression.covariance import Covariance, clustered
from aespa_core.analysis.regression.cr2 import cr2
from aespa_core.analysis.regression.estimate import Estimate, estimates_of
from aespa_core.analysis.regression.least_squares import Fit
from aespa_core.benchmarks.disparity_world import WorldDraw

OUTCOME: Final = "observed_day"
ASKED: Final = Specification()
SLOPES: Final = (*ASKED.terms, *ASKED.controls)
ALL: Final = "all"
STUDY: Final = "twin_redrawn"
# Density hardly changes between worlds on fixed polygons, so that robust errors take for chance
# what is none; shown apart.
DENSITY_STUDY: Final = "twin_redrawn_density"
STUDIES: Final = {STUDY: SLOPES, DENSITY_STUDY: (*SLOPES, "log_density")}
# Ways that the page offers. Simulated metros are some kilometres wide, so are the cutoffs.
OFFERED: Final = {
    RECOMMENDED: Errors(),
    "iid": Errors("iid"),
    "HC1": Errors("HC1"),
    "HC3": Errors("HC3"),
    **{
        f"conley_{kernel}_{metres / 1000:g}km": Errors("conley", None, metres / 1000, kernel)
        for kernel in ("bartlett", "uniform")
        for metres in (1000, 2000)
    },
}
# Ways that it refuses: each simulated metro is one county, so there are eight clusters.
REFUSED: Final = ("cr1_county", "cr2_county")


@dataclass(frozen=True)
class Answer:
    """One slope by one standard error in one world."""

    study: str
    metro: str
    method: str
    estimate: Estimate


def sample_of_world(world: WorldDraw) -> Sample:
    """See a world as the analysis sees a study."""
    tracts = world.tracts.assign(county=world.county, **{OUTCOME: world.y}).set_index("geoid")
    nowhere = gpd.GeoSeries([None] * len(tracts), index=tracts.index)
    return Sample(add_covariates(tracts), nowhere, world.xy_m, (OUTCOME,), (), ())


def parts_of(sample: Sample) -> tuple[Part, ...]:
    """All metros together, and each on its own."""
    return (Part(ALL, sample), *(Part(name, sample.of_metro(name)) for name in sample.metros))


def fits_of(world: WorldDraw) -> Iterator[tuple[str, Part, Design, Fit]]:
    """Fit every specification: in all metros together, the first one in each metro as well."""
    parts = parts_of(sample_of_world(world))
    for study, terms in STUDIES.items():
        for part in parts if study == STUDY else parts[:1]:
            design = design_of(part.sample, OUTCOME, terms, ASKED.fixed_effects, ASKED.weights)
            yield study, part, design, design.fit()


def answers_of(world: WorldDraw) -> list[Answer]:
    """Estimate every slope with every standard error."""
    found = []
    for study, part, design, fit in fits_of(world):
        methods = {name: robust(design, fit, asked).covariance for name, asked in OFFERED.items()}
        if part.id == ALL:
            methods |= by_county(design, fit)
        found += [
            Answer(study, part.id, name, row)
            for name, covariance in methods.items()
            for row in estimates_of(fit, design.terms, covariance)
        ]
    return found


def by_county(design: Design, fit: Fit) -> dict[str, Covariance]:
    """Cluster by county all the same, to show what few clusters do."""
    _, county = np.unique(design.tracts["county"].to_numpy(str), return_inverse=True)
    return dict(zip(REFUSED, (clustered(fit, county), cr2(fit, county)), strict=True))


def slopes_of(world: WorldDraw) -> pd.DataFrame:
    """Estimate every slope; columns ``study``, ``metro``, ``term``, ``estimate``."""
    return pd.DataFrame(
        {"study": study, "metro": part.id, "term": term, "estimate": float(slope)}
        for study, part, design, fit in fits_of(world)
        for term, slope in zip(design.terms, fit.coefficients, strict=False)
    )
