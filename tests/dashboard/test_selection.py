"""Links: what is asked for is shown, or the reader is told."""

from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection import choose, labels_of


def test_an_allowed_value_is_taken():
    assert choose({"metro": "miami"}, "metro", ["boston", "miami"], "boston").value == "miami"


def test_no_parameter_is_the_default_without_a_word():
    choice = choose({}, "metro", ["boston"], "boston")
    assert (choice.value, choice.notice) == ("boston", None)


@given(st.text(min_size=1))
def test_anything_else_is_the_default_with_a_notice(asked):
    choice = choose({"metro": asked}, "metro", ["boston"], "boston")
    assert choice.value == "boston"
    assert (choice.notice is None) == (asked == "boston")


def test_studies_of_one_name_are_told_apart_by_their_folders():
    names = {"atlas": "Atlas", "twin": "Simulated metros", "twin_2": "Simulated metros"}
    labels = labels_of(names)
    assert labels == {
        "atlas": "Atlas",
        "twin": "Simulated metros (twin)",
        "twin_2": "Simulated metros (twin_2)",
    }


@given(st.dictionaries(st.text(), st.sampled_from(["Demo", "Mine"]), max_size=5))
def test_no_two_ids_have_one_label(names):
    labels = labels_of(names)
    assert len(set(labels.values())) == len(labels) == len(names)
