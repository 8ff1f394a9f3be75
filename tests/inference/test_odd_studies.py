"""Studies that the validator passes are estimated, or refused in a sentence; never a traceback."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.datasets.heat.samples import read_samples
from aespa_core.errors import AespaError, StudyError
from aespa_core.inference.heat_predict import predict_heat
from aespa_core.inference.heat_run import heat_run
from aespa_core.studies.folder import Study, open_study, write_study
from aespa_core.studies.validation import validate_study
from tests.painted_town import write_painted_town
from tests.trained_town import SETTINGS, run_of, write_trained_town

# Of how many tracts there are pictures: reading them takes longer than all the rest.
PICTURED = 6
HASTY = replace(SETTINGS, epochs=1, members=1, pretrain_steps=1)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """Train a small teacher once."""
    return write_trained_town(tmp_path_factory.mktemp("trained"))


def odd_town(folder, change) -> Study:
    """Write the painted town with other tables, and pictures of its first tracts alone."""
    town = write_painted_town(folder / "town")
    for geoid in town.read("tracts")["geoid"][PICTURED:]:
        (town.path / "images" / "satellite" / f"{geoid}.png").unlink(missing_ok=True)
        shutil.rmtree(town.path / "images" / "street" / geoid, ignore_errors=True)
    tables = {name: town.read(name) for name in town.tables}
    for name in tables:
        (town.path / f"{name}.parquet").unlink()
    return write_study(town.path, town.info, change(tables))


def blank(table, *columns: str):
    return lambda t: t | {table: t[table].assign(**dict.fromkeys(columns, np.nan))}


def lacking(table, *columns: str):
    return lambda t: t | {table: t[table].drop(columns=list(columns))}


def bare(*names: str):
    return lambda t: {name: table for name, table in t.items() if name not in names}


def empty(name):
    return lambda t: t | {name: t[name].iloc[:0]}


def of_two_metros(tables):
    second = np.arange(len(tables["tracts"])) < 72
    metro = np.where(second, "otherville", tables["tracts"]["metro"])
    return tables | {"tracts": tables["tracts"].assign(metro=metro)}


def with_mobility(hours=range(168), **values: float):
    def change(tables) -> dict:
        tracts = tables["tracts"]["geoid"].to_numpy()
        rows = pd.DataFrame(
            {
                "geoid": np.repeat(tracts, len(hours)),
                "hour_of_week": np.tile(np.array(hours), len(tracts)),
            }
        )
        wave = 20 + 10 * np.sin(rows["hour_of_week"] * 2 * np.pi / 24)
        channels = dict.fromkeys(("visits", "outbound", "stay"), wave) | values
        return tables | {"mobility": rows.assign(**channels)}

    return change


# What a prediction says, or None where it estimates.
PREDICTED = {
    "without temperature": (bare("temperature"), None),
    "temperature without rows": (empty("temperature"), None),
    "labels missing": (blank("temperature", "lst_day_c"), None),
    "labels equal": (lambda t: t | {"temperature": t["temperature"].assign(lst_day_c=31.0)}, None),
    "without proxies": (bare("proxies"), None),
    "proxies without rows": (empty("proxies"), None),
    "people missing": (blank("tracts", "population"), None),
    "land missing": (blank("tracts", "aland_m2", "awater_m2"), None),
    "no column of people": (lacking("tracts", "population"), "lacks population"),
    "no column of land": (lacking("tracts", "aland_m2", "awater_m2"), "lacks aland_m2, awater_m2"),
    "no column of wind": (lacking("weather", "wind_m_s"), None),
    "no column of humidity": (lacking("weather", "humidity_percent"), None),
    "no air": (blank("weather", "temperature_c"), "no weather for every metro .*'gridville'"),
    "one metro without weather": (of_two_metros, "no weather for every metro .*'otherville'"),
    "no place of tiles": (empty("tiles"), "does not say where it lies"),
    "mobility": (with_mobility(), None),
    "a skipped hour": (with_mobility([h for h in range(168) if h != 146]), None),
    "half a week": (with_mobility(range(84)), None),
    "nobody reports": (with_mobility(visits=np.nan, outbound=np.nan, stay=np.nan), None),
    "nobody moves": (with_mobility(visits=0.0, outbound=0.0, stay=0.0), None),
}


@pytest.mark.parametrize("name", PREDICTED)
def test_a_prediction_estimates_or_says_why_not(trained, tmp_path, name):
    change, said = PREDICTED[name]
    study = odd_town(tmp_path, change)
    assert validate_study(study.path) == []
    if said is None:
        made = predict_heat(study.path, trained.weights, caches=trained.caches)
        table = open_study(study.path).read_run(made.run)
        assert np.isfinite(table["anomaly_c"]).all()
    else:
        with pytest.raises(AespaError, match=said):
            predict_heat(study.path, trained.weights, caches=trained.caches)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (bare("temperature"), "no table 'temperature'"),
        (empty("temperature"), "too few tracts with a day temperature .* 0 learn"),
        (blank("temperature", "lst_day_c"), "too few tracts with a day temperature .* 0 learn"),
        (lacking("temperature", "lst_day_c"), "too few tracts with a day temperature"),
    ],
)
def test_a_run_that_cannot_learn_says_so_before_it_looks_at_images(tmp_path, change, said):
    study = odd_town(tmp_path, change)
    with pytest.raises(StudyError, match=said):
        heat_run(run_of(study.path, tmp_path / "run", HASTY))


def test_what_a_study_does_not_say_of_its_tracts_is_missing_and_no_defect(tmp_path):
    change = lacking("tracts", "aland_m2", "awater_m2", "population")
    context = read_samples(odd_town(tmp_path, change)).context
    assert context[["water_share", "log_land_km2", "log_people_km2"]].isna().all(axis=None)
    assert context[["latitude_deg", "air_max_c", "log_centre_km"]].notna().all(axis=None)
