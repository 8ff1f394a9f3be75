"""What cannot be computed is a sentence that names it and where; all else stays as it was."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
import pytest
from shapely.affinity import translate

from aespa_core.analysis.disparity.design import counted, used_rows
from aespa_core.analysis.disparity.result_table import ResultTable
from aespa_core.analysis.disparity.run import TABLES
from aespa_core.errors import StudyError
from aespa_core.schema import metro_label
from tests.analysis.disparity.conftest import QUICK
from tests.made_disparity import TOWNS, Made, Town, made_study, tables_by_id

GOOD: Final = TOWNS[0].metro
INCOME: Final = "median_household_income_usd"
REGRESSIONS: Final = ("T4", "T5", "T8", "T9", "T10")
BY_METRO: Final = tuple(name for name in TABLES if name not in ("T1", "T3"))
# Rows of one town in a table of the study → the same rows with something wrong.
Change = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Fault:
    """What is wrong in a town.

    ``told``: words that a notice about the town must hold, by table. ``absent``: tables without a
    row of it. ``noted``: words of every table's note. ``changes`` by table of the study.
    """

    changes: dict[str, Change]
    told: dict[str, str]
    absent: tuple[str, ...] = ()
    noted: str = ""
    counties: int = 2


def told(words: str, *tables: str) -> dict[str, str]:
    """Expect the same words in several tables."""
    return dict.fromkeys(tables, words)


def put(value: float | str, *columns: str) -> Change:
    """Give every tract one value, or that of another column."""
    return lambda rows: rows.assign(
        **{name: rows[value] if isinstance(value, str) else value for name in columns}
    )


def first(count: int) -> Change:
    """Leave only so many rows."""
    return lambda rows: rows.iloc[:count]


def alike(estimates: pd.DataFrame) -> pd.DataFrame:
    """Estimate the same of every tract."""
    return estimates.assign(anomaly_c=0.1, base_c=0.1, low90_c=-0.9, high90_c=1.1)


def islands(count: int) -> Change:
    """Move tracts away from each other and from all others."""

    def moved(tracts: pd.DataFrame) -> pd.DataFrame:
        for away, row in enumerate(tracts.index[:count]):
            tracts.loc[row, "geometry"] = translate(
                tracts.geometry[row], 0.02 * (away % 9), 0.2 + 0.02 * (away // 9)
            )
        return tracts

    return moved


def heaped(tracts: pd.DataFrame) -> pd.DataFrame:
    """Lay all tracts over each other, so that each touches every other."""
    first = tracts.geometry.iloc[0]
    shapes = [translate(first, 1e-5 * place, 1e-5 * place) for place in range(len(tracts))]
    return tracts.assign(geometry=shapes)


FAULTS: Final = {
    "heap": Fault(
        {"tracts": heaped},
        told("the spatial parameter cannot be told", "T5"),
        absent=("T5",),
    ),
    "constant_covariate": Fault(
        {"tracts": put(0.5, "white_share")},
        told("nonwhite_10pct is the same in every tract", *REGRESSIONS),
    ),
    "constant_control": Fault(
        {"tracts": put(0.05, "under_5_share")},
        told("under_5_10pct is the same in every tract", *REGRESSIONS),
    ),
    "collinear": Fault(
        {"tracts": put("over_64_share", "under_5_share")},
        told("under_5_10pct is a combination", *REGRESSIONS),
    ),
    "group_with_nobody": Fault(
        {"tracts": put(1.0, "white_share")},
        told("'All but White alone'", "T2", "T7")
        | told("nonwhite_10pct is the same", *REGRESSIONS),
    ),
    "nobody_poor": Fault(
        {"tracts": put(0.0, "poverty_share")}, told("'Below the poverty line'", "T2", "T7")
    ),
    "one_county": Fault({}, told("1 county is too few to cluster by", "T10"), counties=1),
    "island": Fault(
        {"tracts": islands(1)}, told("1 tract without neighbours left out", "T4", "T5")
    ),
    "islands_only": Fault(
        {"tracts": islands(10**6)},
        told("Only 0 of 72 tracts have neighbours", "T4", "T5"),
        absent=("T4", "T5"),
    ),
    "no_income": Fault(
        {"tracts": put(np.nan, INCOME)},
        told("no median household income", *REGRESSIONS) | told("income", "T2", "T6", "T7", "A1"),
        absent=(*REGRESSIONS, "T6"),
    ),
    "one_income": Fault(
        {"tracts": put(50_000.0, INCOME)},
        told("income_sd is the same in every tract", *REGRESSIONS)
        | told("All incomes are the same", "T7")
        | told("'Poorest tenth'", "T6")
        | told("'Poorest fifth'", "T2", "A1"),
    ),
    "few_tracts": Fault(
        dict.fromkeys(("tracts", "temperature", "proxies", "estimates"), first(29)),
        told("nothing to compare", "A1"),
        absent=BY_METRO,
        noted="Few Tracts observed by day (29 tracts), Few Tracts predicted by day (29 tracts)",
    ),
    "no_outcome": Fault(
        {"temperature": put(np.nan, "lst_day_c"), "estimates": first(0)},
        told("nothing to compare", "A1") | told("no observed outcome", "T5"),
        absent=BY_METRO,
        noted="No Outcome observed by day (0 tracts), No Outcome predicted by day (0 tracts)",
    ),
    "constant_outcome": Fault(
        {"temperature": put(30.0, "lst_day_c"), "estimates": alike},
        told("nothing to compare", "A1"),
        absent=BY_METRO,
        noted="Constant Outcome observed by day (the same in every tract)",
    ),
    "no_residents": Fault(
        {"tracts": put(0.0, "population")},
        told("with fewer than 1 residents", *REGRESSIONS)
        | told("residents", "T2", "T6", "A1")
        | told("people", "T7"),
        absent=(*REGRESSIONS, "T2", "T6", "T7", "A1"),
    ),
}


def test_residents_that_are_unknown_are_not_called_few():
    people = pd.DataFrame({"population": [np.nan, np.nan, 0.0, 5.0]})
    used, dropped = used_rows(people, [])
    assert used.tolist() == [False, False, False, True]
    assert counted(dropped) == (
        "2 tracts with an unknown number of residents, 1 tract with fewer than 1 residents"
    )


def faulty_towns() -> Made:
    """Make the good town and one a fault."""
    towns = [
        Town(name, f"{place + 2:02d}", columns=9, rows=8, counties=fault.counties)
        for place, (name, fault) in enumerate(FAULTS.items())
    ]
    made = made_study((TOWNS[0], *towns))
    for town in towns:
        for table, change in FAULTS[town.metro].changes.items():
            made = made.changed(partial(change_town, town.state, change), table)
    return made


def change_town(state: str, change: Change, rows: pd.DataFrame) -> pd.DataFrame:
    """Change the rows of one town, by the state of its geoids; the others stay in their order."""
    here = rows["geoid"].str.startswith(state)
    return pd.concat([rows[~here], change(rows[here].copy())], ignore_index=True)


@pytest.fixture(scope="module")
def faulty_set(tmp_path_factory) -> dict[str, ResultTable]:
    """All tables of the good town and those with faults."""
    return tables_by_id(tmp_path_factory.mktemp("faulty") / "study", faulty_towns(), QUICK)


@pytest.mark.parametrize("name", FAULTS)
def test_a_towns_fault_is_told(name, faulty_set):
    fault, label = FAULTS[name], metro_label(name)
    for table, words in fault.told.items():
        about = [text for text in faulty_set[table].notices if text.startswith(label)]
        assert any(words in text for text in about), (table, words, about)
    for table_id, table in faulty_set.items():
        assert fault.noted in " ".join(table.note)
        if "metro" in table.frame:
            assert (name in set(table.frame["metro"])) == (table_id not in fault.absent), table_id


def test_faults_touch_no_other_town(faulty_set, quick_set):
    assert list(faulty_set) == list(TABLES)
    for name, table in faulty_set.items():
        same_rows(table, quick_set[name])
        mine, before = (
            {text for text in one.notices if text.startswith("Ashford:")}
            for one in (table, quick_set[name])
        )
        assert mine == before
    # all together: still every step
    assert len(faulty_set["T3"].frame) == len(quick_set["T3"].frame)


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
    # what is held besides can be done without; the rest of the specification stands
    for name in ("T3", "T10"):
        assert len(tables[name].frame) >= 0.9 * len(quick_set[name].frame)
    for name in ("T6", "A1"):
        pd.testing.assert_frame_equal(tables[name].frame, quick_set[name].frame, check_exact=True)


@pytest.mark.parametrize(
    ("table", "change", "lost", "left"),
    [
        ("temperature", put(np.nan, "lst_day_c"), "observed by day", "Predicted by day"),
        ("estimates", first(0), "predicted by day", "Observed by day"),
    ],
)
def test_one_kind_of_outcome_is_enough(table, change, lost, left, quick_set, tmp_path):
    made = made_study().changed(change, table)
    tables = tables_by_id(tmp_path / "study", made, QUICK)
    for name, one in tables.items():
        assert f"Nowhere in these studies: {lost}." in one.note
        if "outcome" in one.frame and name != "T8":  # q is within an outcome: T8 is the same too
            before = quick_set[name].frame
            pd.testing.assert_frame_equal(
                one.frame,
                before[before["outcome"] == left][one.frame.columns].reset_index(drop=True),
                check_exact=True,
                check_dtype=not one.frame.empty,
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
    nothing = made.changed(first(0), "estimates").changed(put(np.nan, "lst_day_c"), "temperature")
    with pytest.raises(StudyError, match="no observed_day and no predicted_day"):
        tables_by_id(tmp_path / "nothing", nothing, QUICK)


def test_an_outcome_that_never_changes_within_metros_is_told(tmp_path):
    made = made_study().changed(put(30.0, "lst_day_c"), "temperature")
    tables = tables_by_id(tmp_path / "study", made, QUICK)
    for name in ("T3", "T9", "T10"):
        words = "Observed by day is the same in every tract of a "
        assert any(words in notice for notice in tables[name].notices), name
        assert set(tables[name].frame["outcome"]) == {"Predicted by day"}
