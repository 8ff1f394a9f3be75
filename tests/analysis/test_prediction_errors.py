"""Model error by income: against the residual on the map, by hand, and what is missing."""

import numpy as np
import pytest

from aespa_core.analysis.exposure.groups import block_errors
from aespa_core.analysis.places import with_derived
from aespa_core.analysis.prediction_errors import prediction_errors
from aespa_core.errors import StudyError
from tests.analysis.exposure.made_tracts import made_blocks, made_tracts

COLUMNS = ("anomaly_c", "observed_c")
INCOME = "median_household_income_usd"


@pytest.fixture
def tracts():
    table = made_tracts().rename(columns={"lst_day_c": "observed_c"})
    # too cool where people are rich
    bias = -(table[INCOME] - table[INCOME].median()) / 20_000
    noise = np.random.default_rng(1).normal(0, 0.2, len(table))
    table["anomaly_c"] = table["observed_c"] - table["observed_c"].median() + bias + noise
    return table.assign(low90_c=0.0, high90_c=0.0)


def test_error_is_minus_the_residual_of_the_map_weighted_by_people(tracts):
    residual, people = with_derived(tracts)["residual_c"], tracts["population"]
    found = prediction_errors(tracts, *COLUMNS, block_errors(made_blocks()))
    row = found.everybody
    assert row.bias.estimate.estimate == pytest.approx(np.average(-residual, weights=people))
    assert row.mae_c == pytest.approx(np.average(abs(residual), weights=people))
    assert row.rmse_c == pytest.approx(np.sqrt(np.average(residual**2, weights=people)))
    assert (row.bias.tracts, row.bias.people) == (120, people.sum())


def test_error_that_goes_with_income_is_seen(tracts):
    found = prediction_errors(tracts, *COLUMNS, block_errors(made_blocks()))
    means = [row.bias.estimate.estimate for row in found.fifths]
    assert means == sorted(means, reverse=True)
    assert found.gap is not None
    assert found.gap.estimate.estimate == pytest.approx(means[0] - means[-1])
    assert found.gap.estimate.low95 > 0
    for row in found.fifths:
        assert row.rmse_c + 1e-9 >= row.mae_c >= abs(row.bias.estimate.estimate) - 1e-9


def test_a_constant_is_no_error(tracts):
    again = tracts.assign(anomaly_c=tracts["anomaly_c"] + 20)
    first, second = (
        prediction_errors(table, *COLUMNS, block_errors(made_blocks())).everybody
        for table in (tracts, again)
    )
    assert first.rmse_c == pytest.approx(second.rmse_c)


def test_only_tracts_with_both_count_medians_included(tracts):
    tracts.loc[:9, "observed_c"] = np.nan
    tracts.loc[115:, "anomaly_c"] = np.nan
    found = prediction_errors(tracts, *COLUMNS, block_errors(made_blocks()))
    alone = prediction_errors(tracts.loc[10:114], *COLUMNS, block_errors(made_blocks()[10:115]))
    assert found.dropped == {"no observed_c": 10, "no anomaly_c": 5}
    assert found.everybody.rmse_c == pytest.approx(alone.everybody.rmse_c)
    assert found.everybody.bias.tracts == 105


def test_without_incomes_the_whole_stays(tracts):
    tracts[INCOME] = np.nan
    found = prediction_errors(tracts, *COLUMNS, block_errors(made_blocks()))
    assert found.everybody.bias.tracts == 120
    assert found.fifths == ()
    assert found.gap is None
    assert found.notices[0].startswith("No fifths: Only 0 tracts")


def test_no_labels_is_one_sentence(tracts):
    tracts["observed_c"] = np.nan
    with pytest.raises(StudyError, match="None of 120 tracts has anomaly_c, observed_c"):
        prediction_errors(tracts, *COLUMNS, block_errors(made_blocks()))
