"""Commuting: home tract to work tract, LODES 2018 (US Census, public domain)."""

import pandas as pd

from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror

METROS = ("boston", "dallas", "miami", "minneapolis", "seattle", "st_louis", "washington")
COUNTY_DIGITS = 5


def read_commuting(mirror: Mirror, metro_id: str, geoids: pd.Series) -> Extract:
    """Read all non-zero pairs of a metro; the source holds flows within a county only.

    Returns
    -------
    Extract
        ``origin``, ``destination``, ``commuters`` (jobs held); no rows where there is no source.
    """
    columns = ["origin", "destination", "commuters"]
    if metro_id not in METROS:
        empty = pd.DataFrame({name: pd.Series(dtype="str") for name in columns[:2]})
        return Extract(
            empty.assign(commuters=pd.Series(dtype=float)),
            ("No commuting flows exist for this metro.",),
        )
    raw = mirror.csv(
        f"mobility/commute_od_{metro_id}.csv.gz",
        {"jobs": "float"},
        ids=["home_geoid", "work_geoid"],
    )
    raw = raw[["home_geoid", "work_geoid", "jobs"]].set_axis(columns, axis=1)
    pairs = raw.groupby(["origin", "destination"], as_index=False)["commuters"].sum()
    inside = pairs["origin"].isin(geoids) & pairs["destination"].isin(geoids)
    flows = pairs[inside].reset_index(drop=True)
    crossing = flows["origin"].str[:COUNTY_DIGITS] != flows["destination"].str[:COUNTY_DIGITS]
    silent = len(geoids) - flows["origin"].nunique()
    return Extract(
        flows,
        (
            f"Commuting holds {counted(len(flows), 'pair')} with "
            f"{flows['commuters'].sum():,.0f} jobs, {counted(int(crossing.sum()), 'pair')} of them "
            "across a county line: the source keeps flows within a county only (41–74 % of "
            "commuters).",
            *notes_of(
                (silent, f"{counted(silent, 'tract')} without a commuting row."),
                (
                    len(raw) - len(pairs),
                    f"{counted(len(raw) - len(pairs), 'repeated pair')} added up.",
                ),
                (
                    int((~inside).sum()),
                    f"{counted(int((~inside).sum()), 'pair')} leaving the metro dropped.",
                ),
            ),
        ),
    )
