"""Centres of population of all US census tracts, 2010 (US Census)."""

import pandas as pd

from aespa_core.sources.mirror import Mirror


def read_population_centers(mirror: Mirror) -> pd.DataFrame:
    """Read where the people of each tract live on average.

    Returns
    -------
    pandas.DataFrame
        ``geoid``, ``lat``, ``lon`` (degrees) and ``population_2010`` (people), sorted by geoid.
    """
    raw = mirror.csv(
        "tracts/pop_centers_2010_tracts.csv.gz",
        {
            "STATEFP": "str",
            "COUNTYFP": "str",
            "TRACTCE": "str",
            "POPULATION": "float",
            "LATITUDE": "float",
            "LONGITUDE": "float",
        },
    )
    table = pd.DataFrame(
        {
            "geoid": raw["STATEFP"].str.zfill(2)
            + raw["COUNTYFP"].str.zfill(3)
            + raw["TRACTCE"].str.zfill(6),
            "lat": raw["LATITUDE"],
            "lon": raw["LONGITUDE"],
            "population_2010": raw["POPULATION"],
        }
    )
    return table.sort_values("geoid", ignore_index=True)
