"""What is doubtful between the tables of a study, or within one metro, and is only counted."""

from collections.abc import Mapping
from typing import Final

from aespa_core.names import shown
from aespa_core.studies.column_mistakes import numbers_of
from aespa_core.studies.faults import Notice, Sheet
from aespa_core.studies.listed_rows import SHOWN_ROWS, rows_in_words
from aespa_core.studies.metro_faults import metro_of
from aespa_core.studies.relation_faults import is_among

TEMPERATURES: Final = (
    *("lst_day_c", "lst_night_c", "brightness_day_k", "lst_2016_c", "lst_2022_c"),
)
# One row a tract, so that a tract without one is a tract that nothing is known of.
BY_TRACT: Final = ("temperature", "proxies")
ESTIMATES: Final = "estimates"
SHARES_OF_PEOPLE: Final = (
    *("white_share", "poverty_share", "unemployment_share", "under_5_share", "over_64_share"),
    "no_vehicle_share",
)


def relation_notices(sheets: Mapping[str, Sheet]) -> list[Notice]:
    """Tell what readers must know of tables together; they are sound.

    Parameters
    ----------
    sheets
        Table id → table with mended ids.
    """
    tracts = sheets.get("tracts")
    if tracts is None:
        return []
    notices = weightless_notices(tracts) + unpeopled_notices(tracts)
    for name, sheet in sheets.items():
        if name in BY_TRACT or name.partition("/")[0] == ESTIMATES:
            notices += rowless_notices(sheet, tracts)
    if "temperature" in sheets:
        notices += level_notices(sheets["temperature"], tracts)
    return notices


def weightless_notices(tracts: Sheet) -> list[Notice]:
    """Tell of shares of people where nobody says how many people there are."""
    shares = [name for name in SHARES_OF_PEOPLE if name in tracts.frame]
    if "population" in tracts.frame or not shares:
        return []
    problem = (
        f"there is no column 'population', so that {rows_in_words(shares, len(shares))} have no "
        "weight: exposure by group and regressions need it"
    )
    return [Notice(tracts.file, "population", problem, len(tracts.frame))]


def unpeopled_notices(tracts: Sheet) -> list[Notice]:
    """Count tracts of which nobody says how many people live there, where others say it."""
    if "population" not in tracts.frame:
        return []
    missing = tracts.frame["population"].isna()
    if not missing.any() or missing.all():
        return []
    problem = (
        f"{int(missing.sum()):,} of {len(missing):,} tracts do not say how many people live there: "
        f"these count for nobody (the first is tract {tracts.frame['geoid'][missing.idxmax()]})"
    )
    return [Notice(tracts.file, "population", problem, int(missing.sum()))]


def rowless_notices(sheet: Sheet, tracts: Sheet) -> list[Notice]:
    """Count tracts that a table of tracts has no row of, in the metros that it is about."""
    ids = tracts.frame["geoid"]
    if "metro" in sheet.frame:
        # a run may be of one metro alone
        ids = ids[tracts.frame["metro"].isin(sheet.frame["metro"].unique())]
    without = ids[~is_among(ids, sheet.frame["geoid"])]
    if without.empty:
        return []
    problem = (
        f"{len(without):,} of {len(ids):,} tracts have no row and count as not measured (the first "
        f"is tract {without.iloc[0]})"
    )
    return [Notice(sheet.file, None, problem, len(without))]


def level_notices(temperature: Sheet, tracts: Sheet) -> list[Notice]:
    """Tell of metros whose temperatures are all the same: nothing can be learned from them."""
    metros = metro_of(tracts, temperature.frame["geoid"]).dictionary_encode().to_pandas()
    notices = []
    for column in TEMPERATURES:
        if column not in temperature.frame:
            continue
        values = numbers_of(temperature, column)
        found = values.groupby(metros, observed=True).agg(["count", "min", "max"])
        level = found[(found["count"] > 1) & (found["min"] == found["max"])]
        told = [
            f"{shown(name)} ({row['min']:g})" for name, row in level.head(SHOWN_ROWS).iterrows()
        ]
        if told:
            problem = (
                f"all values are the same in {rows_in_words(told, len(level))}: no difference "
                "between tracts can be explained there"
            )
            notices.append(Notice(temperature.file, column, problem, int(level["count"].sum())))
    return notices
