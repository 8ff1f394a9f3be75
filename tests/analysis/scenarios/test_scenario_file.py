"""A scenario is the same after a file and after a link; each fault is one sentence."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aespa_core.analysis.scenarios.measures import MEASURE_IDS
from aespa_core.analysis.scenarios.scenario import Amount, Condition, Scenario, UnitCost, Where
from aespa_core.analysis.scenarios.scenario_file import (
    read_scenario,
    scenario_as_toml,
    scenario_of,
)
from aespa_core.analysis.scenarios.scenario_link import (
    LINK_KEYS,
    scenario_as_link,
    scenario_from_link,
)
from aespa_core.errors import ConfigError

# of places in a study; runs and metros become files, a study's path is any text on one line
names = st.text(
    st.characters(exclude_characters="|", exclude_categories=["Cs"]), min_size=1, max_size=12
)
paths = st.text(
    st.characters(exclude_characters="|", exclude_categories=["C", "Z"]), min_size=1, max_size=12
)
plain = st.text(st.characters(categories=["L", "N"], include_characters="_- &"), max_size=12).map(
    lambda text: f"a{text}"
)
lists = st.lists(names, min_size=1, max_size=4).map(tuple)
positive = st.floats(1e-9, 1e9)
conditions = st.builds(
    Condition,
    st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)
wheres = st.one_of(
    st.builds(Where, tracts=lists),
    st.builds(Where, counties=lists),
    st.builds(Where, urban_areas=lists),
    st.builds(
        Where,
        hottest_share=st.floats(0, 1, exclude_min=True),
        conditions=st.lists(conditions, max_size=3).map(tuple),
    ),
    st.builds(Where, conditions=st.lists(conditions, min_size=1, max_size=3).map(tuple)),
)
measures = st.lists(st.sampled_from(MEASURE_IDS), min_size=1, max_size=4, unique=True)


@st.composite
def scenarios(draw):
    return Scenario(
        study=draw(paths),
        metro=draw(plain),
        where=draw(wheres),
        amounts=tuple(
            Amount(name, draw(st.floats(0, 1)), draw(st.booleans())) for name in draw(measures)
        ),
        run=draw(st.none() | plain),
        literature=draw(st.booleans()),
        costs=tuple(UnitCost(name, draw(positive)) for name in draw(st.just([]) | measures)),
    )


@settings(max_examples=200)
@given(scenarios())
def test_a_scenario_is_the_same_after_a_file_and_after_a_link(scenario):
    assert scenario_of(tomllib.loads(scenario_as_toml(scenario))) == scenario
    link = scenario_as_link(scenario)
    assert scenario_from_link(link) == scenario
    assert set(link) <= set(LINK_KEYS)
    assert all(isinstance(text, str) for text in link.values())
    assert hash(scenario) == hash(scenario_from_link(link))


GOOD = """
study = "demo"
metro = "gridville"
[where]
hottest_share = 0.2
conditions = ["poverty_share above 0.25"]
[measures]
cool_roofs = { of_limit = 1 }
planting = { share = 0.05 }
[costs]
planting = 40
"""


def test_the_form_of_the_file(tmp_path):
    path = tmp_path / "scenario.toml"
    path.write_text(GOOD)
    assert read_scenario(path) == Scenario(
        "demo",
        "gridville",
        Where(hottest_share=0.2, conditions=(Condition("poverty_share", True, 0.25),)),
        (Amount("planting", 0.05), Amount("cool_roofs", 1.0, of_limit=True)),
        costs=(UnitCost("planting", 40.0),),
    )


FAULTS = [
    ('study = "demo"', "study = 3", "study is 3: write it as text"),
    ('study = "demo"', "", "names no study"),
    ('metro = "gridville"', 'metro = ""', "names no metro"),
    ('study = "demo"', 'studdy = "demo"', "the scenario has the unknown key 'studdy'"),
    ('metro = "gridville"', 'metro = "g"\nliterature = "yes"', "literature is 'yes': write true"),
    ("hottest_share = 0.2", "hotest_share = 0.2", "[where] has the unknown key 'hotest_share'"),
    ("hottest_share = 0.2", "hottest_share = 1.2", "hottest_share is 1.2"),
    ("hottest_share = 0.2", "hottest_share = 1.0000001", "hottest_share is 1.0000001"),
    ("of_limit = 1 ", "of_limit = 1.0000001 ", "cool_roofs is 1.0000001: an amount is a share"),
    ("hottest_share = 0.2", "hottest_share = nan", "hottest_share is nan"),
    ("hottest_share = 0.2", 'hottest_share = "a"', "[where] hottest_share is 'a': write a number"),
    ("hottest_share = 0.2", 'tracts = ["01001020100"]', "has tracts and a rule"),
    ("hottest_share = 0.2", 'tracts = "0"', "tracts is '0': write a list of texts"),
    ('["poverty_share above 0.25"]', '["poverty_share > 0.25"]', "is no condition"),
    ('["poverty_share above 0.25"]', '["poverty_share above 1e999"]', "no number to compare with"),
    ("planting = { share = 0.05 }", "planting = { share = -0.1 }", "[measures] planting is -0.1"),
    ("planting = { share = 0.05 }", "planting = { share = 1.1 }", "[measures] planting is 1.1"),
    ("planting = { share = 0.05 }", "planting = { share = nan }", "[measures] planting is nan"),
    ("planting = { share = 0.05 }", "planting = { share = true }", "planting.share is true"),
    ("planting = { share = 0.05 }", "planting = 0.05", "planting is 0.05: write planting = {"),
    ("planting = { share = 0.05 }", "planting = { share = 0.1, of_limit = 1 }", "planting is {"),
    ("planting = { share = 0.05 }", "paint = { share = 0.1 }", "[measures] has 'paint', which is"),
    ("planting = { share = 0.05 }", "bogus = 1", "[measures] has 'bogus', which is no measure"),
    ("planting = { share = 0.05 }", 'metro = "boston"', "metro stands under [measures], as all"),
    ("planting = 40", "planting = 0", "[costs] planting is 0: a cost is US$"),
    ("planting = 40", "planting = inf", "[costs] planting is inf"),
    ("planting = 40", "paint = 4", "[costs] has 'paint', which is no measure"),
    ("[where]", "[where", "is not TOML"),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "sentence"), FAULTS)
def test_each_fault_of_a_file_is_one_sentence(tmp_path, right, wrong, sentence):
    path = tmp_path / "scenario.toml"
    assert right in GOOD
    path.write_text(GOOD.replace(right, wrong))
    with pytest.raises(ConfigError) as error:
        read_scenario(path)
    message = str(error.value)
    assert str(path) in message
    assert sentence in message
    assert "\n" not in message.strip()


def test_a_scenario_needs_a_file_a_place_and_a_measure(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_scenario(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="where] has nothing: give exactly one of"):
        scenario_of({"study": "a", "metro": "b", "measures": {"planting": {"share": 0.1}}})
    with pytest.raises(ConfigError, match="has no measure"):
        scenario_of({"study": "a", "metro": "b", "where": {"hottest_share": 1.0}})
    with pytest.raises(ConfigError, match=r"no name of a place has a '\|'"):
        Where(tracts=("a|b",))
    with pytest.raises(ConfigError, match="where is 3: it is a table"):
        scenario_of({"where": 3})
    twice = (Amount("planting", 0.1), Amount("planting", 0.2))
    with pytest.raises(ConfigError, match="'planting' twice"):
        Scenario("a", "b", Where(hottest_share=1.0), twice)


def test_each_fault_of_a_link_is_one_sentence():
    good = {"study": "a", "metro": "b", "hottest_share": "0.2", "planting": "0.1"}
    for change, sentence in [
        ({"planting": "much"}, "The link's planting is 'much': write a number."),
        ({"planting_of_limit": "0.5"}, "has planting both ways"),
        ({"hottest_share": "x"}, "The link's hottest_share is 'x'"),
        ({"cost_paint": "3"}, "[costs] has 'paint'"),
        ({"colour": "red"}, "unknown key 'colour'"),
        ({"literature": "perhaps"}, "literature is 'perhaps'"),
    ]:
        with pytest.raises(ConfigError) as error:
            scenario_from_link(good | change)
        assert sentence in str(error.value)
