"""Mobility: phone visits by tract and hour of one week, 19–25 July 2021 (Visitor_census)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array

from aespa_core.errors import MirrorError
from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.tables import HOURS_OF_WEEK

METROS = ("miami", "minneapolis", "seattle")
COLUMNS = ("geoid", "hour_of_week", "visits", "outbound", "stay")
HOURS_OF_DAY = 24
DAYS_OF_WEEK = 7


@dataclass(frozen=True)
class Week:
    """The visits of one panel, B tracts by T = 168 hours from Monday 00:00.

    Attributes
    ----------
    geoids
        Tracts that the panel covers, (B,).
    visits, stay
        Visits to the tract, and those by its own residents, (B, T) visits/h; NaN on days that the
        panel lacks.
    days
        Days of the week that the panel has, 0 is Monday.
    """

    geoids: pd.Index
    visits: np.ndarray
    stay: np.ndarray
    days: tuple[int, ...]


def read_mobility(mirror: Mirror, metro_id: str, geoids: pd.Series) -> Extract:
    """Build the 168-hour profile of every tract that the panel covers.

    Returns
    -------
    Extract
        ``geoid``, ``hour_of_week`` (0 is Monday 00:00), ``visits``, ``outbound``, ``stay`` (visits
        of panel phones per hour); 168 rows a covered tract, no rows where there is no source.
    """
    if metro_id not in METROS:
        note = "No hourly mobility exists for this metro."
        empty = pd.DataFrame({name: pd.Series(dtype=float) for name in COLUMNS})
        return Extract(empty.astype({"geoid": "str", "hour_of_week": "int64"}), (note,))
    hourly = mirror.csv(
        f"mobility/hourly_tract10_{metro_id}.csv.gz",
        {"date": "str", "hour": "int64", "num_visit": "float", "own_tract_visit": "float"},
        ids=["visit_tract10"],
    )
    trips = mirror.csv(
        f"mobility/od_week_tract10_{metro_id}.csv.gz",
        {"num_visit": "float"},
        ids=["home_tract10", "visit_tract10"],
    )
    mine = hourly[hourly["visit_tract10"].isin(geoids)]
    week = week_of(mine, mirror)
    outbound = outbound_of(week, trips)
    tracts = len(week.geoids)
    table = pd.DataFrame(
        {
            "geoid": np.repeat(week.geoids.to_numpy(), HOURS_OF_WEEK),
            "hour_of_week": np.tile(np.arange(HOURS_OF_WEEK), tracts),
            "visits": week.visits.ravel(),
            "outbound": outbound.ravel(),
            "stay": week.stay.ravel(),
        }
    ).astype({"geoid": "str"})
    uncovered = len(geoids) - tracts
    days = len(week.days)
    silent = tracts * days * HOURS_OF_DAY - len(mine)
    homeless = int((~week.geoids.isin(trips["home_tract10"])).sum())
    unplaced = trips_total(trips) - float(np.nansum(outbound))
    return Extract(
        table,
        (
            f"Mobility counts {mine['num_visit'].sum():,.0f} visits of a phone panel, "
            f"{counted(days, 'day')} of 19–25 July 2021, in {counted(tracts, 'tract')}; "
            "panel counts, not people.",
            "Outbound visits are the week's visits of a tract's residents to other tracts, spread "
            "over each destination's own hours; pairs with fewer than 3 visits are not in the "
            "source.",
            *notes_of(
                (uncovered, f"{counted(uncovered, 'tract')} outside the panel: mobility missing."),
                (
                    DAYS_OF_WEEK - days,
                    f"{counted(DAYS_OF_WEEK - days, 'day')} of the week not in the panel: "
                    f"{(DAYS_OF_WEEK - days) * HOURS_OF_DAY} of 168 hours missing in every tract.",
                ),
                (silent, f"{counted(silent, 'hour')} of tracts without a row are zero visits."),
                (
                    homeless,
                    f"{counted(homeless, 'tract')} where the panel has no residents: outbound "
                    "missing.",
                ),
                (
                    round(unplaced),
                    f"{unplaced:,.0f} outbound visits to places outside the panel dropped.",
                ),
                (len(hourly) - len(mine), f"{len(hourly) - len(mine):,} rows outside the metro."),
            ),
        ),
    )


def week_of(hourly: pd.DataFrame, mirror: Mirror) -> Week:
    """Lay hourly rows out as tracts by hours of the week."""
    dates = pd.to_datetime(hourly["date"], format="%Y-%m-%d", errors="coerce")
    span = (dates.max() - dates.min()).days
    key = hourly.assign(hour_of_week=dates.dt.day_of_week * HOURS_OF_DAY + hourly["hour"])
    if (
        dates.isna().any()
        or span >= DAYS_OF_WEEK
        or not hourly["hour"].between(0, HOURS_OF_DAY - 1).all()
        or key.duplicated(["visit_tract10", "hour_of_week"]).any()
    ):
        raise MirrorError(
            f"{mirror.folder / 'mobility'}: hourly visits must be one row for each tract, date of "
            "one week and hour 0–23: download the file again."
        )
    days = tuple(int(day) for day in sorted(dates.dt.day_of_week.unique()))
    tracts = pd.Index(sorted(hourly["visit_tract10"].unique()))
    place = (tracts.get_indexer(key["visit_tract10"]), key["hour_of_week"].to_numpy())
    visits = np.full((len(tracts), HOURS_OF_WEEK), np.nan)  # (B, T)
    for day in days:
        # within the panel's days an hour without a row is an hour without a visit
        visits[:, day * HOURS_OF_DAY : (day + 1) * HOURS_OF_DAY] = 0.0
    stay = visits.copy()
    visits[place] = hourly["num_visit"]
    stay[place] = hourly["own_tract_visit"]
    return Week(tracts, visits, stay, days)


def outbound_of(week: Week, trips: pd.DataFrame) -> np.ndarray:
    """Visits of residents to other tracts by hour of the week, (B, T) visits/h.

    ``outbound[h, t] = Σ_{v ≠ h} trips[h, v] · visits[v, t] / Σ_t visits[v, t]``: the source has the
    week's sum of each pair, and the hour is that at which the destination is visited.
    """
    curve = np.nan_to_num(week.visits)
    total = curve.sum(axis=1, keepdims=True)
    share = np.divide(curve, total, out=np.zeros_like(curve), where=total > 0)  # (B, T), rows sum 1
    away = trips[trips["home_tract10"] != trips["visit_tract10"]]
    home = week.geoids.get_indexer(away["home_tract10"])
    goal = week.geoids.get_indexer(away["visit_tract10"])
    known = (home >= 0) & (goal >= 0)
    size = len(week.geoids)
    flows = coo_array(
        (away["num_visit"].to_numpy()[known], (home[known], goal[known])), shape=(size, size)
    ).tocsr()
    outbound = flows @ share  # (B, T)
    outbound[:, np.isnan(week.visits).all(axis=0)] = np.nan
    outbound[~week.geoids.isin(trips["home_tract10"])] = np.nan
    return outbound


def trips_total(trips: pd.DataFrame) -> float:
    """Visits of a week that end outside the home tract."""
    return float(trips.loc[trips["home_tract10"] != trips["visit_tract10"], "num_visit"].sum())
