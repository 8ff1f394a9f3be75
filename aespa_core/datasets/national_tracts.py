"""All US census tracts of 2010 with what the tract model may know of them.

Nothing social is read here: no income, poverty, race, education, tenure, vacancy, vulnerability or
dwelling type. Otherwise a disparity found in the estimates could be one that went in.
"""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from aespa_core.sources.census import read_oeps
from aespa_core.sources.land_cover import read_impervious
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.population_centers import read_population_centers
from aespa_core.sources.temperature_tables import read_tnc

# proxies that are measured beside a label somewhere: the others have no curve
LEARNED: Final = ("ndvi", "canopy", "impervious")
PHYSICAL_COLUMNS: Final = ("lat", "lon", "population_2010", "land_km2", "housing_density_km2")


@dataclass(frozen=True)
class NationalTracts:
    """What is known of every tract of the country.

    Attributes
    ----------
    table
        Indexed by geoid, one row a tract. ``lat``, ``lon`` (degrees), ``population_2010``
        (people), ``land_km2``, ``housing_density_km2`` (units per km²), the proxies ``ndvi``,
        ``canopy``, ``impervious``, the label ``lst_day_c`` (°C) with ``n_blocks`` (census blocks
        averaged) and the label's ``urban_area``. NaN where not measured.
    notes
        What was mended on the way, in counted sentences.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def read_national_tracts(mirror: Mirror) -> NationalTracts:
    """Join the sources of the tract model on the tract id."""
    centers = read_population_centers(mirror)
    geoids = centers["geoid"]
    oeps = read_oeps(mirror, geoids)
    labels = read_tnc(mirror, geoids)
    physical = oeps.table.set_index("geoid")
    table = centers.set_index("geoid").join(
        physical[["land_km2", "housing_density_km2", "ndvi"]].where(physical["land_km2"] > 0)
    )
    sealed = read_impervious(mirror, table["land_km2"].dropna() * 1e6)
    label = labels.table.set_index("geoid").rename(columns={"n_pixels": "n_blocks"})
    table = table.join(label[["canopy", "lst_day_c", "n_blocks", "urban_area"]])
    table = table.join(sealed.table.set_index("geoid")["impervious"])
    return NationalTracts(table, (*oeps.notes, *labels.notes, *sealed.notes))
