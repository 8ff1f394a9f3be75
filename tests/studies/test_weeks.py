"""Weeks: an hour that clocks skip is filled and counted, other gaps hide the tract and are told."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.errors import StudyError
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import examine
from aespa_core.studies.weeks import CHANNELS, week_gaps, whole_weeks

GEOID = np.array([f"01001{n:06d}" for n in range(6)])
METRO = np.array(["ashford"] * 4 + ["birchton"] * 2)
METRO_OF = dict(zip(GEOID.tolist(), METRO.tolist(), strict=True))


def made_table(seed=0):
    """All hours of all tracts, smooth over the day."""
    rng = np.random.default_rng(seed)
    hours = np.tile(np.arange(168), len(GEOID))
    level = np.repeat(rng.uniform(20, 90, len(GEOID)), 168)
    curve = 2 + np.sin(hours * 2 * np.pi / 24)
    return pd.DataFrame(
        {
            "geoid": np.repeat(GEOID, 168), "hour_of_week": hours, "visits": level * curve,
            "outbound": level * curve / 2, "stay": level * curve / 3,
        }
    )  # fmt: skip


WHOLE = whole_weeks(made_table(), GEOID, METRO)


def without(table, hours, metro=None, geoid=None):
    which = table["hour_of_week"].isin(hours)
    if metro is not None:
        which &= table["geoid"].map(METRO_OF) == metro
    if geoid is not None:
        which &= table["geoid"].isin(geoid)
    return table[~which]


def test_whole_weeks_pass_as_they_are_and_say_nothing():
    table = made_table()
    assert WHOLE.gaps.sentences() == ()
    assert WHOLE.gaps.tracts == len(GEOID)
    expected = table[list(CHANNELS)].to_numpy().reshape(len(GEOID), 168, 3)
    assert (WHOLE.values == expected).all()


@pytest.mark.parametrize("hours", [(146,), (0,), (167,), (26, 27), (167, 0)])
def test_a_skipped_hour_is_the_mean_of_its_neighbours_round_the_week(hours):
    weeks = whole_weeks(without(made_table(), hours), GEOID, METRO)
    before, after = (hours[0] - 1) % 168, (hours[-1] + 1) % 168
    mean = (WHOLE.values[:, before] + WHOLE.values[:, after]) / 2
    for hour in hours:
        assert weeks.values[:, hour] == pytest.approx(mean)
    others = np.setdiff1d(np.arange(168), hours)
    assert (weeks.values[:, others] == WHOLE.values[:, others]).all()
    assert weeks.gaps.filled == {"ashford": tuple(sorted(hours)), "birchton": tuple(sorted(hours))}
    assert weeks.gaps.short == ()
    assert len(weeks.gaps.sentences()) == 2


def test_a_skipped_hour_is_named_by_day_and_clock():
    said = week_gaps(without(made_table(), [146], "ashford"), METRO_OF).sentences()
    assert said == (
        "mobility.parquet: the 4 tracts of 'ashford' have 167 of 168 hours: Sunday 02:00 is "
        "missing in every one, as where clocks skip an hour: taken as the mean of the hours "
        "beside it.",
    )


def test_a_missing_hour_may_also_be_a_row_without_a_number():
    table = made_table()
    table.loc[table["hour_of_week"] == 146, list(CHANNELS)] = np.nan
    gone = whole_weeks(without(made_table(), [146]), GEOID, METRO)
    blank = whole_weeks(table, GEOID, METRO)
    assert (gone.values == blank.values).all()
    assert gone.gaps == blank.gaps
    table.loc[table["hour_of_week"] == 146, "visits"] = np.inf
    assert (whole_weeks(table, GEOID, METRO).values == gone.values).all()


def test_an_hour_that_some_tracts_have_hides_those_that_lack_it():
    weeks = whole_weeks(without(made_table(), [146], geoid=GEOID[:2]), GEOID, METRO)
    assert np.isnan(weeks.values[:2]).all()
    assert (weeks.values[2:] == WHOLE.values[2:]).all()
    assert (weeks.gaps.filled, weeks.gaps.short) == ({}, tuple(GEOID[:2]))
    assert "2 of 6 tracts lack an hour of the 168, or a number in one" in weeks.gaps.sentences()[0]
    assert GEOID[0] in weeks.gaps.sentences()[0]


def test_a_long_gap_stays_one_and_is_told():
    weeks = whole_weeks(without(made_table(), [9, 10, 11], "birchton"), GEOID, METRO)
    assert np.isnan(weeks.values[4:]).all()
    assert weeks.gaps.unfilled == {"birchton": (9, 10, 11)}
    assert weeks.gaps.filled == {}
    # said of the metro as a whole, not again of each tract
    assert weeks.gaps.short == ()
    (sentence,) = weeks.gaps.sentences()
    assert "the 2 tracts of 'birchton' have 165 of 168 hours" in sentence
    assert "3 hours (the first is Monday 09:00) are missing in every one" in sentence


def test_hours_counted_from_one_are_refused_and_not_moved():
    table = made_table().assign(hour_of_week=lambda t: t["hour_of_week"] + 1)
    with pytest.raises(StudyError, match=r"has hour 168 of tract 01001000000: .* subtract 1"):
        week_gaps(table, METRO_OF)


def test_an_hour_twice_is_refused_with_a_cure():
    table = pd.concat([made_table(), made_table().query("hour_of_week == 145")])
    with pytest.raises(StudyError, match=r"hour 145 of tract 01001000000 twice \(6 such rows\)"):
        week_gaps(table, METRO_OF)


def test_a_channel_that_nobody_reports_hides_nobody():
    table = made_table().assign(outbound=np.nan)
    weeks = whole_weeks(table.drop(columns="stay"), GEOID, METRO)
    assert (weeks.values[..., 0] == WHOLE.values[..., 0]).all()
    assert np.isnan(weeks.values[..., 1:]).all()
    assert weeks.gaps.sentences() == ()


def test_half_a_week_and_none_at_all_are_no_week():
    table = without(made_table(), range(100), geoid=GEOID[1:2])
    weeks = whole_weeks(table[table["geoid"] != GEOID[0]], GEOID, METRO)
    assert np.isnan(weeks.values[:2]).all()
    # of a tract without a row nothing is missing: it was never there
    assert weeks.gaps.short == (GEOID[1],)
    assert weeks.gaps.tracts == 5


@settings(deadline=None, max_examples=60)
@given(
    holes=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 167)), max_size=40),
    everywhere=st.lists(st.integers(0, 167), max_size=6),
)
def test_what_is_told_and_what_is_there_agree(holes, everywhere):
    table = without(made_table(), everywhere)
    gone = pd.MultiIndex.from_tuples([(GEOID[i], h) for i, h in holes] or [("", -1)])
    table = table[~pd.MultiIndex.from_frame(table[["geoid", "hour_of_week"]]).isin(gone)]
    weeks = whole_weeks(table, GEOID, METRO)
    whole = np.isfinite(weeks.values).all((1, 2))
    assert {*GEOID[~whole]} == {*weeks.gaps.short}
    assert np.isnan(weeks.values[~whole]).all()
    # what was measured is never moved
    measured = table.set_index(["geoid", "hour_of_week"])["visits"]
    for row in np.flatnonzero(whole):
        own = measured.loc[GEOID[row]]
        assert (weeks.values[row, own.index, 0] == own.to_numpy()).all()
    assert bool(weeks.gaps.sentences()) == (len(table) < len(made_table()))


def test_hours_of_the_day_are_no_week(folder):
    hours = np.arange(168)
    table = pd.DataFrame(
        {"geoid": "01001020100", "hour_of_week": hours % 24, "visits": 5.0, "outbound": 5.0}
    )
    write_parquet(folder / "mobility.parquet", table)
    write_manifest(folder)
    (fault,) = examine(folder).faults
    assert "the hours run from 0 to 23 and a tract has them several times" in fault.problem
    write_parquet(folder / "mobility.parquet", table.assign(hour_of_week=hours))
    write_manifest(folder)
    assert examine(folder).faults == ()
