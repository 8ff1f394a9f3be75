"""What is asked, of which tracts, in which parts: all metros together, and each on its own."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

import pandas as pd

from aespa_core import __version__
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.design import Design, counted, design_of
from aespa_core.analysis.disparity.errors import Robust, robust
from aespa_core.analysis.disparity.outcomes import OUTCOMES, label_of
from aespa_core.analysis.disparity.sample import LEAST_TRACTS, Sample
from aespa_core.analysis.disparity.specification import Specification
from aespa_core.analysis.regression.estimate import Estimate, estimates_of
from aespa_core.analysis.regression.least_squares import Fit
from aespa_core.analysis.spatial.spatial_weights import SpatialWeights
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from aespa_core.studies.manifest import MANIFEST, sha256_of

POOLED: Final = "all"
HASH_DIGITS: Final = 12
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Part:
    """Tracts that are analysed together: a metro, or all (id ``all``)."""

    id: str
    sample: Sample

    @property
    def label(self) -> str:
        """Name on screen."""
        return "All metros" if self.id == POOLED else metro_label(self.id)


@dataclass(frozen=True)
class Fitted:
    """A regression of a specification with its standard errors."""

    design: Design
    fit: Fit
    robust: Robust
    estimates: tuple[Estimate, ...]


@dataclass(frozen=True)
class Analysis:
    """A specification on its sample."""

    sample: Sample
    asked: Specification

    @cached_property
    def metros(self) -> tuple[Part, ...]:
        """Each metro on its own."""
        return tuple(Part(name, self.sample.of_metro(name)) for name in self.sample.metros)

    @cached_property
    def whole(self) -> Part:
        """All metros together; the only one, where there is one."""
        return Part(POOLED, self.sample) if len(self.metros) > 1 else self.metros[0]

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """All together first, then each metro."""
        return (self.whole, *self.metros) if len(self.metros) > 1 else self.metros

    @cached_property
    def left_out(self) -> tuple[str, ...]:
        """Name outcomes that tell nothing of a metro, and why."""
        found = []
        for part in self.metros:
            for name in self.sample.outcomes:
                if name not in part.sample.outcomes:
                    count = part.sample.tracts[name].count()
                    few = f"{count} {'tract' if count == 1 else 'tracts'}"
                    why = few if count < LEAST_TRACTS else "the same in every tract"
                    found.append(f"{part.label} {label_of(name).lower()} ({why})")
        return tuple(found)

    @cached_property
    def study_notices(self) -> tuple[str, ...]:
        """Name what was repaired or counted when the studies were opened."""
        return tuple(
            f"{study.info.name}: {notice}"
            for study in self.sample.studies
            for notice in study.notices
        )

    def unheld(self, asked: Specification) -> dict[str, str]:
        """Say of each control that the studies cannot compute why it is left out."""
        columns = set(self.sample.tracts)
        return {
            name: f"{name} is left out: the studies have no "
            f"{' and no '.join(sorted(set(COVARIATES[name].needs) - columns))}."
            for name in asked.controls
            if name not in columns
        }

    @cached_property
    def known(self) -> dict[tuple[object, ...], tuple[Design, Fit]]:
        """Regressions that were fitted: other standard errors need no other fit."""
        return {}

    @cached_property
    def weights(self) -> dict[tuple[object, ...], SpatialWeights]:
        """Neighbours that were found: they and their eigenvalues serve several tables."""
        return {}

    @cached_property
    def borders(self) -> dict[str, str | None]:
        """What is said of the borders of a part; looked at once for all tables."""
        return {}

    def design(self, part: Part, outcome: str, asked: Specification | None = None) -> Design:
        """Make the design of the specification, or of another one.

        Raises
        ------
        StudyError
            If there are too few tracts.
        """
        asked = asked or self.asked
        unheld = self.unheld(asked)
        design = design_of(
            part.sample,
            outcome,
            (*asked.terms, *(name for name in asked.controls if name not in unheld)),
            asked.fixed_effects,
            asked.weights,
            asked.least_residents,
        )
        if len(design.y) < LEAST_TRACTS:
            raise StudyError(
                f"only {len(design.y)} tracts can be used, fewer than {LEAST_TRACTS} "
                f"({counted(design.dropped)})"
            )
        return replace(design, notices=(*unheld.values(), *design.notices))

    def fitted(self, part: Part, outcome: str, asked: Specification | None = None) -> Fitted:
        """Fit the specification, or another one.

        Raises
        ------
        StudyError
            If there are too few tracts.
        """
        asked = asked or self.asked
        key = (
            part.id, outcome, asked.terms, asked.controls, asked.fixed_effects, asked.weights,
            asked.least_residents,
        )  # fmt: skip
        if key not in self.known:
            design = self.design(part, outcome, asked)
            self.known[key] = design, design.fit()
        design, fit = self.known[key]
        found = robust(design, fit, asked.errors)
        return Fitted(design, fit, found, estimates_of(fit, design.terms, found.covariance))

    def source_lines(self) -> tuple[str, ...]:
        """Say of what data, outcomes and code a table is: the end of every note."""
        studies = self.sample.studies
        vintages = dict.fromkeys(study.info.vintage for study in studies)
        kinds = dict.fromkeys(study.info.kind for study in studies)
        hashes = ", ".join(
            f"{study.info.name} {sha256_of(study.path / MANIFEST)[:HASH_DIGITS]}"
            for study in studies
        )
        simulated = "SIMULATED, no real place. " if "simulated" in kinds else ""
        absent = [label_of(name).lower() for name in self.sample.absent]
        return (
            *(OUTCOMES[name].caveat for name in self.sample.outcomes),
            *((f"Nowhere in these studies: {', '.join(absent)}.",) if absent else ()),
            *(
                (
                    f"Not analysed, for want of {LEAST_TRACTS} tracts that differ: "
                    f"{', '.join(self.left_out)}.",
                )
                if self.left_out
                else ()
            ),
            f"{simulated}Data: {' | '.join(vintages)}.",
            f"Code {__version__}; sha256 of the inputs' manifests: {hashes}.",
        )


@dataclass
class Findings:
    """Rows and notices of a table in the making."""

    rows: list[dict[str, object]]
    notices: list[str]

    @classmethod
    def empty(cls) -> "Findings":
        """Begin."""
        return cls([], [])

    def attempt(self, about: str, compute: Callable[[], Answer]) -> Answer | None:
        """Compute something; what cannot be computed becomes a notice and the rest goes on."""
        try:
            return compute()
        except StudyError as error:
            self.notice(f"{about}: {error}")
            return None

    def frame(self, *columns: str) -> pd.DataFrame:
        """Lay out the rows; without any it has its columns all the same, so that files are read."""
        return pd.DataFrame(self.rows, columns=None if self.rows else list(columns))

    def notice(self, text: str) -> None:
        """Add a notice once."""
        sentence = text if text.endswith(".") else f"{text}."
        if sentence not in self.notices:
            self.notices.append(sentence)


ESTIMATE: Final = ("estimate", "unit", "std_error", "df", "low95", "high95", "p", "stars")


def estimate_fields(row: Estimate, unit: str = "°C") -> dict[str, object]:
    """Columns of an estimate in a tidy frame, those of :data:`ESTIMATE`."""
    values = (
        row.estimate, unit, row.std_error, row.freedom, row.low95, row.high95, row.p, row.stars,
    )  # fmt: skip
    return dict(zip(ESTIMATE, values, strict=True))
