"""The atlas explained from stored weights: what ships is coarse, and does not change estimates."""

import shutil

import numpy as np
import pytest

from aespa_core.analysis.response import from_rows, responses_of
from aespa_core.attribution.atlas_explanations import (
    BITS,
    LIMITS,
    NOTE,
    OWN_STEP_C,
    STEPS,
    attribute_atlas,
    rounded_bits,
    shipped_responses,
)
from aespa_core.attribution.response_rows import response_rows
from aespa_core.attribution.tract_response import tract_curves, tract_ground
from aespa_core.errors import ArtifactError, StudyError
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.folder import open_study, write_study
from aespa_core.studies.validation import validate_study
from tests.made_tract_model import (
    FULL_METRO,
    MEMBERS,
    METROS,
    model_of_chance,
    town_features,
    write_made_atlas,
)

WEIGHTS = "models/tract_model"


@pytest.fixture(scope="module")
def features(nation):
    return town_features(nation)


@pytest.fixture(scope="module")
def assets(nation, features, tmp_path_factory):
    """Write an atlas and explain it; ``before`` is the atlas as it was."""
    folder = tmp_path_factory.mktemp("assets")
    atlas = write_made_atlas(folder, nation, model_of_chance(features))
    shutil.copytree(atlas.path, folder / "before")
    attribute_atlas(atlas, folder / WEIGHTS, lambda: nation)
    return folder


def test_it_is_valid_and_whole_and_the_estimates_are_as_they_were(assets):
    assert validate_study(assets / "atlas") == []
    atlas = open_study(assets / "atlas")
    assert atlas.run_tables("any") == ("estimates", "attributions", "responses")
    for name in ("estimates.parquet", "cells.parquet"):
        assert (assets / "atlas" / name).read_bytes() == (assets / "before" / name).read_bytes()
    assert atlas.info.notes == ("First note.", NOTE)
    parts, estimates = atlas.read("attributions"), atlas.read("estimates")
    assert set(parts["geoid"]) == set(estimates["geoid"])
    total = parts.groupby("geoid")["effect_c"].sum()
    assert (total - estimates.set_index("geoid")["anomaly_c"]).abs().max() < 1e-4


def test_a_part_stands_where_a_curve_does(assets):
    atlas = open_study(assets / "atlas")
    parts, curves = atlas.read("attributions"), atlas.read("responses")
    one = curves[curves["member"] == 0]
    have = set(zip(one["geoid"], one["proxy"], strict=True))
    told = parts[parts["part"] != "base"]
    assert have == set(zip(told["geoid"], told["part"], strict=True))
    assert len(curves) == MEMBERS * len(one)
    for metro, _ in METROS:
        assert responses_of(atlas, metro, "atlas").proxies == tuple(
            name for name in PROXY_IDS if name in set(one["proxy"][one["metro"] == metro])
        )


def test_no_value_of_a_source_leaves(assets):
    atlas = open_study(assets / "atlas")
    curves, parts = atlas.read("responses"), atlas.read("attributions")
    assert curves["value"].isna().all()
    for name, step in STEPS.items():
        limits = curves.loc[curves["proxy"] == name, list(LIMITS)].to_numpy() / step
        np.testing.assert_allclose(limits, limits.round(), atol=1e-6)
    own = parts["own_c"].dropna() / OWN_STEP_C
    np.testing.assert_allclose(own, own.round(), atol=1e-6)


def test_coarser_tables_say_nearly_the_same_and_never_more_room(features):
    model = model_of_chance(features)
    fine = response_rows(tract_ground(model, features), tract_curves(model, features))
    exact, coarse = from_rows(fine), from_rows(shipped_responses(fine))
    for end in LIMITS:
        mine, theirs = getattr(coarse, end), getattr(exact, end)
        known = exact.known
        assert (np.abs(mine) <= np.abs(theirs) + 1e-9)[known].all()
        assert (np.abs(mine - theirs) < 0.02 + 1e-9)[known].all()
        change = np.nan_to_num(mine)
        said, nearly = exact.effect_c(change), coarse.effect_c(change)
        # each of some ten products and sums is off by 2⁻¹³ of itself at most
        assert np.abs(nearly - said).max() < 10 * 2.0**-13 * max(1.0, np.abs(said).max())
    # fewer bits would be noticed here
    change = np.nan_to_num(exact.highest)
    blunt = fine.assign(line_c=rounded_bits(fine["line_c"].to_numpy(np.float32), 3))
    assert np.abs(from_rows(blunt).effect_c(change) - exact.effect_c(change)).max() > 0.01


def test_rounding_keeps_signs_zeros_and_twelve_bits():
    values = np.array([0.0, 1.0, -1.0, 1 + 2.0**-12, 1 + 2.0**-14, -3.14159, 1e-20], np.float32)
    found = rounded_bits(values, BITS)
    assert found[:5].tolist() == [0.0, 1.0, -1.0, 1 + 2.0**-12, 1.0]
    assert (np.sign(found) == np.sign(values)).all()
    assert np.abs(found / np.where(values == 0, 1, values) - (values != 0)).max() <= 2.0**-13


def test_a_second_time_gives_the_same_files(assets, nation, tmp_path):
    again = open_study(shutil.copytree(assets / "atlas", tmp_path / "atlas"))
    attribute_atlas(again, assets / WEIGHTS, lambda: nation)
    for path in (assets / "atlas").iterdir():
        assert (tmp_path / "atlas" / path.name).read_bytes() == path.read_bytes()


def test_estimates_of_other_models_are_not_explained(assets, nation, tmp_path):
    atlas = open_study(assets / "before")
    changed = atlas.read("estimates")
    here = changed["metro"] == FULL_METRO[0]
    changed.loc[here, ["anomaly_c", "base_c", "low90_c", "high90_c"]] += 0.001
    tables = {"estimates": changed, "cells": atlas.read("cells")}
    other = write_study(tmp_path / "atlas", atlas.info, tables)
    with pytest.raises(StudyError, match=f"estimates of '{FULL_METRO[0]}' were not made by this"):
        attribute_atlas(other, assets / WEIGHTS, lambda: nation)
    assert other.run_tables("any") == ("estimates",)
    with pytest.raises(ArtifactError, match="is missing"):
        attribute_atlas(other, tmp_path, lambda: nation)
