"""Twin Cities surface temperature of two summer days, 2016 and 2022 (Growing Shade, MIT)."""

import pandas as pd

from aespa_core.errors import MirrorError
from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror
from aespa_core.studies.temperature_units import fahrenheit_to_celsius

METRO = "minneapolis"
YEARS = (2016, 2022)
# A tract that is measured in part only would be compared with a whole one.
COVERED = 0.9
# Summer surface in °F: a table outside this range has another unit than documented.
PLAUSIBLE_F = (60.0, 150.0)


def read_growing_shade(mirror: Mirror, geoids: pd.Series) -> Extract:
    """Average 2020 block groups to 2010 tracts by population, °F to °C.

    Block groups are assigned by their centroid; the assignment agrees with the areal one for
    99.8 % of the metro. A tract is measured where block groups with 90 % of its people are.

    Returns
    -------
    Extract
        ``geoid``, ``lst_2016_c``, ``lst_2022_c`` (°C); only tracts with a value.
    """
    name = "tracts/minneapolis_blockgroups_growing_shade.csv.gz"
    groups = mirror.csv(name, {"bg20": "str", **{f"lst{year}_f": "float" for year in YEARS}})
    bridge = mirror.csv(
        "mobility/bg2020_to_tract2010_centroid.csv.gz",
        {"bg20": "str", "pop20": "float"},
        ids=["tract10"],
    )
    repeated = int(groups["bg20"].duplicated().sum())
    groups = groups.drop_duplicates("bg20")
    orphans = int((~groups["bg20"].isin(bridge["bg20"])).sum())
    people = bridge[bridge["tract10"].isin(geoids)].merge(groups, on="bg20", how="left")
    columns = {}
    for year in YEARS:
        fahrenheit = people[f"lst{year}_f"]
        if not fahrenheit.dropna().between(*PLAUSIBLE_F).all():
            low, high = PLAUSIBLE_F
            raise MirrorError(
                f"{mirror.path(name)}: lst{year}_f leaves {low:g}–{high:g} °F, so its unit is "
                "another than documented: download it again."
            )
        columns[f"lst_{year}_c"] = weighted_mean(
            fahrenheit_to_celsius(fahrenheit), people["pop20"], people["tract10"]
        )
    table = pd.DataFrame(columns).dropna(how="all").rename_axis("geoid").reset_index()
    empty = int((people["pop20"] == 0).sum())
    return Extract(
        table,
        (
            f"Growing Shade 2016 and 2022 converted from °F to °C and averaged by population from "
            f"{counted(len(groups), 'block group')} of 2020 to "
            f"{counted(len(table), 'tract')} of 2010.",
            *notes_of(
                (
                    orphans,
                    f"{counted(orphans, 'block group')} could not be assigned to a 2010 tract.",
                ),
                (
                    empty,
                    f"{counted(empty, 'block group')} without residents: no weight in the mean.",
                ),
                (repeated, f"{counted(repeated, 'repeated block group')} dropped."),
            ),
        ),
    )


def weighted_mean(values: pd.Series, weights: pd.Series, keys: pd.Series) -> pd.Series:
    """Weighted mean by key, missing where values cover less than :data:`COVERED` of the weight."""
    measured = weights.where(values.notna(), 0.0)
    total = weights.groupby(keys).sum()
    covered = measured.groupby(keys).sum()
    mean = (values.fillna(0.0) * measured).groupby(keys).sum() / covered.where(covered > 0)
    return mean.where(covered >= COVERED * total)
