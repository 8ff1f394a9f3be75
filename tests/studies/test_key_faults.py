"""A key that stands twice is one fault, and hours of the day are told from a doubled week."""

import pytest

from tests.studies.planting import plant

TABLE = "mobility"


def of_the_day(frame):
    return frame.assign(hour_of_week=frame["hour_of_week"] % 24)


def test_hours_of_the_day_are_named_with_what_the_hour_of_the_week_is(folder):
    (fault,) = plant(folder, TABLE, of_the_day)
    assert fault.column == "hour_of_week"
    assert "run from 0 to 23" in fault.problem
    assert "hours of the day" in fault.problem
    assert fault.remedy == "write the hour of the week, 24 × day + hour: 0 is Monday 00:00"


@pytest.mark.parametrize("kind", ["str", "category", "float64"])
def test_hours_of_the_day_in_another_type_are_found_too(folder, kind):
    faults = plant(folder, TABLE, lambda frame: of_the_day(frame).astype({"hour_of_week": kind}))
    assert {fault.column for fault in faults} == {"hour_of_week"}


@pytest.mark.parametrize("kind", ["int64", "str"])
def test_an_hour_twice_is_no_hour_of_the_day(folder, kind):
    faults = plant(
        folder,
        TABLE,
        lambda frame: frame.iloc[[*range(len(frame)), 30]].astype({"hour_of_week": kind}),
    )
    assert not [fault for fault in faults if "hours of the day" in fault.problem]
    assert [fault for fault in faults if "stands in 2 rows" in fault.problem]
