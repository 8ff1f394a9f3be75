"""Every source on a small mirror whose dirt is known."""

import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from aespa_core.errors import MirrorError
from aespa_core.sources.census import read_acs2017, read_acs_poi, read_oeps
from aespa_core.sources.commuting import read_commuting
from aespa_core.sources.growing_shade import read_growing_shade
from aespa_core.sources.land_cover import read_impervious
from aespa_core.sources.mirror import Mirror, open_mirror
from aespa_core.sources.temperature_tables import read_brightness, read_tnc
from aespa_core.sources.tract_boundaries import read_tracts
from aespa_core.sources.weekly_patterns import read_mobility
from tests.sources.tiny_mirror import IDS

TABLES = ("lst_canopy_tnc.csv.gz", "blocks_tnc.parquet")


def has_note(extract, words: str) -> bool:
    return any(words in note for note in extract.notes)


def test_boundaries_are_mended_and_counted(tiny_mirror):
    extract = read_tracts(tiny_mirror, "minneapolis")
    tracts = extract.table
    assert tracts["geoid"].tolist() == IDS
    assert tracts.crs.to_epsg() == 4326
    assert tracts.is_valid.all()
    # the bow tie keeps its two triangles: half of the square
    areas = shapely.area(tracts.geometry.to_numpy())
    assert areas[2] == pytest.approx(areas[1] / 2)
    assert has_note(extract, "1 polygon with lines that cross")
    assert has_note(extract, IDS[2])
    assert has_note(extract, "1 tract without land")


def test_census_gaps_stay_missing(tiny_mirror, ids):
    extract = read_acs2017(tiny_mirror, ids)
    rows = extract.table.set_index("geoid")
    assert rows.loc[IDS[0], "white_share"] == 0.25
    assert rows.loc[IDS[3]].isna().all()
    assert rows.loc[IDS[11], ["white_share", "median_household_income_usd"]].isna().all()
    assert has_note(extract, "1 tract without ACS 2013–17 rows (states 27)")
    assert has_note(extract, "1 without residents, 0 where the census gives none")
    assert has_note(extract, "1 coded 250,001 mean US$ 250,000 or more")


def test_percent_becomes_share_and_square_miles_become_km2(tiny_mirror, ids):
    extract = read_oeps(tiny_mirror, ids)
    rows = extract.table.set_index("geoid")
    assert rows.loc[IDS[0], "poverty_share"] == 0.125
    assert rows.loc[IDS[0], "housing_density_km2"] == pytest.approx(1000.0)
    assert rows.loc[IDS[11], "population"] == 0
    assert rows.loc[IDS[11], ["poverty_share", "per_capita_income_usd", "ndvi"]].isna().all()
    assert has_note(extract, "1 tract without residents")


def test_a_zero_median_is_missing_and_a_zero_count_is_none(tiny_mirror, ids):
    extract = read_acs_poi(tiny_mirror, "minneapolis", ids)
    rows = extract.table.set_index("geoid")
    assert rows.loc[IDS[0]].tolist() == [35.0, 0.06, 0.1, 0.1, 34.0]
    assert rows.loc[IDS[4]].isna().all()
    assert rows.loc[IDS[11], "poi_count"] == 34
    assert rows.loc[IDS[11]].drop("poi_count").isna().all()
    assert has_note(extract, "1 tract without a row of ACS 2011–15")
    assert has_note(extract, "Median age 0 in 1 tract")
    assert has_note(extract, "Median earnings are 0, which means missing, in 11 of 11 tracts")


def test_tract_means_are_checked_against_their_blocks(tiny_mirror, ids):
    extract = read_tnc(tiny_mirror, ids)
    rows = extract.table.set_index("geoid")
    expected = 36.0 - np.arange(11)
    expected[5] = np.nan
    np.testing.assert_allclose(rows["lst_day_c"], expected, atol=1e-5)
    # the first of two blocks with one id counts: the repetition says .9
    assert rows.loc[IDS[6], "canopy"] == pytest.approx(0.22, abs=1e-6)
    assert IDS[11] not in rows.index
    assert has_note(extract, "disagree with their census blocks in 1 of 11 tracts")
    assert has_note(extract, "the largest difference is 1.0000 °C")
    assert has_note(extract, "4 census blocks with temperature 0")
    assert has_note(extract, "1 repeated census block dropped")
    assert has_note(extract, "missing in 2 tracts, in 1 of them because every block is coded 0")


def test_brightness_of_two_cities_and_fill_are_missing(tiny_mirror, ids):
    extract = read_brightness(tiny_mirror, ids)
    assert extract.table["geoid"].tolist() == IDS[:8]
    assert extract.table["brightness_day_k"].tolist() == [305.0 - i for i in range(8)]
    assert has_note(extract, "1 tract shared by two cities")
    assert has_note(extract, "up to 6.0 K apart")
    assert has_note(extract, "1 row of fill")


def test_fahrenheit_becomes_celsius_weighted_by_people(tiny_mirror, ids):
    extract = read_growing_shade(tiny_mirror, ids)
    rows = extract.table.set_index("geoid")
    # 3,000 people at 95 °F = 35 °C and 1,000 at 86 °F = 30 °C
    assert rows.loc[IDS[0], "lst_2022_c"] == pytest.approx(33.75)
    assert rows.loc[IDS[1], "lst_2022_c"] == pytest.approx(40.0)
    assert np.isnan(rows.loc[IDS[1], "lst_2016_c"])
    assert has_note(extract, "1 block group could not be assigned")


def test_land_cover_only_where_the_tract_is_the_same_land(tmp_path):
    folder = tmp_path / "tracts"
    folder.mkdir()
    pd.DataFrame(
        {
            "tract20": ["11001000101", "11001000102", "11001000103"],
            "ALAND20": [1_005_000.0, 1_500_000.0, 1_000_000.0],
            "imperv_proxy": [0.4, 0.5, 0.6],
        }
    ).to_csv(folder / "nlcd2016_tract20_DC_MD_MA.csv.gz", index=False)
    aland = pd.Series(1_000_000.0, index=["11001000101", "11001000102", "11001000900"])
    extract = read_impervious(Mirror(tmp_path), aland)
    assert extract.table.to_numpy().tolist() == [["11001000101", 0.4]]
    assert has_note(extract, "used for 1 tract")
    assert has_note(extract, "left missing for 1 with other land and 1 with another id")


def test_a_week_of_visits(tiny_mirror, ids):
    extract = read_mobility(tiny_mirror, "minneapolis", ids)
    table = extract.table
    week = table.set_index(["geoid", "hour_of_week"])
    assert len(table) == 11 * 168
    assert IDS[10] not in set(table["geoid"])
    # 19 July 2021 is a Monday; 06:00 has 2 visits, 05:00 none, and Thursday is not in the panel
    assert week.loc[(IDS[0], 6), "visits"] == 2
    assert week.loc[(IDS[0], 6), "stay"] == 1
    assert week.loc[(IDS[0], 5), "visits"] == 0
    assert np.isnan(week.loc[(IDS[0], 3 * 24 + 12), "visits"])
    assert week.loc[(IDS[0], 5 * 24 + 7), "visits"] == 3
    # 60 visits to one other tract, spread like its visits, and none for the home tract itself
    outbound = week.loc[IDS[0], "outbound"]
    assert outbound.sum() == pytest.approx(60)
    shape = week.loc[IDS[1], "visits"] / week.loc[IDS[1], "visits"].sum()
    np.testing.assert_allclose(outbound, 60 * shape)
    assert week.loc[IDS[2], "outbound"].isna().all()
    assert has_note(extract, "1 tract outside the panel")
    assert has_note(extract, "48 of 168 hours missing")
    assert has_note(extract, "9 tracts where the panel has no residents")
    assert has_note(extract, "7 outbound visits to places outside the panel dropped")


def test_commuting_within_the_metro(tiny_mirror, ids):
    extract = read_commuting(tiny_mirror, "minneapolis", ids)
    assert extract.table.to_numpy().tolist() == [[IDS[0], IDS[1], 12.0], [IDS[1], IDS[1], 5.0]]
    assert has_note(extract, "2 pairs with 17 jobs, 0 pairs of them across a county line")
    assert has_note(extract, "1 pair leaving the metro dropped")


def test_a_metro_without_a_source_says_so(tiny_mirror, ids):
    assert read_commuting(tiny_mirror, "pittsburgh", ids).table.empty
    assert has_note(read_mobility(tiny_mirror, "boston", ids), "No hourly mobility exists")


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "is not set: set it to"), ("file", "to the file"), ("nowhere", "does not exist")],
)
def test_no_mirror_is_one_sentence(tmp_path, monkeypatch, value, words):
    (tmp_path / "file").write_text("")
    if value is None:
        monkeypatch.delenv("AESPA_DATA_MIRROR", raising=False)
    else:
        monkeypatch.setenv("AESPA_DATA_MIRROR", str(tmp_path / value))
    with pytest.raises(MirrorError, match=words):
        open_mirror()


@pytest.mark.parametrize(
    ("name", "garble"),
    [
        *product(TABLES, ["cut", "text", "empty", "columns", "gone"]),
        ("lst_canopy_tnc.csv.gz", "ids"),
    ],
)
def test_a_garbled_file_is_named(tiny_mirror, ids, tmp_path, name, garble):
    folder = tmp_path / "data"
    shutil.copytree(tiny_mirror.folder, folder)
    path = folder / "tracts" / name
    if garble == "cut":
        path.write_bytes(path.read_bytes()[:100])
    elif garble == "text":
        path.write_text("<html>not found</html>")
    elif garble == "empty":
        path.write_bytes(b"")
    elif garble == "gone":
        path.unlink()
    elif garble == "columns":
        write = pd.DataFrame.to_csv if name.endswith("csv.gz") else pd.DataFrame.to_parquet
        write(pd.DataFrame({"other": [1]}), path)
    else:
        table = pd.read_csv(path, dtype="str")
        table.loc[1, "tract10"] = "unknown"
        table.to_csv(path, index=False)
    with pytest.raises(MirrorError, match=name):
        read_tnc(Mirror(folder), ids)


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"{}", b'{"type": "Feature'])
def test_a_garbled_boundary_file_is_named(tmp_path, content):
    (tmp_path / "tracts").mkdir()
    (tmp_path / "tracts" / "tracts_miami.geojson.gz").write_bytes(content)
    with pytest.raises(MirrorError, match="tracts_miami"):
        read_tracts(Mirror(tmp_path), "miami")


def test_another_unit_than_fahrenheit_is_refused(tiny_mirror, ids, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(tiny_mirror.folder, folder)
    path = folder / "tracts" / "minneapolis_blockgroups_growing_shade.csv.gz"
    table = pd.read_csv(path, dtype={"bg20": "str"})
    table.assign(lst2022_f=[35.0, 30.0, 40.0, 31.0]).to_csv(path, index=False)
    with pytest.raises(MirrorError, match="lst2022_f leaves 60–150 °F"):
        read_growing_shade(Mirror(folder), ids)


@pytest.fixture
def own_mirror(tiny_mirror, tmp_path):
    """Give a copy of the small mirror that a test may change."""
    return Mirror(Path(shutil.copytree(tiny_mirror.folder, tmp_path / "data")))


@pytest.mark.parametrize("code", [-666666666.0, -999999999.0, -222222222.0, -9999.0, -999.0, -99.0])
def test_codes_of_the_census_are_missing_and_counted(own_mirror, ids, code):
    before = read_acs2017(own_mirror, ids)
    path = own_mirror.folder / "tracts" / "acs2017_tract10.csv.gz"
    rows = pd.read_csv(path, dtype={"tract10": "str"})
    rows.loc[1, "acs17_mhi"] = code
    rows.to_csv(path, index=False)
    after = read_acs2017(own_mirror, ids)
    assert np.isnan(after.table["median_household_income_usd"][1])
    pd.testing.assert_frame_equal(before.table.drop(index=1), after.table.drop(index=1))
    assert has_note(after, f"1 value of acs17_mhi below 0 ({code:.10g})")


def test_a_code_in_a_count_makes_no_share(own_mirror, ids):
    path = own_mirror.folder / "tracts" / "oeps_2018_tract10.parquet"
    rows = pd.read_parquet(path)
    rows.loc[1, ["povP", "totPopE", "pciE"]] = [-999.0, -666666666.0, 0.0]
    rows.to_parquet(path)
    extract = read_oeps(own_mirror, ids)
    row = extract.table.iloc[1]
    assert row[["population", "poverty_share", "per_capita_income_usd"]].isna().all()
    assert row["ndvi"] == 0.15
    for words in ("1 value of totPopE below 0", "1 value of povP below 0", "Per capita income 0"):
        assert has_note(extract, words)
