"""People and housing: three tables of the American Community Survey (ACS), tracts of 2010."""

import pandas as pd

from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.missing_codes import without_codes

KM2_PER_SQUARE_MILE = 2.589988110336
# The census prints these in place of medians beyond its scale.
INCOME_FLOOR_USD = 2_499.0
INCOME_CEILING_USD = 250_001.0
OLD_AGES = ("65 to 69 Years", "70 to 74 Years", "75 to 79 Years", "80 to 84 Years",
            "85 Years and Over")  # fmt: skip


def read_acs2017(mirror: Mirror, geoids: pd.Series) -> Extract:
    """Read ACS 2013–17: race and median household income.

    Returns
    -------
    Extract
        ``geoid``, ``white_population`` (people), ``white_share`` (0–1, within the same table) and
        ``median_household_income_usd``; a row for every tract asked for.
    """
    raw = mirror.csv(
        "tracts/acs2017_tract10.csv.gz",
        {"acs17_pop": "float", "acs17_white": "float", "acs17_mhi": "float"},
        ids=["tract10"],
    )
    decoded = without_codes(of_tracts(raw, "tract10", geoids), list(raw.columns.drop("tract10")))
    rows = decoded.table
    income = rows["acs17_mhi"].where(rows["acs17_mhi"] > 0)
    absent = int(rows["acs17_pop"].isna().sum())
    nobody = int((rows["acs17_pop"] == 0).sum())
    medianless = int((income.isna() & (rows["acs17_pop"] > 0)).sum())
    floor = int((income == INCOME_FLOOR_USD).sum())
    ceiling = int((income == INCOME_CEILING_USD).sum())
    table = pd.DataFrame(
        {
            "geoid": rows["geoid"],
            "white_population": rows["acs17_white"],
            "white_share": (rows["acs17_white"] / rows["acs17_pop"].where(rows["acs17_pop"] > 0)),
            "median_household_income_usd": income,
        }
    )
    states = ", ".join(sorted({geoid[:2] for geoid in rows["geoid"][rows["acs17_pop"].isna()]}))
    return Extract(
        table,
        notes_of(
            (
                absent,
                f"{counted(absent, 'tract')} without ACS 2013–17 rows (states {states}): race and "
                "median household income are missing there.",
            ),
            (
                nobody + medianless,
                f"Median household income is missing in {counted(nobody + medianless, 'tract')} "
                f"more: {nobody} without residents, {medianless} where the census gives none.",
            ),
            (
                floor + ceiling,
                f"{counted(floor + ceiling, 'median income')} at the census's limits: {ceiling} "
                f"coded {INCOME_CEILING_USD:,.0f} mean US$ 250,000 or more, {floor} coded "
                f"{INCOME_FLOOR_USD:,.0f} mean 2,500 or less; kept, though censored.",
            ),
        )
        + decoded.notes,
    )


def read_oeps(mirror: Mirror, geoids: pd.Series) -> Extract:
    """Read ACS 2014–18 and Sentinel-2 NDVI 2018 as the Opioid Environment Policy Scan has them.

    Returns
    -------
    Extract
        ``geoid``, ``population`` (people), ``per_capita_income_usd``, ``poverty_share``,
        ``unemployment_share`` (0–1), ``housing_units``, ``housing_density_km2`` (units per km² of
        land), ``land_km2`` and ``ndvi`` (top of atmosphere, hence lower than at the surface).
    """
    raw = mirror.parquet(
        "tracts/oeps_2018_tract10.parquet",
        ["totPopE", "pciE", "povP", "unempP", "totUnits", "unitDens", "areaSqMi", "ndvi"],
        ids=["tract10"],
    )
    measures = list(raw.columns.drop(["tract10", "ndvi"]))
    decoded = without_codes(of_tracts(raw, "tract10", geoids), measures)
    rows = decoded.table
    table = pd.DataFrame(
        {
            "geoid": rows["geoid"],
            "population": rows["totPopE"],
            "per_capita_income_usd": rows["pciE"].where(rows["pciE"] > 0),
            "poverty_share": rows["povP"] / 100,
            "unemployment_share": rows["unempP"] / 100,
            "housing_units": rows["totUnits"],
            "housing_density_km2": rows["unitDens"] / KM2_PER_SQUARE_MILE,
            "land_km2": rows["areaSqMi"] * KM2_PER_SQUARE_MILE,
            "ndvi": rows["ndvi"],
        }
    )
    nobody = int((table["population"] == 0).sum())
    bare = int(table["ndvi"].isna().sum())
    penniless = int((rows["pciE"] == 0).sum())
    return Extract(
        table,
        (
            "NDVI is Sentinel-2 of 2018 at the top of the atmosphere: lower than at the surface.",
            *notes_of(
                (
                    nobody,
                    f"{counted(nobody, 'tract')} without residents (ACS 2014–18): incomes and "
                    "shares are missing there, the population is a true 0.",
                ),
                (bare, f"NDVI is missing in {counted(bare, 'tract')}."),
                (
                    penniless,
                    f"Per capita income 0 in {counted(penniless, 'tract')} taken as missing.",
                ),
            ),
            *decoded.notes,
        ),
    )


def read_acs_poi(mirror: Mirror, metro_id: str, geoids: pd.Series) -> Extract:
    """Read ACS 2011–15 ages and vehicles, and counts of OpenStreetMap points of interest.

    Zero stands for *missing* in the medians of this source, and for *none* in its counts.

    Returns
    -------
    Extract
        ``geoid``, ``median_age_years``, ``under_5_share``, ``over_64_share``,
        ``no_vehicle_share`` (0–1) and ``poi_count``.
    """
    total, age = "acs_Total Population", "acs_Median Age - Total"
    earnings = "acs_Median Earnings (Dollars)"
    young = "acs_Under 5 Years - Total"
    vehicles = "acs_Vehicles Available - No Vehicle Available"
    old = [f"acs_{ages} - Total" for ages in OLD_AGES]
    raw = mirror.csv(
        f"tracts/acs_poi_{metro_id}.csv.gz",
        dict.fromkeys([total, age, earnings, young, vehicles, *old, *POI_COLUMNS], "float"),
        ids=["GEOID"],
    )
    decoded = without_codes(of_tracts(raw, "GEOID", geoids), list(raw.columns.drop("GEOID")))
    rows = decoded.table
    lived_in = rows[total] > 0
    table = pd.DataFrame(
        {
            "geoid": rows["geoid"],
            "median_age_years": rows[age].where(rows[age] > 0),
            "under_5_share": rows[young].where(lived_in) / 100,
            # five figures rounded to .1 % each may add up to 100.2 %
            "over_64_share": (rows[old].sum(axis=1, skipna=False).where(lived_in) / 100).clip(
                upper=1
            ),
            "no_vehicle_share": rows[vehicles].where(lived_in) / 100,
            "poi_count": rows[list(POI_COLUMNS)].sum(axis=1, skipna=False),
        }
    )
    absent = int(rows[total].isna().sum())
    ageless = int((rows[age] == 0).sum())
    unpaid = int((rows[earnings] == 0).sum())
    return Extract(
        table,
        notes_of(
            (
                absent,
                f"{counted(absent, 'tract')} without a row of ACS 2011–15 and points of interest: "
                "ages, vehicles and counts are missing there.",
            ),
            (ageless, f"Median age 0 in {counted(ageless, 'tract')} taken as missing."),
            (
                unpaid,
                f"Median earnings are 0, which means missing, in {unpaid:,} of "
                f"{counted(len(raw), 'tract')}: the column is left out.",
            ),
        )
        + decoded.notes,
    )


def of_tracts(table: pd.DataFrame, key: str, geoids: pd.Series) -> pd.DataFrame:
    """Give the rows of these tracts in their order, NaN where there is none."""
    unique = table.drop_duplicates(key).set_index(key)
    return unique.reindex(geoids.to_numpy()).rename_axis("geoid").reset_index()


POI_COLUMNS = tuple(
    f"poi_{kind}"
    for kind in (
        "finance", "public", "transport", "entertainment", "health", "service", "education",
        "government", "religion", "accommodation", "food", "cafe", "fast_food", "ice_cream", "pub",
        "restaurant", "shop_beauty", "shop_clothes", "boutique", "shop_transport", "retail",
        "commodity", "marketplace", "home-improvement", "sport", "public_transport",
        "kindergarten", "office", "recycling", "travel_agency", "tourism", "shop_livelihood",
        "residential", "dormitory",
    )
)  # fmt: skip
