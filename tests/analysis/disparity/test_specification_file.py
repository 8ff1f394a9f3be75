"""A specification file says what the specification says, and nothing wrong goes unnamed."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.analysis.disparity.covariates import COVARIATES
from aespa_core.analysis.disparity.outcomes import OUTCOMES
from aespa_core.analysis.disparity.specification import (
    ERROR_KINDS,
    FIXED_EFFECTS,
    WEIGHTS,
    Errors,
    Inequality,
    Space,
    Specification,
)
from aespa_core.analysis.disparity.specification_file import (
    read_specification,
    specification_as_toml,
)
from aespa_core.analysis.regression.conley import KERNELS
from aespa_core.errors import ConfigError

# Whatever can stand in a path; the writer must quote it. Lone surrogates are no text.
TEXT = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=12)
PLAIN = st.text(st.characters(categories=["L", "N"], include_characters="_- &"), max_size=12).map(
    lambda text: f"a{text}"
)


@st.composite
def specifications(draw: st.DrawFn) -> Specification:
    """Draw a valid specification."""
    covariates = draw(st.lists(st.sampled_from(list(COVARIATES)), min_size=1, unique=True))
    asked = draw(st.integers(1, len(covariates)))
    outcomes = draw(st.lists(st.sampled_from(list(OUTCOMES)), min_size=1, unique=True))
    neighbours = st.sampled_from(["queen", "rook", "knn_6", "within_2.5km"])
    return Specification(
        studies=tuple(draw(st.lists(TEXT, max_size=3, unique=True))),
        metros=tuple(draw(st.lists(PLAIN, max_size=3, unique=True))),
        run=draw(st.none() | PLAIN),
        outcomes=tuple(outcomes),
        terms=tuple(covariates[:asked]),
        controls=tuple(covariates[asked:]),
        fixed_effects=draw(st.sampled_from(FIXED_EFFECTS)),
        weights=draw(st.sampled_from(WEIGHTS)),
        quantiles=tuple(draw(st.lists(st.floats(0.01, 0.99), max_size=4, unique=True))),
        least_residents=draw(st.floats(1, 1e6)),
        seed=draw(st.integers(0, 2**32 - 1)),
        errors=Errors(
            draw(st.sampled_from(ERROR_KINDS)),
            draw(st.none() | st.integers(4, 1000)),
            draw(st.floats(0.1, 1000)),
            draw(st.sampled_from(list(KERNELS))),
        ),
        space=Space(draw(neighbours), draw(st.integers(99, 99_999))),
        inequality=Inequality(draw(st.floats(1e-3, 10))),
    )


@pytest.fixture(scope="module")
def spec_file(tmp_path_factory) -> Path:
    """Where a specification is written, again and again."""
    return tmp_path_factory.mktemp("specifications") / "spec.toml"


@given(asked=specifications())
def test_what_is_written_is_read(asked, spec_file):
    spec_file.write_text(specification_as_toml(asked), encoding="utf-8")
    assert read_specification(spec_file) == asked


def test_every_key_is_written_so_that_defaults_may_change(spec_file):
    text = specification_as_toml(Specification(run="mine", errors=Errors(blocks=8)))
    for name, value in asdict(Specification()).items():
        assert (f"[{name}]" if isinstance(value, dict) else f"{name} = ") in text
    spec_file.write_text("", encoding="utf-8")
    assert read_specification(spec_file) == Specification()


def test_whole_numbers_are_numbers(spec_file):
    spec_file.write_text("[errors]\ncutoff_km = 5\n", encoding="utf-8")
    assert read_specification(spec_file).errors.cutoff_km == 5.0


WRONG = [
    ("covariates = []", "there is no key 'covariates'"),
    ("[errors]\nkindd = 'HC1'", "[errors] there is no key 'kindd'"),
    ("[space]\nkappa_per_c = 1.0", "[space] there is no key 'kappa_per_c'"),
    ("errors = 'HC1'", "write a section [errors]"),
    ("terms = 'income_sd'", "terms is 'income_sd': write a list"),
    ("terms = [3]", "terms is 3: write text"),
    ("weights = true", "weights is true: write text"),
    ("run = 5", "run is 5: write text"),
    ("seed = 1.5", "seed is 1.5: write a whole number"),
    ("seed = true", "seed is true: write a whole number"),
    ("quantiles = ['half']", "quantiles is 'half': write a number"),
    ("[errors]\nblocks = 8.0", "[errors] blocks is 8.0: write a whole number"),
    ("[inequality]\nkappa_per_c = '0.5'", "[inequality] kappa_per_c is '0.5': write a number"),
    ("quantiles = [0.5, 1.0]", "quantiles is 1"),
    ("seed = -1", "seed is -1"),
    ("least_residents = 0.0", "least_residents is 0"),
    ("least_residents = nan", "least_residents is nan"),
    ("[errors]\nblocks = 3", "[errors] blocks is 3"),
    ("[errors]\ncutoff_km = 0.0", "[errors] cutoff_km is 0"),
    ("[errors]\ncutoff_km = nan", "[errors] cutoff_km is nan"),
    ("[errors]\ncutoff_km = inf", "[errors] cutoff_km is inf"),
    ("[errors]\nkind = 'HC0'", "[errors] kind: there is no 'HC0'"),
    ("[errors]\nkernel = 'gauss'", "[errors] kernel: there is no 'gauss'"),
    ("[inequality]\nkappa_per_c = 0.0", "[inequality] kappa_per_c is 0"),
    ("[space]\npermutations = 9", "[space] permutations is 9"),
    ("[space]\nneighbours = 'bishop'", "[space] neighbours: 'bishop'"),
    ("fixed_effects = 'tract'", "fixed_effects: there is no 'tract'"),
    ("weights = 'area'", "weights: there is no 'area'"),
    ("outcomes = ['pm25']", "outcomes: there is no 'pm25'"),
    ("outcomes = []", "outcomes"),
    ("outcomes = ['observed_day', 'observed_day']", "outcomes name observed_day twice"),
    ("terms = ['canopy']", "there is no 'canopy'"),
    ("terms = []", "terms"),
    ("terms = ['income_sd', 'income_sd']", "terms name income_sd twice"),
    ("terms = ['over_64_10pct']", "over_64_10pct stands among terms and controls"),
    ("quantiles = [0.5, 0.5]", "quantiles name 0.5 twice"),
]


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[text for text, _ in WRONG])
def test_a_wrong_key_or_value_is_named_with_its_file(text, words, spec_file):
    spec_file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(words)) as caught:
        read_specification(spec_file)
    assert str(caught.value).startswith(f"{spec_file}: ")
    assert str(caught.value).endswith(".")


def test_a_file_that_is_none_or_no_toml_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.toml cannot be read \(No such file"):
        read_specification(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_specification(tmp_path)
    garbled = tmp_path / "garbled.toml"
    garbled.write_text("terms = [", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"garbled\.toml is not TOML"):
        read_specification(garbled)
    garbled.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"garbled\.toml is not text in UTF-8"):
        read_specification(garbled)
