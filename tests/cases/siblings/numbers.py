"""Numbers that are none: codes for missing, ends of a scale, zeros, text, units, types."""

import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa

from tests.cases.clean import Tables
from tests.cases.siblings.sibling import Change, Names, Outcome, Sibling, put, some_rows

INCOME: Final = "median_household_income_usd"
SHARES: Final = (("tracts", "white_share"), ("tracts", "poverty_share"), ("proxies", "canopy"))
COLUMNS: Final = (
    ("tracts", "population"),
    ("tracts", "white_population"),
    ("tracts", INCOME),
    ("tracts", "per_capita_income_usd"),
    ("tracts", "unemployment_share"),
    ("tracts", "housing_units"),
    ("tracts", "housing_density_km2"),
    ("tracts", "aland_m2"),
    ("temperature", "lst_day_c"),
    ("proxies", "ndvi"),
    *SHARES,
)
CODES: Final = (
    -666666666, -999999999, -888888888, -555555555, -222222222, -333333333, -99999, -9999,
    -999, -99, -32768, -2147483648,
)  # fmt: skip
HUGE: Final = (1e20, 9.969209968386869e36, -3.4028234663852886e38, sys.float_info.max)
TEXTS: Final[tuple[tuple[str, Callable[[float], str]], ...]] = (
    ("thousands commas", lambda v: f"{v:,.0f}"),
    ("a dollar sign", lambda v: f"${v:.0f}"),
    ("a plus at the end", lambda v: f"{v:.0f}+"),
    ("a decimal comma", lambda v: f"{v:.2f}".replace(".", ",")),
    ("spaces for thousands", lambda v: f"{v:,.0f}".replace(",", " ")),
    ("no-break spaces around", lambda v: f"\u00a0{v:.0f}\u00a0"),
    ("an apostrophe before", lambda v: f"'{v:.0f}"),
    ("plain digits", lambda v: repr(v)),
)  # fmt: skip
WORDS: Final = ("", "-", "(X)", "N", "**", "***", "250,000+", "2,500-", "n/a", "null", "−1", "#N/A")


def coded(value: float, columns: tuple[tuple[str, str], ...] = COLUMNS) -> Change:
    """Make a change that puts a code into some cells of a drawn column."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        table, column = columns[int(rng.integers(len(columns)))]
        return put(tables, table, column, some_rows(rng, len(tables[table])), float(value))

    return change


def in_income(value: object, least: int = 1) -> Change:
    """Make a change that puts one value into some incomes."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        frame = tables["tracts"]
        if isinstance(value, str):
            frame[INCOME] = [f"{v:.0f}" for v in frame[INCOME]]
        return put(tables, "tracts", INCOME, some_rows(rng, len(frame), least), value)

    return change


def written(form: Callable[[float], str]) -> Change:
    """Make a change that writes every income as text."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables["tracts"][INCOME] = [form(float(v)) for v in tables["tracts"][INCOME]]
        return (INCOME,)

    return change


def recast(table: str, column: str, cast: Callable[[pd.Series], object]) -> Change:
    """Make a change that turns a whole column into another."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables[table][column] = cast(tables[table][column])
        return (column,)

    return change


def zero(table: str, column: str) -> Change:
    """Make a change that puts 0 into some cells."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        return put(tables, table, column, some_rows(rng, len(tables[table])), 0.0)

    return change


def added(table: str, column: str, value: Callable[[int], object]) -> Change:
    """Make a change that adds a column."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables[table][column] = value(len(tables[table]))
        return (column,)

    return change


def mostly(first: float, rest: float) -> Callable[[int], np.ndarray]:
    """Give a column of one value but for its first nine rows."""
    return lambda count: np.where(np.arange(count) < 9, first, rest)


def renamed(table: str, old: str, new: str) -> Change:
    """Make a change that gives a column another name."""

    def change(tables: Tables, rng: np.random.Generator) -> Names:
        tables[table] = tables[table].rename(columns={old: new})
        return (new,)

    return change


def doubled(tables: Tables, rng: np.random.Generator) -> Names:
    """Write a column twice under one name."""
    table = pa.Table.from_pandas(tables["temperature"], preserve_index=False)
    tables["temperature"] = table.append_column("lst_day_c", table["lst_day_c"])
    return ("lst_day_c", "temperature.parquet")


def of(kind: str, outcome: Outcome, **changes: Change) -> tuple[Sibling, ...]:
    """Make siblings of one kind; keywords are names with underscores for spaces."""
    return tuple(
        Sibling(name=name.replace("_", " "), kind=kind, outcome=outcome, change=change)
        for name, change in changes.items()
    )


SIBLINGS: Final[tuple[Sibling, ...]] = (
    *(
        Sibling(name=f"code {code}", kind="codes", outcome="refused", change=coded(code))
        for code in CODES
    ),
    *(
        Sibling(
            name=f"code {value:.3g}", kind="codes", outcome="refused",
            change=coded(value, (*SHARES, ("temperature", "lst_day_c"), ("tracts", INCOME))),
        )
        for value in HUGE
    ),
    *(
        Sibling(
            name=f"code {value} in shares", kind="codes", outcome="refused",
            change=coded(value, SHARES),
        )
        for value in (255, 9999, 127, -1, -9)
    ),
    *of("ends", "counted", top_250001=in_income(250_001.0, 3), bottom_2499=in_income(2_499.0, 3)),
    *of(
        "zeros", "honest",
        zero_income=zero("tracts", INCOME),
        zero_income_per_person=zero("tracts", "per_capita_income_usd"),
        zero_temperature=zero("temperature", "lst_day_c"),
        zero_land=zero("tracts", "aland_m2"),
        zero_age=added("tracts", "median_age_years", mostly(0.0, 35.0)),
        zero_kelvin=added("temperature", "brightness_day_k", mostly(0.0, 300.0)),
    ),
    *(
        Sibling(name=f"incomes with {name}", kind="text", outcome="honest", change=written(form))
        for name, form in TEXTS
    ),
    *(
        Sibling(name=f"incomes with '{word}'", kind="text", outcome="honest",
                change=in_income(word))
        for word in WORDS
    ),
    *of(
        "text", "honest",
        shares_with_percent_signs=recast(
            "tracts", "white_share", lambda v: [f"{100 * x:.1f} %" for x in v]
        ),
        temperatures_with_degree_signs=recast(
            "temperature", "lst_day_c", lambda v: [f"{x:.2f} °C" for x in v]
        ),
    ),
    *of(
        "units", "refused",
        shares_in_percent=recast("tracts", "white_share", lambda v: 100 * v),
        fahrenheit=recast("temperature", "lst_day_c", lambda v: 1.8 * v + 32),
        kelvin=recast("temperature", "lst_day_c", lambda v: v + 273.15),
        tenths_of_kelvin=recast("temperature", "lst_day_c", lambda v: 10 * (v + 273.15)),
        raw_Landsat_numbers=recast(
            "temperature", "lst_day_c", lambda v: ((v + 273.15 - 149.0) / 0.00341802).round()
        ),
        tenths_of_degrees=recast("temperature", "lst_day_c", lambda v: 10 * v),
        hundredths_of_kelvin=recast("temperature", "lst_day_c", lambda v: 100 * (v + 273.15)),
        raw_MODIS_numbers=recast(
            "temperature", "lst_day_c", lambda v: ((v + 273.15) / 0.02).round()
        ),
        shares_in_percent_in_some_rows=recast(
            "tracts", "white_share", lambda v: v.where(np.arange(len(v)) % 3 > 0, 100 * v)
        ),
        canopy_in_percent=recast("proxies", "canopy", lambda v: 100 * v),
        index_times_10000=recast("proxies", "ndvi", lambda v: 10_000 * v),
    ),
    *of(
        "units", "counted",
        incomes_of_a_month=recast("tracts", INCOME, lambda v: v / 12),
        people_in_thousands=recast("tracts", "population", lambda v: v / 1_000),
        some_incomes_in_thousands=recast(
            "tracts", INCOME, lambda v: v.where(np.arange(len(v)) % 9 > 0, v / 1_000)
        ),
    ),
    *of("codes", "counted", incomes_of_nines=in_income(9_999.0, 4)),
    *of(
        "units", "honest",
        incomes_in_thousands=recast("tracts", INCOME, lambda v: v / 1_000),
        anomalies_as_temperatures=recast("temperature", "lst_day_c", lambda v: v - v.median()),
        land_in_square_kilometres=recast("tracts", "aland_m2", lambda v: v / 1e6),
    ),
    *of(
        "types", "refused",
        infinity=lambda tables, rng: put(
            tables, "proxies", "canopy", some_rows(rng, len(tables["proxies"])), np.inf
        ),
        minus_infinity=lambda tables, rng: put(
            tables, "tracts", INCOME, some_rows(rng, len(tables["tracts"])), -np.inf
        ),
        true_and_false=recast("tracts", INCOME, lambda v: v > v.median()),
        dates=recast("tracts", INCOME, lambda v: pd.to_datetime(v.astype("int64"), unit="D")),
        lists=recast("tracts", INCOME, lambda v: [[x, x] for x in v]),
        structs=recast("tracts", INCOME, lambda v: [{"usd": x} for x in v]),
        bytes=recast("tracts", INCOME, lambda v: [str(x).encode() for x in v]),
        half_floats=recast("temperature", "n_pixels", lambda v: v.astype("float16")),
    ),
    *of(
        "types", "repaired",
        small_integers=recast("temperature", "n_pixels", lambda v: v.astype("int8")),
        unsigned_integers=recast("tracts", "population", lambda v: v.astype("uint16")),
        nullable_integers=recast("tracts", INCOME, lambda v: v.astype("Int64")),
        nullable_floats=recast("tracts", INCOME, lambda v: v.astype("Float64")),
        an_index_that_is_shuffled=lambda tables, rng: shuffled_index(tables, rng),
    ),
    *of(
        "types", "honest",
        decimals=recast("tracts", INCOME, lambda v: [Decimal(int(x)) for x in v]),
        categories_of_numbers=recast("tracts", INCOME, lambda v: v.astype("category")),
        missing_everywhere=recast("tracts", INCOME, lambda v: np.nan * v),
        no_type_at_all=recast("tracts", INCOME, lambda v: [None] * len(v)),
        columns_twice=doubled,
    ),
    *of(
        "columns", "honest",
        a_column_nobody_reads=added("temperature", "lst_day_f", lambda n: np.full(n, 90.0)),
        a_column_without_a_name=added("proxies", "Unnamed: 0", np.arange),
        capitals=renamed("temperature", "lst_day_c", "LST_DAY_C"),
        a_misspelt_column=renamed("tracts", INCOME, "median_houshold_income_usd"),
        a_unit_in_the_name=renamed("proxies", "canopy", "canopy (%)"),
        a_space_at_the_end=renamed("tracts", "white_share", "white_share "),
    ),
)  # fmt: skip


def shuffled_index(tables: Tables, rng: np.random.Generator) -> Names:
    """Leave an index that a sort left behind."""
    frame = tables["temperature"]
    frame.index = pd.Index(rng.permutation(len(frame)))
    return ("temperature.parquet",)
