"""What passes and is not what it seems: whole columns in another unit, ends of scales, zeros."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import examine
from tests.studies.planting import Change, plant, put


def told(folder, table, change) -> list[str]:
    """Notices of a study that stays valid after a change."""
    assert plant(folder, table, change) == []
    return [str(notice) for notice in examine(folder).notices]


def test_ends_of_a_scale_are_kept_and_counted(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        frame.loc[:4, "median_household_income_usd"] = 250_001.0
        return put("median_household_income_usd", 9, 2_499.0)(frame)

    (notice,) = told(folder, "tracts", change)
    assert "6 of 144 medians are censored" in notice
    assert "1 under 2,500 and 5 over 250,000 US$" in notice
    values = open_study(folder).read("tracts")["median_household_income_usd"]
    assert (values == 250_001).sum() == 5


def test_a_frost_in_summer_is_counted_and_kept(folder):
    (notice,) = told(folder, "temperature", put("lst_day_c", 3, 0.0))
    assert "1 of 144 temperatures are exactly 0 °C" in notice
    assert open_study(folder).read("temperature")["lst_day_c"][3] == 0.0


def test_a_difference_of_0_is_a_value(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        columns = [n for n in frame if n.endswith("_c") and n not in ("lst_day_c",)]
        zero = dict.fromkeys(columns, 0.0)
        frame.loc[3, list(zero)] = 0.0
        return frame

    assert told(folder, "estimates/tract_model", change) == []


@pytest.mark.parametrize("column", ["median_household_income_usd", "per_capita_income_usd",
                                    "median_age_years"])  # fmt: skip
def test_a_median_of_0_stands_for_none(folder, column):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        if column not in frame:
            frame[column] = 40.0
        return put(column, 5, 0.0)(frame)

    (fault,) = plant(folder, "tracts", change)
    assert "here it stands for a missing value" in fault.problem


@pytest.mark.parametrize(
    ("table", "column", "change", "problem", "remedy"),
    [
        ("temperature", "lst_day_c", lambda v: v - v.mean(), "differences from a mean", "add the"),
        ("tracts", "median_household_income_usd", lambda v: v / 1000, "thousands", "by 1000"),
        ("tracts", "aland_m2", lambda v: v / 1e6, "looks like km²", "by 1000000"),
        ("tracts", "aland_m2", lambda v: v / 2_589_988.11, "square miles", "by 2589988.11"),
        ("tracts", "aland_m2", lambda v: v / 4_046.8564, "acres", "by 4046.8564"),
        ("tracts", "aland_m2", lambda v: v / 1e4, "hectares", "by 10000"),
        ("tracts", "aland_m2", lambda v: v / 0.0929, "square feet", "by 0.0929"),
    ],
)
def test_a_column_in_another_unit_is_one_fault(folder, table, column, change, problem, remedy):
    (fault,) = plant(folder, table, lambda f: f.assign(**{column: change(f[column])}))
    assert (fault.row, fault.column) == (None, column)
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_swapped_coordinates_of_the_united_states(folder):
    import shapely

    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        swapped = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
        return frame.set_geometry(swapped, crs=frame.crs)

    (fault,) = plant(folder, "tracts", change)
    assert "in the United States when these are swapped" in fault.problem


def test_people_who_live_elsewhere_than_their_tract(folder):
    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        middles = frame.geometry.representative_point()
        return frame.assign(people_lon=middles.y, people_lat=middles.x)

    (fault,) = plant(folder, "tracts", change)
    assert fault.count == 144
    assert "from their tract" in fault.problem


def test_ids_that_no_table_shares_are_one_fault(folder):
    def moved(prefix: str) -> Change:
        return lambda frame: frame.assign(geoid=prefix + frame["geoid"].str[5:])

    plant(folder, "temperature", moved("01003"))
    faults = plant(folder, "proxies", moved("01003"))
    (fault,) = [fault for fault in faults if fault.column == "geoid"]
    assert fault.files == ("temperature.parquet",)
    assert "different places" in fault.problem
    faults = plant(
        folder,
        "proxies",
        lambda frame: frame.assign(geoid="01001" + (frame["geoid"].str[5:].astype(int) + 500_000)
                                   .astype(str).str.zfill(6)),
    )  # fmt: skip
    assert any("another census" in fault.problem for fault in faults)


@pytest.mark.parametrize("way", ["old tracts", "new tracts"])
def test_connecticut_changed_its_counties(folder, way):
    counties = ("09001", "09190")
    tracts, other = counties if way == "old tracts" else counties[::-1]
    tables = {"tracts": tracts, "temperature": other, "proxies": other, "mobility": tracts,
              "estimates/tract_model": tracts}  # fmt: skip
    for table, county in tables.items():
        faults = plant(
            folder, table,
            lambda frame, county=county: frame.assign(geoid=county + frame["geoid"].str[5:]),
        )  # fmt: skip
    faults = plant(
        folder,
        "flows",
        lambda frame: frame.assign(
            origin=tracts + frame["origin"].str[5:],
            destination=tracts + frame["destination"].str[5:],
        ),
    )
    (fault,) = faults
    assert "Connecticut changed its counties in 2022" in fault.problem
    assert fault.files == ("temperature.parquet",)


@pytest.mark.parametrize("kind", [float, str])
def test_ids_that_a_spreadsheet_rounded_are_one_fault(folder, kind):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        rounded = np.floor(frame["geoid"].astype(float) / 1e4) * 1e4
        texts = rounded.map(lambda value: f"{value:.5E}")
        return frame.assign(geoid=rounded if kind is float else texts)

    for table in ("temperature", "proxies", "tracts"):
        faults = plant(folder, table, change)
    (fault,) = [fault for fault in faults if "rounded" in fault.problem]
    assert "export the ids again, as text" in fault.remedy
    assert fault.files == ("temperature.parquet", "tracts.parquet")


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ("010010201001", "the id of a block group"),
        ("010010201001001", "the id of a block"),
        ("US01001020100", "prefix of a census table"),
        ("14000US01001020100", "prefix of a census table"),
        ("01-001-020100", "not eleven plain digits"),
        ("'01001020100", "not eleven plain digits"),
        ("Census Tract 201, Autauga County, Alabama", "is not a tract id"),
        ("1.00102E+09", "a spreadsheet has rounded"),
    ],
)
def test_ids_of_the_wild(folder, broken, problem):
    (fault,) = plant(folder, "temperature", put("geoid", 0, broken))
    assert problem in fault.problem


def test_a_table_joined_twice_is_a_few_faults(folder):
    faults = plant(folder, "temperature", lambda frame: pd.concat([frame] * 8))
    assert len(faults) == 1
    assert faults[0].count == 144
    assert "stands in 8 rows" in faults[0].problem


def test_columns_without_any_value_are_named_once_a_table(folder):
    (notice,) = told(folder, "proxies", lambda f: f.assign(canopy=np.nan, albedo=np.nan))
    assert notice == "proxies.parquet: no row has a value of 'canopy', 'albedo'"


def test_residents_without_land_and_borders_around_nothing_are_counted(folder):
    import shapely

    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = frame.geometry.to_numpy().copy()
        shapes[7] = shapely.box(
            *shapes[7].bounds[:2], *(shapes[7].bounds[i] + 1e-5 for i in (0, 1))
        )
        frame = frame.set_geometry(shapes, crs=frame.crs)
        frame.loc[[1, 2], "aland_m2"] = 0.0
        return frame

    notices = told(folder, "tracts", change)
    assert "2 of 144 tracts have residents and no land" in notices[0]
    assert (
        "1 of 144 borders enclose less than 5% of their tract's land (the first is row 7)"
        in (notices[1])
    )


@pytest.mark.parametrize(
    ("bounds", "problem"),
    [((-180, -90, 180, 90), "spans 360°"), ((3.5, 32.5, 3.51, 32.51), "from the other tracts")],
)
def test_a_polygon_far_away_or_around_the_world(folder, bounds, problem):
    import shapely

    def change(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = frame.geometry.to_numpy().copy()
        shapes[7] = shapely.box(*bounds)
        return frame.set_geometry(shapes, crs=frame.crs)

    (fault,) = plant(folder, "tracts", change)
    assert (fault.row, fault.column) == (7, "geometry")
    assert problem in fault.problem


def test_weeks_that_are_not_whole_are_told(folder):
    (notice,) = told(folder, "mobility", lambda f: f[f["hour_of_week"] != 2])
    assert "the 3 tracts of 'gridville' have 167 of 168 hours: Monday 02:00 is missing" in notice
    notices = told(folder, "mobility", lambda f: f.drop(index=f.index[5]))
    assert "1 of 3 tracts lack an hour of the 168, or a number in one" in notices[-1]


@pytest.mark.parametrize("hidden", [0.4, -0.02, 1.0])
def test_an_index_times_10000_is_known_by_its_column(folder, hidden):
    """One row that passes does not hide the column, nor one of 50 that looks like hundredths."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        scaled = (frame["ndvi"] * 10_000).round()
        return put("ndvi", 9, 50.0)(put("ndvi", 5, hidden)(frame.assign(ndvi=scaled)))

    whole, rows = plant(folder, "proxies", change)
    assert (whole.row, whole.column) == (None, "ndvi")
    assert "an index scaled by 10,000" in whole.problem
    assert "in the 1 rows that would pass (the first is row 5)" in whole.problem
    assert "divide every row by 10000" in whole.remedy
    assert rows.count == 143
    assert "divide the column by 10000" in rows.remedy


def test_a_share_in_percent_is_known_in_the_rows_that_would_pass(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return put("poverty_share", 5, 0.7)(frame.assign(poverty_share=np.arange(144) / 2 + 2))

    whole, rows = plant(folder, "tracts", change)
    assert "the column is percent" in whole.problem
    assert rows.count == 143
    assert "divide the column by 100" in rows.remedy


def test_a_few_numbers_out_of_place_are_divided_by_themselves(folder):
    (fault,) = plant(folder, "proxies", put("ndvi", 5, 4_500.0))
    assert fault.remedy == "divide it by 10000 → 0.45"


@pytest.mark.parametrize(
    ("column", "table", "cure"),
    [
        ("median_household_income_usd", "tracts", lambda f: f * 1000),
        ("ndvi", "proxies", lambda f: f / 10_000),
        ("white_share", "tracts", lambda f: f / 100),
    ],
)
def test_a_column_that_is_mended_as_told_passes(folder, column, table, cure):
    def broken(frame: pd.DataFrame) -> pd.DataFrame:
        mended = cure(frame[column])
        factor = float((mended / frame[column]).iloc[0])
        return frame.assign(**{column: frame[column] / factor})

    assert plant(folder, table, broken) != []
    faults = plant(folder, table, lambda frame: frame.assign(**{column: cure(frame[column])}))
    assert faults == []


def test_a_cure_that_would_leave_the_range_is_not_offered(folder):
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        thousands = frame["median_household_income_usd"] / 1000
        return put("median_household_income_usd", 5, 900.0)(
            frame.assign(median_household_income_usd=thousands)
        )

    (fault,) = plant(folder, "tracts", change)
    assert "looks like thousands of dollars" in fault.problem
    assert "multiply" not in fault.remedy
    assert "write it in US$ a year, 1 to 500000" in fault.remedy
