"""What figures show, against counts by hand, known ends and the made metros' own slopes."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.disparity.analysis import Analysis
from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.figures import bivariate as square
from aespa_core.analysis.disparity.figures.bivariate import bivariate
from aespa_core.analysis.disparity.figures.choices import CHOICES, choices
from aespa_core.analysis.disparity.figures.clusters import HOT_AMONG_HOT, clusters
from aespa_core.analysis.disparity.figures.concentration import concentration
from aespa_core.analysis.disparity.figures.exposure import (
    DIVISION_LABELS,
    GRID,
    exposure_by_group,
)
from aespa_core.analysis.disparity.figures.forest import forest
from aespa_core.analysis.disparity.figures.likeness import likeness
from aespa_core.analysis.disparity.figures.words import ALIKE, SIDES, level, people_words
from aespa_core.analysis.disparity.specification import Space
from aespa_core.analysis.disparity.tables.by_metro import by_metro
from aespa_core.analysis.disparity.tables.robustness import robustness, variants_of
from aespa_core.analysis.inequality.concentration import concentration_index
from aespa_core.analysis.spatial.moran import moran
from aespa_core.errors import ConfigError, StudyError
from tests.made_two_metros import ASKED, OUTCOMES, SIDE, made_analysis, made_sample

ONE_METRO = (exposure_by_group, concentration, bivariate, clusters, likeness)
INCOME = "median_household_income_usd"


@pytest.fixture(scope="module")
def analysis():
    return made_analysis()


@pytest.fixture(scope="module")
def tables(analysis):
    return {"T8": by_metro(analysis).frame, "T10": robustness(analysis).frame}


def part_of(analysis, metro="seattle"):
    return next(part for part in analysis.metros if part.id == metro)


def test_the_forest_counts_metros_and_names_the_one_against(tables):
    found = forest(tables["T8"], "income_sd", OUTCOMES)
    assert len(found.frame) == 4
    assert set(found.frame["metro"]) == {"Seattle", "Miami"}
    signs = found.frame.groupby("metro")["estimate"].agg(["min", "max"])
    assert signs.loc["Seattle", "max"] < 0 < signs.loc["Miami", "min"]
    assert found.reading.startswith(
        "Observed by day, poorer tracts are hotter in 1 of 2 metros, clearly so in 1, and clearly "
        "cooler in Miami; predicted by day"
    )
    assert any("Model-implied" in line for line in found.cautions)


def test_a_forest_of_one_metro_gives_its_number(tables):
    alone = tables["T8"][tables["T8"]["metro"] == "seattle"]
    row = alone[(alone["term"] == "income_sd") & (alone["outcome"] == "Observed by day")].iloc[0]
    reading = forest(alone, "income_sd", ["observed_day"]).reading
    assert f"poorer tracts of Seattle are clearly hotter by {-row['estimate']:.2f} °C" in reading


def test_an_unknown_interval_is_never_clear(tables):
    unknown = tables["T8"].assign(low95=np.nan, high95=np.nan)
    assert "clearly so in none" in forest(unknown, "income_sd", ["observed_day"]).reading


@pytest.mark.parametrize("frame", [pd.DataFrame(), None], ids=["empty", "other covariate"])
def test_a_forest_of_nothing_is_an_error(tables, frame):
    frame = tables["T8"] if frame is None else frame
    with pytest.raises(StudyError, match="No metro has a coefficient of log_density"):
        forest(frame, "log_density", OUTCOMES)


@pytest.mark.parametrize("division", DIVISION_LABELS)
def test_half_of_a_group_live_below_its_median(analysis, division):
    part = part_of(analysis)
    found = exposure_by_group(analysis, part, "observed_day", division)
    tracts = part.sample.tracts
    for _, rows in found.frame.groupby("group"):
        assert len(rows) == GRID
        assert rows["share"].is_monotonic_increasing
        assert rows["share"].iloc[-1] == 1
    if division == "race":
        rows = found.frame[found.frame["group"] == "White alone"]
        people = tracts["population"] * tracts["white_share"]
        order = tracts["observed_day"].argsort()
        median = (
            tracts["observed_day"]
            .iloc[order]
            .to_numpy()[np.searchsorted(people.iloc[order].cumsum(), people.sum() / 2)]
        )
        # half of the people, within a step of the grid
        assert np.interp(median, rows["temperature"], rows["share"]) == pytest.approx(0.5, abs=0.03)
        assert f"the group 'White alone' at {median:.1f} °C" in found.reading


@pytest.mark.parametrize(("metro", "word"), [("seattle", "hotter"), ("miami", "cooler")])
def test_readings_agree_with_the_slopes(analysis, metro, word):
    part = part_of(analysis, metro)
    assert f"°C {word}." in exposure_by_group(analysis, part, "observed_day").reading
    curve = concentration(analysis, part, "observed_day")
    assert f"°C {word} than the mean of all" in curve.reading
    side = "poorer" if word == "hotter" else "richer"
    assert f"clearly leans to the {side}" in curve.reading
    sign = 1 if word == "hotter" else -1
    assert (sign * curve.frame["heat"].iloc[1:-1] > 0).all()


def test_the_curve_ends_at_0_and_holds_the_index(analysis):
    part = part_of(analysis)
    frame = concentration(analysis, part, "observed_day").frame
    assert frame["heat"].iloc[[0, -1]].tolist() == [0, 0]
    assert frame["share_of_people"].tolist() == pytest.approx(np.linspace(0, 1, 21).tolist())
    tracts = part.sample.tracts
    columns = [tracts[n].to_numpy(float) for n in ("observed_day", INCOME, "population")]
    # C = −2 ∫ curve
    area = -2 * np.trapezoid(frame["heat"], frame["share_of_people"])
    assert area == pytest.approx(concentration_index(*columns), rel=0.02)
    poorest = np.argsort(columns[1])
    half = np.cumsum(columns[2][poorest]) <= columns[2].sum() / 2
    mean = np.average(columns[0], weights=columns[2])
    mine = np.average(columns[0][poorest][half], weights=columns[2][poorest][half]) - mean
    assert 2 * frame["heat"].iloc[10] == pytest.approx(mine, abs=0.02)


def test_classes_hold_a_ninth_where_heat_knows_nothing_of_income():
    heat = np.random.default_rng(3).normal(30, 1, 2 * SIDE**2)
    found = [
        bivariate(made, part_of(made, metro), "observed_day").frame["class"]
        for made in [made_analysis(observed_day=heat)]
        for metro in ("seattle", "miami")
    ]
    shares = np.bincount(pd.concat(found), minlength=10) / (2 * SIDE**2)
    assert shares[9] == 0
    # three standard deviations of a share of a ninth among 288
    assert shares[:9] == pytest.approx(np.full(9, 1 / 9), abs=3 * np.sqrt(8 / 81 / 288))


def test_poor_and_hot_tracts_are_those_of_the_lowest_and_highest_third(analysis):
    part = part_of(analysis)
    found = bivariate(analysis, part, "observed_day")
    tracts = part.sample.tracts
    poor = tracts[INCOME].rank() <= SIDE**2 / 3
    hot = tracts["observed_day"].rank() > 2 * SIDE**2 / 3
    assert (found.frame["name"] == "poorest third, hottest third").tolist() == (poor & hot).tolist()
    assert found.frame.index.equals(tracts.index)
    count, people = int((poor & hot).sum()), tracts.loc[poor & hot, "population"].sum()
    assert count > 16
    assert f"{count} of 144 tracts" in found.reading
    assert "(16 would be" in found.reading
    assert people_words(people) in found.reading


def test_a_tract_without_income_is_unknown_on_the_map(analysis):
    income = analysis.sample.tracts[INCOME].to_numpy().copy()
    income[5] = np.nan
    made = made_analysis(**{INCOME: income})
    frame = bivariate(made, part_of(made), "observed_day").frame
    assert frame["class"].iloc[5] == len(square.CLASSES)
    assert (frame["class"] == len(square.CLASSES)).sum() == 1
    assert frame["name"].iloc[5] == square.UNKNOWN


def test_a_planted_hot_corner_is_a_hot_cluster():
    rng = np.random.default_rng(1)
    heat = rng.normal(30, 1, 2 * SIDE**2)
    corner = [row * SIDE + column for row in range(4) for column in range(4)]
    heat[corner] += 6
    made = made_analysis(observed_day=heat)
    found = clusters(made, part_of(made), "observed_day")
    hot = np.flatnonzero(found.frame["name"] == HOT_AMONG_HOT)
    assert set(hot) <= set(corner)
    assert len(hot) >= 9
    people = found.frame["people"].iloc[hot].sum()
    assert f"{len(hot)} tracts form hot clusters" in found.reading
    assert people_words(people) in found.reading
    assert not found.cautions[0].startswith("A model")
    # heat strewn at random has none
    quiet = clusters(made, part_of(made, "miami"), "observed_day")
    assert quiet.reading.startswith("In Miami no tract is clearly hot among hot neighbours")


def test_a_tract_without_temperature_is_nobodys_neighbour(analysis):
    heat = analysis.sample.tracts["observed_day"].to_numpy().copy()
    # the tract in the corner keeps its heat and loses all its neighbours
    heat[[1, SIDE, SIDE + 1]] = np.nan
    made = made_analysis(observed_day=heat)
    frame = clusters(made, part_of(made), "observed_day").frame
    assert frame["name"].iloc[0] == "no neighbours"
    assert frame["name"].iloc[[1, SIDE, SIDE + 1]].tolist() == ["no temperature"] * 3
    points = likeness(made, part_of(made), "observed_day").frame
    assert len(points) == SIDE**2 - 4
    assert not points.isna().any().any()


def test_the_scatters_slope_is_morans_i(analysis):
    part = part_of(analysis)
    found = likeness(analysis, part, "observed_day")
    slope = np.polyfit(found.frame["own"], found.frame["neighbours"], 1)[0]
    weights = analysis.weights["every tract", "seattle", "observed_day"]
    values = part.sample.tracts["observed_day"].to_numpy()
    assert slope == pytest.approx(moran(values, weights).statistic, rel=1e-9)
    assert (found.frame["line"] / found.frame["own"]).to_numpy() == pytest.approx(slope)
    assert f"{slope:.2f} standard deviations hotter" in found.reading
    warm = found.frame["own"] >= 0
    assert found.frame.loc[warm, "quadrant"].str.startswith("hot among").all()


def test_every_way_to_ask_stands_once_in_the_curve(analysis, tables):
    part = part_of(analysis)
    found = choices(analysis, part, "observed_day", "income_sd", tables["T10"])
    frame = found.frame
    assert len(frame) == len(variants_of(ASKED))
    assert frame["estimate"].is_monotonic_increasing
    assert frame["as_asked"].sum() == 1
    assert frame[list(CHOICES)].notna().all().all()
    alike = frame.set_index(["changed", "to"])
    assert alike.loc[("weights", "none"), "weights"] == "tracts alike"
    assert alike.loc[("controls", "with density"), "controls"] == "with density"
    assert alike.loc[("Conley", "uniform, 20 km"), "standard errors"] == "Conley, uniform"
    # one county: blocks took its place, and the curve does not claim otherwise
    assert alike.loc[("standard errors", "cr2_county"), "standard errors"] == "CR2, blocks"
    assert f"In {len(frame)} of {len(frame)} ways to ask, poorer tracts of Seattle are hotter" in (
        found.reading
    )


def test_the_curve_says_the_sign_that_most_ways_have(analysis, tables):
    reading = choices(
        analysis, part_of(analysis, "miami"), "observed_day", "income_sd", tables["T10"]
    ).reading
    assert "poorer tracts of Miami are cooler" in reading
    whole = choices(analysis, analysis.whole, "observed_day", "income_sd", tables["T10"])
    assert "in all metros" in whole.reading


def test_a_curve_of_nothing_is_an_error(analysis, tables):
    with pytest.raises(StudyError, match="no way to ask gives a coefficient of log_density"):
        choices(analysis, part_of(analysis), "observed_day", "log_density", tables["T10"])
    with pytest.raises(StudyError, match="T10"):
        choices(analysis, part_of(analysis), "observed_day", "income_sd", pd.DataFrame())


@pytest.mark.parametrize("figure", ONE_METRO)
def test_one_metro_at_a_time(analysis, figure):
    with pytest.raises(StudyError, match="choose one of Miami, Seattle"):
        figure(analysis, analysis.whole, "observed_day")
    with pytest.raises(StudyError, match="its outcomes are observed_day, predicted_day"):
        figure(analysis, part_of(analysis), "observed_night")


@pytest.mark.parametrize("figure", ONE_METRO)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_titles_hold_units_and_predictions_their_cautions(analysis, figure, outcome):
    found = figure(analysis, part_of(analysis), outcome)
    assert found.title.endswith(", standard deviations" if figure is likeness else ", °C")
    assert "Seattle" in found.title
    assert "Seattle" in found.reading
    assert found.reading.endswith(".")
    assert "nan" not in found.reading
    predicted = outcome == "predicted_day"
    assert any("Model-implied" in line for line in found.cautions) == predicted
    spatial = figure in (bivariate, clusters, likeness)
    assert (ALIKE in found.cautions) == (predicted and spatial)


@pytest.mark.parametrize("figure", [exposure_by_group, concentration, bivariate])
@pytest.mark.parametrize("how", ["missing", "absent", "alike"])
def test_without_incomes_there_is_a_sentence(analysis, figure, how):
    made = made_analysis(**{INCOME: np.nan if how == "missing" else 50_000.0})
    if how == "absent":
        tracts = made.sample.tracts.drop(columns=INCOME)
        made = Analysis(replace(made.sample, tracts=tracts), ASKED)
    with pytest.raises(StudyError, match="income"):
        figure(made, part_of(made), "observed_day")


def test_one_group_is_no_comparison():
    made = made_analysis(white_share=1.0)
    with pytest.raises(StudyError, match="only 'White alone' has people"):
        exposure_by_group(made, part_of(made), "observed_day", "race")
    with pytest.raises(ConfigError, match="There is no division 'colour'"):
        exposure_by_group(made, part_of(made), "observed_day", "colour")


@pytest.mark.parametrize("figure", [clusters, likeness])
def test_islands_alone_are_an_error(figure):
    far = Analysis(made_sample(), replace(ASKED, space=Space("within_0.1km", 999)))
    with pytest.raises(StudyError, match="0 of 144 tracts have neighbours"):
        figure(far, part_of(far), "observed_day")
    flat = made_analysis(observed_day=30.0)
    with pytest.raises(StudyError, match=r"has no observed by day for a .*, or all the same"):
        figure(flat, part_of(flat), "observed_day")


def test_words():
    assert set(SIDES) == set(COVARIATES)
    assert level("predicted_day", -0.04) == "the metro's median"
    assert level("predicted_day", -1.25) == "1.2 °C below the metro's median"
    assert level("brightness_day", 306.61) == "306.6 K"
    assert people_words(163_210) == "about 160,000 people"
    assert people_words(0) == "0 people"
