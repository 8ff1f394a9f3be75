"""What a scenario starts from: the tracts of a metro as they are, and how they respond."""

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.analysis.places import estimate_columns, rows_of_metro
from aespa_core.analysis.response import STANDING, TABLE, Responses, responses_of
from aespa_core.analysis.trends import UNTESTED, Trends, trends_of
from aespa_core.errors import StudyError
from aespa_core.studies.atlas_run import RUN as ATLAS_RUN
from aespa_core.studies.folder import Study

Array = npt.NDArray[np.float64]
ROOM: Final = STANDING[1:]


@dataclass(frozen=True)
class Baseline:
    """The B tracts of one metro with an estimate of one run, and their curves.

    Attributes
    ----------
    study, kind
        Name of the study; ``simulated``, ``observed`` or ``estimated``.
    metro, run
        Metro id, name of the run.
    frame
        One row a tract, indexed by geoid: estimate (``anomaly_c``, °C) and census columns, those
        that the study has.
    responses
        Of the same tracts in the same order; NaN and no room where a tract has no curve.
    trends
        What labels say of the proxies that the curves are of.
    notices
        What was repaired or counted when the study was opened, one sentence each.
    unestimated
        Tracts of the metro that the run has no estimate of: they are in no row.
    """

    study: str
    kind: str
    metro: str
    run: str
    frame: pd.DataFrame
    responses: Responses
    trends: Trends = UNTESTED
    notices: tuple[str, ...] = ()
    unestimated: int = 0

    def column(self, name: str) -> Array:
        """Take a column, NaN for all tracts where the study lacks it, (B,)."""
        if name not in self.frame:
            return np.full(len(self.frame), np.nan)
        return self.frame[name].to_numpy(float)


def baseline_of(study: Study, metro: str, run: str | None = None) -> Baseline:
    """Read a metro's tracts and curves.

    Parameters
    ----------
    study
        A study with responses.
    metro
        Metro id.
    run
        Whose; the last run by name that has responses if None.

    Raises
    ------
    StudyError
        If the study, the run or the metro has none, or no estimates that they move.
    """
    name = run or run_with_responses(study)
    responses = responses_of(study, metro, name)
    if "estimates" not in study.run_tables(name):
        raise StudyError(
            f"{study.path} has responses/{name}.parquet and no estimates/{name}.parquet, which "
            "they move: put it back, or make the run anew with `aespa predict` and `aespa "
            "attribute`."
        )
    estimates = rows_of_metro(study, study.read_run(name), metro)
    frame, unestimated = estimate_columns(estimates), 0
    if "tracts" in study.tables:
        tracts = pd.DataFrame(study.read("tracts")).set_index("geoid")
        here = tracts.index[tracts["metro"] == metro]
        unestimated = int((~here.isin(frame.index)).sum())
        # what a tract table calls by the name of an estimate is not read
        strange = ["geometry", "metro", *frame.columns]
        frame = frame.join(tracts.drop(columns=strange, errors="ignore"))
    return Baseline(
        study.info.name,
        study.info.kind,
        metro,
        name,
        frame,
        aligned(responses, frame.index.to_numpy(str)),
        trends_of(study, metro, name),
        tuple(map(str, study.notices)),
        unestimated,
    )


def run_with_responses(study: Study) -> str:
    """Name the study's last run that left responses.

    Raises
    ------
    StudyError
        If none did.
    """
    found = answering_runs(study) or lone_responses(study)
    if not found:
        raise StudyError(
            f"{study.path} has no responses of any run: make them with `aespa attribute "
            f"{study.path}` and a run's model."
        )
    return found[-1]


def answering_runs(study: Study) -> tuple[str, ...]:
    """Names of the runs that left responses; an atlas is a single run."""
    runs = (ATLAS_RUN,) if study.info.kind == "estimated" else study.runs
    return tuple(run for run in runs if TABLE in study.run_tables(run))


def lone_responses(study: Study) -> tuple[str, ...]:
    """Names of files of responses, also of runs without estimates: those must be named."""
    names = sorted(path.stem for path in (study.path / TABLE).glob("*.parquet"))
    # a file that is being written has a name with a dot
    return tuple(name for name in names if not name.startswith("."))


def aligned(responses: Responses, geoid: npt.NDArray[np.str_]) -> Responses:
    """Bring responses into the order of some tracts; who has no curve has no room to move."""
    place = pd.Index(responses.geoid).get_indexer(pd.Index(geoid))
    missing = place < 0
    moved = {}
    for field in fields(Responses):
        if field.name == "geoid":
            continue
        value = getattr(responses, field.name)
        axis = 0 if value.ndim == 2 else 1
        taken = value.take(place, axis)
        # (B, K) or (M, B, …)
        taken[(slice(None),) * axis + (missing,)] = np.nan
        if field.name in ROOM:
            taken = np.nan_to_num(taken)
        moved[field.name] = taken
    return replace(responses, geoid=np.asarray(geoid, str), **moved)
