"""One row per tract of a metro with everything that a page can show of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pandera.pandas as pa

from aespa_core.errors import StudyError
from aespa_core.schema import PROXIES
from aespa_core.studies.cells import dissolve_cells
from aespa_core.studies.folder import Study
from aespa_core.studies.tables import ESTIMATES, TRACTS

HOTTEST_SHARE: Final = 0.1
# Name in :class:`Places` → column of ``temperature``; a study may have any of them, or none.
OBSERVED: Final[Mapping[str, str]] = {
    "observed_c": "lst_day_c",
    "observed_night_c": "lst_night_c",
    "brightness_day_k": "brightness_day_k",
}
EFFECTS: Final = tuple(f"effect_{proxy.id}_c" for proxy in PROXIES)


@dataclass(frozen=True)
class Places:
    """The tracts of one metro of one study.

    Attributes
    ----------
    metro
        Metro id.
    frame
        One row a tract, indexed by geoid, geometry in EPSG:4326. Columns, NaN where not measured
        or not estimated, absent where the study has none of it: ``anomaly_c``, ``low90_c``,
        ``high90_c``, ``width90_c``, ``base_c``, ``contribution_<proxy>_c``, ``estimate_c``,
        ``observed_c``, ``observed_night_c``, ``observed_anomaly_c``, ``residual_c`` and, of a
        simulated study, the true ``effect_<proxy>_c`` (all °C), ``<proxy>``,
        ``population`` (people) and the census columns of ``tracts``.
    proxies
        Ids of the proxies that have a curve in this study's estimates.
    run
        Which of the study's estimates they are; None where it has one of its own or none.
    """

    metro: str
    frame: gpd.GeoDataFrame
    proxies: tuple[str, ...]
    run: str | None = None

    @property
    def estimated(self) -> bool:
        """Whether the study carries a model's estimates for this metro."""
        return "anomaly_c" in self.frame and bool(self.frame["anomaly_c"].notna().any())


def metros_of(study: Study) -> tuple[str, ...]:
    """Ids of the metros that a study covers, in alphabetical order.

    Raises
    ------
    StudyError
        If it covers none.
    """
    name = "estimates" if study.info.kind == "estimated" else "tracts"
    metros = tuple(sorted(study.read(name)["metro"].unique()))
    if not metros:
        raise StudyError(f"{study.path / name}.parquet has no row: write the study again.")
    return metros


def places_of(study: Study, metro: str, run: str | None = None) -> Places:
    """Assemble the tracts of one metro.

    Parameters
    ----------
    study
        The study.
    metro
        Metro id.
    run
        Whose estimates; the last run by name if None.

    Raises
    ------
    StudyError
        If the study has no tract in this metro.
    """
    run = run or (study.runs[-1] if study.runs else None)
    frame = (
        atlas_frame(study, metro)
        if study.info.kind == "estimated"
        else tract_frame(study, metro, run)
    )
    proxies = tuple(
        proxy.id
        for proxy in PROXIES
        if frame.get(f"contribution_{proxy.id}_c", pd.Series(dtype=float)).notna().any()
    )
    return Places(metro, frame, proxies, run)


def run_rows(study: Study, places: Places, table: str) -> pd.DataFrame:
    """Read the rows of a metro's tracts from a table of its run, as they are stored."""
    rows = study.read_run(places.run or "", table)
    return rows[rows["geoid"].isin(places.frame.index)].reset_index(drop=True)


def atlas_frame(study: Study, metro: str) -> gpd.GeoDataFrame:
    """Estimates of one metro on the shapes of their H3 cells."""
    estimates = rows_of_metro(study, study.read("estimates"), metro)
    cells = study.read("cells")
    shapes = dissolve_cells(cells[cells["geoid"].isin(estimates["geoid"])])
    table = with_derived(estimate_columns(estimates))
    return gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index), crs="EPSG:4326")


def tract_frame(study: Study, metro: str, run: str | None) -> gpd.GeoDataFrame:
    """Tracts of one metro with what was observed there and, where there is a run, estimated."""
    tracts = rows_of_metro(study, study.read("tracts"), metro).set_index("geoid")
    # a column that no table declares may bear the name of one that is made here
    table = pd.DataFrame(tracts[declared_in(tracts, TRACTS)]).drop(columns="metro")
    if "temperature" in study.tables:
        observed = study.read("temperature").set_index("geoid")
        for name, column in OBSERVED.items():
            if column in observed:
                table[name] = observed[column]
    if "proxies" in study.tables:
        measured = study.read("proxies").set_index("geoid")
        table = table.join(measured[[p.id for p in PROXIES if p.id in measured]])
    if "truth/effects" in study.tables:
        effects = study.read("truth/effects").set_index("geoid")
        table = table.join(effects[[name for name in EFFECTS if name in effects]])
    if run is not None:
        table = table.join(estimate_columns(study.read_run(run)))
    geometry = tracts.geometry.to_crs("EPSG:4326")
    return gpd.GeoDataFrame(with_derived(table), geometry=geometry)


def declared_in(table: pd.DataFrame, schema: pa.DataFrameSchema) -> list[str]:
    """Columns of a table that its schema declares, the index aside."""
    return [name for name in table if name in schema.columns]


def rows_of_metro(study: Study, table: pd.DataFrame, metro: str) -> pd.DataFrame:
    """Rows of one metro; an error where there are none."""
    rows = table[table["metro"] == metro]
    if rows.empty:
        known = ", ".join(sorted(table["metro"].unique()))
        cure = f"choose one of {known}" if known else "its table has no row"
        raise StudyError(f"{study.path} has no tract in '{metro}': {cure}.")
    return rows


def estimate_columns(estimates: pd.DataFrame) -> pd.DataFrame:
    """Index estimates by geoid, with the absolute estimate named apart from the observed value."""
    indexed = estimates.set_index("geoid")
    known = indexed[declared_in(indexed, ESTIMATES)].drop(columns="metro")
    return known.rename(columns={"lst_day_c": "estimate_c"})


def with_derived(table: pd.DataFrame) -> pd.DataFrame:
    """Add interval width, observed difference from the metro's median, and residual (°C)."""
    table = table.copy()
    if "anomaly_c" in table:
        table["width90_c"] = table["high90_c"] - table["low90_c"]
    if "observed_c" in table and table["observed_c"].notna().any():
        table["observed_anomaly_c"] = table["observed_c"] - table["observed_c"].median()
        if "anomaly_c" in table:
            # both sides against the median of the tracts that have both: else a gap in the labels
            # would read as a bias of the model
            both = table["anomaly_c"].where(table["observed_c"].notna())
            table["residual_c"] = table["observed_anomaly_c"] - (both - both.median())
    return table


@dataclass(frozen=True)
class Headline:
    """The metro in numbers.

    Attributes
    ----------
    tracts
        Number of tracts with a value.
    missing
        Number of tracts without one.
    hottest_c
        Mean of the hottest tenth minus the metro's median, °C.
    people
        Residents of the hottest tenth; NaN where the study has no population.
    basis
        ``estimated`` or ``observed``.
    """

    tracts: int
    missing: int
    hottest_c: float
    people: float
    basis: str


def headline_of(places: Places) -> Headline:
    """How much warmer the hottest tenth of tracts is than the metro's median.

    Raises
    ------
    StudyError
        If the metro has neither an estimate nor an observation.
    """
    frame = places.frame
    column = "anomaly_c" if places.estimated else "observed_anomaly_c"
    if column not in frame:
        raise StudyError(
            f"'{places.metro}' has neither estimates nor observed surface temperature by day: "
            "run `aespa predict` on the study, or choose another metro or study."
        )
    values = frame[column]
    known = int(values.notna().sum())
    count = max(1, round(HOTTEST_SHARE * known))
    hottest = values.nlargest(count)
    people = frame.loc[hottest.index, "population"].sum() if "population" in frame else np.nan
    basis = "estimated" if places.estimated else "observed"
    warmer = float(hottest.mean() - values.median())
    return Headline(known, len(frame) - known, warmer, float(people), basis)


def nearest(places: Places, geoid: str, count: int) -> gpd.GeoDataFrame:
    """Pick the tracts whose middle lies nearest to that of one tract, itself included.

    Tracts without a border lie nowhere; around one of them are all the others.
    """
    borders = places.frame.geometry
    bounded = borders[borders.notna() & ~borders.is_empty]
    if geoid not in bounded.index:
        return places.frame
    middles = bounded.representative_point()
    # degrees of longitude shrink towards the poles
    stretch = np.cos(np.radians(middles[geoid].y))
    distance = np.hypot((middles.x - middles[geoid].x) * stretch, middles.y - middles[geoid].y)
    return places.frame.loc[distance.nsmallest(count).index]
