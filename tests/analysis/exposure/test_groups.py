"""Group exposure: against the definition, statsmodels, and the edge cases that must be named."""

import numpy as np
import pytest
import statsmodels.api as sm

from aespa_core.analysis.exposure.deciles import decile_exposure
from aespa_core.analysis.exposure.groups import block_errors, compare, group_exposure
from aespa_core.analysis.exposure.income_fifths import exposure_by_income
from aespa_core.analysis.exposure.people import DIVISIONS, Groups, groups_by_share
from aespa_core.analysis.jackknife import jackknife
from aespa_core.analysis.regression.conley import conley, kernel_matrix
from aespa_core.analysis.regression.covariance import clustered, heteroscedastic
from aespa_core.errors import StudyError
from tests.analysis.exposure.made_tracts import made_blocks, made_tracts

Y = "lst_day_c"


@pytest.fixture
def tracts():
    return made_tracts()


@pytest.fixture
def exposure(tracts):
    return group_exposure(tracts, Y, block_errors(made_blocks()))


def part(exposure, name):
    return next(division for division in exposure.divisions if division.id == name)


def test_means_are_those_of_people_counted_one_by_one(tracts, exposure):
    for name, share in (("poverty", "poverty_share"), ("vehicle", "no_vehicle_share")):
        people = tracts["population"] * tracts[share]
        group, others = (
            np.average(tracts[Y], weights=n) for n in (people, tracts["population"] - people)
        )
        found = part(exposure, name)
        assert [m.estimate.estimate for m in found.means] == pytest.approx([group, others])
        assert found.gaps[0].estimate.estimate == pytest.approx(group - others)
        assert found.means[0].people == pytest.approx(people.sum())
        assert found.gaps[0].people == pytest.approx(tracts["population"].sum())


def test_every_gap_is_of_those_said_to_bear_more(exposure):
    assert exposure.notices == ()
    gaps = {gap.estimate.term: gap.estimate for d in exposure.divisions for gap in d.gaps}
    assert list(gaps) == [
        "All but White alone minus White alone",
        "Below the poverty line minus Above the poverty line",
        "No vehicle minus With a vehicle",
        "Under 5 minus all others",
        "Over 64 minus all others",
        "Poorest minus richest fifth",
    ]
    hotter = [name for name, gap in gaps.items() if gap.low95 > 0]
    assert set(hotter) >= {n for n in gaps if "64" not in n and "Under" not in n}


def test_all_others_are_everybody_else(tracts, exposure):
    under_5, over_64 = part(exposure, "age").gaps
    people = tracts["population"] * tracts["over_64_share"]
    old = np.average(tracts[Y], weights=people)
    rest = np.average(tracts[Y], weights=tracts["population"] - people)
    assert over_64.estimate.estimate == pytest.approx(old - rest)
    assert under_5.tracts == over_64.tracts == len(tracts)


def test_gap_is_a_regression_of_stacked_rows_that_share_a_cluster(tracts):
    blocks = made_blocks()
    people = tracts["population"] * tracts["poverty_share"]
    found = group_exposure(tracts, Y, lambda fit, tract: clustered(fit, blocks[tract]))
    rows = people.to_numpy() > 0
    group = np.repeat([1.0, 0.0], [rows.sum(), len(tracts)])
    fit = sm.WLS(
        np.concatenate([tracts[Y][rows], tracts[Y]]),
        sm.add_constant(group),
        weights=np.concatenate([people[rows], tracts["population"] - people]),
    ).fit(cov_type="cluster", cov_kwds={"groups": np.concatenate([blocks[rows], blocks])})
    gap = part(found, "poverty").gaps[0].estimate
    assert gap.std_error == pytest.approx(fit.bse[1], rel=1e-9)
    assert gap.freedom == 11


def test_two_parametrisations_agree(tracts):
    """Variance of the gap from the means' own covariance: nothing is lost in two regressions."""
    groups = groups_by_share(tracts, Y, DIVISIONS[1])
    seen = []

    def errors(fit, tract):  # noqa: ANN202
        seen.append(block_errors(made_blocks())(fit, tract))
        return seen[-1]

    gap = compare(tracts[Y].to_numpy(), groups, errors).gaps[0].estimate
    assert gap.std_error**2 == pytest.approx(np.array([1, -1]) @ seen[0].matrix @ [1, -1])


def test_error_is_near_the_jackknifes(tracts, exposure):
    """Two roads to one number: CR2 and leaving out blocks differ by little with twelve of them."""
    y, people = tracts[Y].to_numpy(), (tracts["population"] * tracts["poverty_share"]).to_numpy()
    rest = tracts["population"].to_numpy() - people

    def gap(rows):  # noqa: ANN202
        return np.array(
            [np.average(y[rows], weights=people[rows]) - np.average(y[rows], weights=rest[rows])]
        )

    left = jackknife(gap, made_blocks(), ["gap"]).estimates[0]
    found = part(exposure, "poverty").gaps[0].estimate
    assert found.estimate == pytest.approx(left.estimate)
    assert found.std_error == pytest.approx(left.std_error, rel=0.15)


def test_fifths_have_the_means_of_the_page(tracts, exposure):
    page = exposure_by_income(tracts, Y)
    found = part(exposure, "income_fifth")
    assert [m.estimate.estimate for m in found.means] == pytest.approx(
        [group.mean_c for group in page.groups]
    )
    assert found.gaps[0].estimate.estimate == pytest.approx(page.gap.mean_c)


def test_a_missing_share_leaves_the_tract_out_of_that_division_alone(tracts):
    tracts.loc[0, "poverty_share"] = np.nan
    tracts.loc[[1, 2], Y] = np.nan
    tracts.loc[3, ["population", "poverty_share"]] = 0, np.nan
    found = group_exposure(tracts, Y, block_errors(made_blocks()))
    common = {f"no {Y}": 2, "no residents": 1}
    assert part(found, "poverty").dropped == {**common, "no poverty_share": 1}
    assert part(found, "race").dropped == common
    assert part(found, "poverty").gaps[0].tracts == 116


def test_a_group_with_nobody_is_named_and_the_rest_stays(tracts):
    tracts["no_vehicle_share"] = 0.0
    found = group_exposure(tracts, Y, block_errors(made_blocks()))
    assert found.notices == ("Vehicle: nobody is in 'No vehicle', which has no mean.",)
    vehicle = part(found, "vehicle")
    assert [mean.estimate.term for mean in vehicle.means] == ["With a vehicle"]
    assert vehicle.gaps == ()
    assert len(found.divisions) == 5


def test_a_missing_column_and_missing_incomes_are_notices(tracts):
    tracts["median_household_income_usd"] = np.nan
    found = group_exposure(tracts.drop(columns="white_share"), Y, block_errors(made_blocks()))
    assert [division.id for division in found.divisions] == ["poverty", "vehicle", "age"]
    assert "Race: the study has no white_share." in found.notices
    assert any(notice.startswith("Only 0 tracts have") for notice in found.notices)


def test_one_income_for_all_has_a_middle_fifth_only(tracts):
    tracts["median_household_income_usd"] = 50_000.0
    found = group_exposure(tracts, Y, block_errors(made_blocks()))
    fifths = part(found, "income_fifth")
    assert [mean.estimate.term for mean in fifths.means] == ["Middle"]
    assert fifths.gaps == ()
    assert len(found.notices) == 4


def test_one_block_leaves_the_means_and_says_why_intervals_are_unknown(tracts):
    found = group_exposure(tracts, Y, block_errors(np.zeros(len(tracts), dtype=int)))
    gap = part(found, "poverty").gaps[0].estimate
    assert np.isfinite(gap.estimate)
    assert np.isnan([gap.std_error, gap.low95, gap.high95, gap.p]).all()
    assert any("One cluster says nothing" in notice for notice in found.notices)


def test_a_group_in_one_block_has_no_interval(tracts):
    blocks = made_blocks()
    tracts["no_vehicle_share"] = np.where(blocks == 3, 0.1, 0.0)
    found = group_exposure(tracts, Y, block_errors(blocks))
    mean = part(found, "vehicle").means[0].estimate
    assert np.isfinite(mean.estimate)
    assert np.isnan(mean.std_error)
    assert found.notices == (
        "Vehicle: 'No vehicle' differs between no clusters, so its interval is unknown.",
    )


def test_shares_beyond_one_are_left_out(tracts):
    tracts.loc[5, ["under_5_share", "over_64_share"]] = 0.6, 0.6
    assert groups_by_share(tracts, Y, DIVISIONS[3]).dropped == {"shares add up to more than 1": 1}


def test_without_outcome_there_is_one_sentence(tracts):
    with pytest.raises(StudyError, match="has no lst_night_c"):
        group_exposure(tracts, "lst_night_c", block_errors(made_blocks()))


def test_other_errors_can_be_asked_for(tracts):
    groups = groups_by_share(tracts, Y, DIVISIONS[0])
    together = Groups("all", "All", ("All",), groups.people.sum(1)[:, None],
                      groups.people.sum(1)[:, None], (), {})  # fmt: skip
    found = compare(tracts[Y].to_numpy(), together, lambda fit, _: heteroscedastic(fit, "HC1"))
    fit = sm.WLS(tracts[Y], np.ones(len(tracts)), weights=tracts["population"]).fit(
        cov_type="HC1", use_t=True
    )
    estimate = found.means[0].estimate
    assert [estimate.low95, estimate.high95] == pytest.approx(fit.conf_int().to_numpy()[0])


def test_deciles_count_tracts_not_people(tracts):
    found = decile_exposure(tracts, Y, block_errors(made_blocks()))
    ordered = tracts.sort_values("median_household_income_usd")[Y].to_numpy().reshape(10, 12)
    assert [mean.estimate.estimate for mean in found.means] == pytest.approx(ordered.mean(1))
    assert [mean.tracts for mean in found.means] == [12] * 10
    assert found.gaps[0].estimate.estimate == pytest.approx(ordered[0].mean() - ordered[-1].mean())
    assert sum(mean.people for mean in found.means) == tracts["population"].sum()


def test_too_few_tracts_for_deciles_is_one_sentence(tracts):
    tracts.loc[45:, "median_household_income_usd"] = np.nan
    with pytest.raises(StudyError, match=r"Only 45 tracts .* at least 50"):
        decile_exposure(tracts, Y, block_errors(made_blocks()))


def test_conley_reaches_a_tracts_other_row(tracts):
    """A uniform kernel over single tracts is clustering by tract: both rows of it go together."""
    places = np.column_stack([np.arange(120.0), np.zeros(120)])
    pairs = kernel_matrix(places, 0.5, "uniform")
    by_distance = group_exposure(tracts, Y, lambda fit, tract: conley(fit, pairs[tract][:, tract]))
    by_tract = group_exposure(tracts, Y, lambda fit, tract: clustered(fit, tract, "CR0"))
    first, second = (part(found, "race").gaps[0].estimate for found in (by_distance, by_tract))
    assert first.std_error == pytest.approx(second.std_error, rel=1e-9)
