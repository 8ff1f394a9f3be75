"""The real mirror, checked against numbers that its own documentation and other sources give."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from aespa_core.sources.commuting import METROS as COMMUTING_METROS
from aespa_core.sources.growing_shade import read_growing_shade
from aespa_core.sources.metro_study import ingest_metro
from aespa_core.sources.mirror import Mirror
from aespa_core.sources.temperature_tables import block_means, read_tnc
from aespa_core.sources.weekly_patterns import METROS as MOBILITY_METROS
from aespa_core.studies.folder import Study
from aespa_core.studies.validation import validate_study

TRACTS = {
    "dallas": 1312,
    "washington": 1360,
    "miami": 1216,
    "boston": 1005,
    "seattle": 719,
    "minneapolis": 785,
    "st_louis": 615,
    "pittsburgh": 711,
}
# r of surface temperature and canopy within the urbanized area, from the mirror's documentation
KNOWN_R = {
    "washington": ("Washington, DC--VA--MD", -0.88),
    "minneapolis": ("Minneapolis--St. Paul, MN--WI", -0.83),
    "seattle": ("Seattle, WA", -0.77),
    "st_louis": ("St. Louis, MO--IL", -0.51),
}
# In the tracts but not in the list of counties, which follows another year's delineation
LATER_COUNTIES = {"washington": {"51113"}, "minneapolis": {"27079"}}
LABELLED = {"washington": 1145, "minneapolis": 677, "seattle": 659, "st_louis": 506, "boston": 20}


@pytest.fixture(scope="module")
def studies(mirror: Path, tmp_path_factory) -> dict[str, Study]:
    """Ingest all eight metros once."""
    out = tmp_path_factory.mktemp("metros")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESPA_DATA_MIRROR", str(mirror))
        return {metro: ingest_metro(metro, out / metro) for metro in TRACTS}


pytestmark = pytest.mark.slow


@pytest.mark.parametrize("metro", TRACTS)
def test_every_metro_is_valid_and_whole(studies, mirror, metro):
    study = studies[metro]
    assert validate_study(study.path) == []
    tracts = study.read("tracts")
    assert len(tracts) == TRACTS[metro]
    assert tracts.is_valid.all()
    # tracts lie in the counties that the metro is made of, by another file
    counties = json.loads((mirror / "tracts" / "msa_counties.json").read_text())[study.info.name]
    others = set(tracts["geoid"].str[:5]) - set(counties)
    assert others <= LATER_COUNTIES.get(metro, set())
    # the population-weighted centre of a tract lies in its polygon's bounds, by another file
    centres = pd.read_csv(mirror / "tracts" / "pop_centers_2010_tracts.csv.gz", dtype="str")
    centres.index = centres["STATEFP"].str.zfill(2) + centres["COUNTYFP"].str.zfill(3)
    centres.index += centres["TRACTCE"].str.zfill(6)
    lived = tracts[tracts["population"] > 0].set_index("geoid")
    at = centres.reindex(lived.index)[["LONGITUDE", "LATITUDE"]].astype(float)
    bounds = lived.bounds
    inside = at["LONGITUDE"].between(bounds["minx"] - 0.01, bounds["maxx"] + 0.01) & at[
        "LATITUDE"
    ].between(bounds["miny"] - 0.01, bounds["maxy"] + 0.01)
    assert inside.mean() > 0.999


@pytest.mark.parametrize("metro", TRACTS)
def test_temperature_is_where_it_was_measured_and_nowhere_else(studies, metro):
    heat = studies[metro].read("temperature")
    assert heat["lst_day_c"].notna().sum() == LABELLED.get(metro, 0)
    assert heat["lst_night_c"].isna().all()
    assert not (heat["lst_day_c"] == 0).any()
    proxies = studies[metro].read("proxies")
    assert proxies[["albedo", "shadow"]].isna().all(axis=None)
    assert proxies["ndvi"].notna().mean() > 0.98


@pytest.mark.parametrize("metro", KNOWN_R)
def test_canopy_and_temperature_go_together_as_published(studies, metro):
    area, expected = KNOWN_R[metro]
    study = studies[metro]
    table = study.read("temperature").merge(study.read("proxies"), on="geoid")
    table = table.merge(study.read("tracts")[["geoid", "urban_area"]], on="geoid")
    inside = table[table["urban_area"] == area]
    assert inside["lst_day_c"].corr(inside["canopy"]) == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("metro", ["washington", "minneapolis", "seattle", "st_louis"])
def test_temperature_agrees_with_brightness(studies, metro):
    heat = studies[metro].read("temperature")
    r = heat["lst_day_c"].corr(heat["brightness_day_k"])
    assert 0.75 < r < 0.88


def test_washington_is_warmer_where_its_air_is(studies, mirror):
    """Afternoon air temperature of 2020, by volunteers on cars, is another kind of measurement."""
    features = json.loads((mirror / "tracts" / "dc_heat_exposure_2020.geojson").read_text())
    rows = pd.DataFrame([feature["properties"] for feature in features["features"]])
    air = next(column for column in rows if "TEMP" in column.upper() or "AIR" in column.upper())
    rows["geoid"] = rows["GEO_ID"].str[-11:]
    table = studies["washington"].read("temperature").merge(rows, on="geoid")
    assert len(table) > 120
    assert table["lst_day_c"].corr(table[air].astype(float)) > 0.5


@pytest.mark.parametrize("metro", COMMUTING_METROS)
def test_commuting_stays_within_counties(studies, mirror, metro):
    flows = studies[metro].read("flows")
    assert (flows["origin"].str[:5] == flows["destination"].str[:5]).all()
    raw = pd.read_csv(mirror / "mobility" / f"commute_od_{metro}.csv.gz")
    assert flows["commuters"].sum() == raw["jobs"].sum()


@pytest.mark.parametrize("metro", MOBILITY_METROS)
def test_a_week_of_168_hours(studies, mirror, metro):
    table = studies[metro].read("mobility")
    assert (table.groupby("geoid").size() == 168).all()
    hours = table.groupby("hour_of_week")[["visits", "outbound", "stay"]].sum(min_count=1)
    raw = pd.read_csv(mirror / "mobility" / f"hourly_tract10_{metro}.csv.gz")
    assert hours["visits"].sum() == raw["num_visit"].sum()
    trips = pd.read_csv(mirror / "mobility" / f"od_week_tract10_{metro}.csv.gz")
    away = trips[trips["home_tract10"] != trips["visit_tract10"]]
    assert hours["outbound"].sum() == pytest.approx(away["num_visit"].sum())
    # Wednesday noon is busier than Wednesday night, wherever one lives
    assert hours.loc[2 * 24 + 12, "visits"] > 2 * hours.loc[2 * 24 + 3, "visits"]
    # residents at home: nights more than working hours, as a share of all visits
    stay = hours["stay"] / hours["visits"]
    assert stay[24 + 3] > stay[24 + 14]
    assert hours["visits"].isna().sum() == (48 if metro == "miami" else 0)
    if metro == "miami":
        assert hours["visits"].isna().groupby(hours.index // 24).all().tolist() == [
            False, False, False, True, True, False, False,
        ]  # fmt: skip


def test_block_means_reproduce_the_published_tract_means(mirror):
    """Nationwide, repeated blocks move 15 tracts; all others agree to the last printed digit."""
    published = pd.read_csv(mirror / "tracts" / "lst_canopy_tnc.csv.gz", dtype={"tract10": "str"})
    means = block_means(Mirror(mirror), published["tract10"])
    both = published.set_index("tract10")[["lst_c_mean"]].join(means.table)
    assert both["lst_day_c"].notna().sum() == both["lst_c_mean"].notna().sum() == 23_001
    off = (both["lst_c_mean"] - both["lst_day_c"]).abs() > 0.002
    assert off.sum() == 15
    assert means.repeated == 27
    extract = read_tnc(Mirror(mirror), published["tract10"])
    assert extract.table["lst_day_c"].isna().sum() == 2


def test_growing_shade_agrees_with_the_label(studies, mirror):
    heat = studies["minneapolis"].read("temperature")
    assert heat["lst_2022_c"].notna().sum() > 650
    # the metro's own label agrees with these days about as well as the documentation says
    assert heat["lst_day_c"].corr(heat["lst_2016_c"]) > 0.6
    assert heat["lst_day_c"].corr(heat["lst_2022_c"]) > 0.6
    extract = read_growing_shade(Mirror(mirror), heat["geoid"])
    assert extract.table["lst_2022_c"].between(28, 40).all()


def test_incomes_agree_between_two_census_tables(studies):
    """Per-capita and median household income come from tables of different years."""
    for study in studies.values():
        tracts = study.read("tracts")
        r = tracts["median_household_income_usd"].corr(tracts["per_capita_income_usd"])
        assert r > 0.7, study.info.name
        assert np.nanmax(tracts["white_share"]) <= 1
