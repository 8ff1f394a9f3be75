"""What cannot be computed is a sentence that names it and where; all else stays as it was."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pytest
from shapely.affinity import translate

from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import TABLES
from aespa_core.errors import StudyError
from tests.analysis.disparity.conftest import QUICK
from tests.made_disparity import TOWNS, Made, made_study, tables_by_id

GOOD, BAD = TOWNS[0].metro, TOWNS[1].metro
INCOME = "median_household_income_usd"
REGRESSIONS = ("T4", "T5", "T8", "T9", "T10")
Tracts = pd.DataFrame


def bad_rows(table: pd.DataFrame) -> np.ndarray:
    """Rows of the second town, by the state of its geoids."""
    return table["geoid"].str.startswith(TOWNS[1].state).to_numpy()


def put(column: str, value: float) -> Callable[[Tracts], Tracts]:
    """Give every tract of the second town one value."""
    return lambda table: table.assign(**{column: table[column].mask(bad_rows(table), value)})


def islands(count: int) -> Callable[[Tracts], Tracts]:
    """Move tracts of the second town away from each other and from all others."""

    def moved(tracts: Tracts) -> Tracts:
        for away, row in enumerate(np.flatnonzero(bad_rows(tracts))[:count]):
            tracts.loc[row, "geometry"] = translate(
                tracts.geometry[row], 0.02 * (away % 9), 0.2 + 0.02 * (away // 9)
            )
        return tracts

    return moved


def both_outcomes(day_c: float, anomaly_c: float) -> Made:
    """Give all tracts of the second town one observed and one estimated temperature."""
    made = made_study().changed(put("lst_day_c", day_c), "temperature")
    return made.changed(put("anomaly_c", anomaly_c), "estimates")


@dataclass(frozen=True)
class Case:
    """A study with something wrong in its second town.

    ``told``: words that a notice about that town must hold, by table. ``noted``: words of every
    table's note. ``absent``: tables without a row of that town.
    """

    made: Made
    told: dict[str, str]
    absent: tuple[str, ...] = ()
    noted: str = ""


def told(words: str, *tables: str) -> dict[str, str]:
    """Expect the same words in several tables."""
    return dict.fromkeys(tables, words)


CASES = {
    "a constant covariate": lambda: Case(
        made_study().changed(put("white_share", 0.5)),
        told("nonwhite_10pct is the same in every tract", *REGRESSIONS),
    ),
    "a constant control": lambda: Case(
        made_study().changed(put("under_5_share", 0.05)),
        told("under_5_10pct is the same in every tract", *REGRESSIONS),
    ),
    "a collinear covariate": lambda: Case(
        made_study().changed(
            lambda tracts: tracts.assign(
                under_5_share=tracts["under_5_share"].mask(
                    bad_rows(tracts), tracts["over_64_share"] / 2 + 0.01
                )
            )
        ),
        told("under_5_10pct is a combination", *REGRESSIONS),
    ),
    "a group with nobody": lambda: Case(
        made_study().changed(put("white_share", 1.0)),
        told("'All but White alone'", "T2", "T7")
        | told("nonwhite_10pct is the same", *REGRESSIONS),
    ),
    "nobody poor": lambda: Case(
        made_study().changed(put("poverty_share", 0.0)),
        told("'Below the poverty line'", "T2", "T7"),
    ),
    "one county": lambda: Case(
        made_study((TOWNS[0], replace(TOWNS[1], counties=1))),
        told("1 county is too few to cluster by", "T10"),
    ),
    "an island": lambda: Case(
        made_study().changed(islands(1)), told("1 tract without neighbours left out", "T4", "T5")
    ),
    "islands only": lambda: Case(
        made_study().changed(islands(10**6)),
        told("Only 0 of 72 tracts have neighbours", "T4", "T5"),
        absent=("T4", "T5"),
    ),
    "no income": lambda: Case(
        made_study().changed(put(INCOME, np.nan)),
        told("no income_sd", *REGRESSIONS) | told("income", "T2", "T6", "T7", "A1"),
        absent=(*REGRESSIONS, "T6"),
    ),
    "one income": lambda: Case(
        made_study().changed(put(INCOME, 50_000.0)),
        told("income_sd is the same in every tract", *REGRESSIONS)
        | told("All incomes are the same", "T7")
        | told("'Poorest tenth'", "T6")
        | told("'Poorest fifth'", "T2", "T7", "A1"),
    ),
    "few tracts": lambda: Case(
        made_study().changed(lambda t: t.drop(index=np.flatnonzero(bad_rows(t))[29:])),
        told("nothing to compare", "A1"),
        absent=tuple(name for name in TABLES if name not in ("T1", "T3")),
        noted="Birch observed by day (29 tracts), Birch predicted by day (29 tracts)",
    ),
    "no outcome": lambda: Case(
        both_outcomes(np.nan, np.nan),
        told("nothing to compare", "A1") | told("no observed outcome", "T5"),
        absent=tuple(name for name in TABLES if name not in ("T1", "T3")),
        noted="Birch observed by day (0 tracts), Birch predicted by day (0 tracts)",
    ),
    "a constant outcome": lambda: Case(
        both_outcomes(30.0, 0.1),
        told("nothing to compare", "A1"),
        absent=tuple(name for name in TABLES if name not in ("T1", "T3")),
        noted="Birch observed by day (the same in every tract)",
    ),
    "no residents": lambda: Case(
        made_study().changed(put("population", 0.0)),
        told("with fewer than 1 residents", *REGRESSIONS)
        | told("residents", "T2", "T6", "A1")
        | told("people", "T7"),
        absent=(*REGRESSIONS, "T2", "T6", "T7", "A1"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_one_towns_fault_is_told_and_touches_no_other(name, quick_set, tmp_path):
    case = CASES[name]()
    tables = tables_by_id(tmp_path / "study", case.made, QUICK)
    assert list(tables) == list(TABLES)
    for table, words in case.told.items():
        about = [notice for notice in tables[table].notices if "Birch" in notice]
        assert any(words in notice for notice in about), (table, words, tables[table].notices)
    for id_, table in tables.items():
        assert case.noted in " ".join(table.note)
        if "metro" in table.frame:
            assert (BAD in set(table.frame["metro"])) == (id_ not in case.absent), id_
        same_rows(table, quick_set[id_])
    assert len(tables["T3"].frame) == len(quick_set["T3"].frame)
    silent = {n for table in tables.values() for n in table.notices if "Ashford:" in n}
    assert silent <= {n for table in quick_set.values() for n in table.notices}


def same_rows(table: ResultTable, healthy: ResultTable) -> None:
    """Check that the first town's rows are the same to the last bit; q is over all metros."""
    if "metro" in table.frame:
        mine, before = (
            one.frame[one.frame["metro"] == GOOD].drop(columns="q", errors="ignore")
            for one in (table, healthy)
        )
        pd.testing.assert_frame_equal(
            mine.reset_index(drop=True), before.reset_index(drop=True), check_exact=True
        )


def test_a_town_is_the_same_alone(quick_set, tmp_path):
    alone = tables_by_id(tmp_path / "study", made_study(TOWNS[:1]), QUICK)
    for name, table in alone.items():
        same_rows(table, quick_set[name])
    terms = alone["T3"].frame
    assert set(terms.loc[terms["term"] == "Fixed effects", "value"]) == {"none", "county"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda tracts: tracts.assign(**{INCOME: np.nan}), "income"),
        (lambda tracts: tracts.drop(columns=INCOME), INCOME),
    ],
    ids=["no value", "no column"],
)
def test_without_any_income_other_tables_stand(change, words, quick_set, tmp_path):
    tables = tables_by_id(tmp_path / "study", made_study().changed(change), QUICK)
    for name in ("T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "A1"):
        assert any(words in notice for notice in tables[name].notices), name
    for name in ("T3", "T4", "T5", "T6", "T8", "T9", "T10"):
        assert tables[name].frame.empty
    poverty = [
        one["T2"].frame.query("division == 'Poverty'").reset_index(drop=True)
        for one in (tables, quick_set)
    ]
    pd.testing.assert_frame_equal(*poverty, check_exact=True)
    assert tables["T1"].frame["variable"].str.contains("vegetation|canopy", case=False).any()
    assert (tables["A1"].frame["group"] == "All residents").sum() == 2
    assert (tables["T7"].frame["index"] == "Even heat").any()


def test_without_income_diagnostics_stand_on_other_covariates(tmp_path):
    made = made_study().changed(lambda tracts: tracts.drop(columns=INCOME))
    asked = replace(QUICK, terms=("nonwhite_10pct",))
    tables = tables_by_id(tmp_path / "study", made, asked)
    for name in ("T3", "T4", "T5", "T8", "T9", "T10"):
        assert not tables[name].frame.empty, name
        assert not any("income" in notice for notice in tables[name].notices)


def test_a_missing_column_is_named_and_ways_without_it_stand(quick_set, tmp_path):
    made = made_study().changed(lambda tracts: tracts.drop(columns="under_5_share"))
    tables = tables_by_id(tmp_path / "study", made, QUICK)
    for name in ("T2", "T3", *REGRESSIONS):
        assert any("no under_5_share" in notice for notice in tables[name].notices), name
    assert set(tables["T3"].frame["model"]) == {"(1)", "(2)"}
    assert set(tables["T10"].frame["to"]) == {"none"}
    for name in ("T6", "A1"):
        pd.testing.assert_frame_equal(tables[name].frame, quick_set[name].frame, check_exact=True)


@pytest.mark.parametrize(
    ("table", "column", "lost", "left"),
    [
        ("temperature", "lst_day_c", "observed by day", "Predicted by day"),
        ("estimates", "anomaly_c", "predicted by day", "Observed by day"),
    ],
)
def test_one_kind_of_outcome_is_enough(table, column, lost, left, quick_set, tmp_path):
    made = made_study().changed(lambda rows: rows.assign(**{column: np.nan}), table)
    tables = tables_by_id(tmp_path / "study", made, QUICK)
    for name, one in tables.items():
        assert f"Nowhere in these studies: {lost}." in one.note
        if "outcome" in one.frame and name != "T8":  # q is within an outcome: T8 is the same too
            before = quick_set[name].frame
            pd.testing.assert_frame_equal(
                one.frame,
                before[before["outcome"] == left][one.frame.columns].reset_index(drop=True),
                check_exact=True,
            )
    assert tables["A1"].frame.empty
    assert all(
        any(f"{town}: nothing to compare" in notice for notice in tables["A1"].notices)
        for town in ("Ashford", "Birch")
    )
    assert tables["T5"].frame.empty == (table == "temperature")


def test_a_study_without_people_or_outcomes_is_refused(tmp_path):
    made = made_study()
    with pytest.raises(StudyError, match="have no population"):
        tables_by_id(tmp_path / "nobody", made.changed(lambda t: t.drop(columns="population")))
    nothing = made.changed(lambda rows: rows.assign(anomaly_c=np.nan), "estimates").changed(
        lambda rows: rows.assign(lst_day_c=np.nan), "temperature"
    )
    with pytest.raises(StudyError, match="no observed_day and no predicted_day"):
        tables_by_id(tmp_path / "nothing", nothing, QUICK)


def test_an_outcome_that_never_changes_within_metros_is_told(tmp_path):
    made = both_outcomes(30.0, 0.1)
    flat = made.changed(lambda rows: rows.assign(lst_day_c=30.0), "temperature")
    asked = replace(QUICK, outcomes=("observed_day", "predicted_day"))
    tables = tables_by_id(tmp_path / "study", flat, asked)
    for name in ("T3", "T9", "T10"):
        words = "Observed by day is the same in every tract of a "
        assert any(words in notice for notice in tables[name].notices), name
        assert set(tables[name].frame["outcome"]) == {"Predicted by day"}
