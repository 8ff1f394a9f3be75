"""An atlas of the made nation from end to end."""

import numpy as np
import pytest

from aespa_core.errors import ArtifactError, StudyError
from aespa_core.inference import fit_cache
from aespa_core.inference.atlas import Place, World, build_metro, check_target, write_atlas
from aespa_core.inference.metro_estimates import metro_estimates
from aespa_core.inference.metro_model import load_metro_model, save_metro_model
from aespa_core.schema import metro_named
from aespa_core.studies.validation import validate_study
from tests.made_nation import BARE_METRO, FAST, LABELLED_METRO, OWN_AREA, SIDE, polygons_of


@pytest.fixture(scope="module")
def world(nation, labelled):
    """Put the made nation together."""
    return World(nation, labelled)


def built(world, metro, cache):
    """Build one metro."""
    place = Place(metro_named(metro[0]), polygons_of(world.national, metro[1]))
    return build_metro(world, place, FAST, 0, cache=cache)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Folder of fitted models."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def parts(world, cache):
    """Build a metro with labels and canopy, and one with neither."""
    return [built(world, metro, cache) for metro in (LABELLED_METRO, BARE_METRO)]


@pytest.fixture(scope="module")
def atlas(parts, tmp_path_factory):
    """Write the atlas."""
    folder = tmp_path_factory.mktemp("assets")
    return write_atlas(parts, folder / "atlas", folder / "models" / "tract_model")


def test_the_atlas_is_a_valid_study(atlas):
    assert atlas.info.kind == "estimated"
    assert validate_study(atlas.path) == []


def test_every_polygon_has_an_estimate_and_cells(atlas, nation):
    estimates, cells = atlas.read("estimates"), atlas.read("cells")
    for metro, number in (LABELLED_METRO, BARE_METRO):
        wanted = set(polygons_of(nation, number).index)
        assert set(estimates.loc[estimates["metro"] == metro, "geoid"]) == wanted
        assert wanted <= set(cells["geoid"])
    assert np.isfinite(estimates[["anomaly_c", "low90_c", "high90_c", "base_c"]]).all(axis=None)


def test_not_measured_is_missing_and_wider(atlas):
    table = atlas.read("estimates")
    mine = table[table["metro"] == LABELLED_METRO[0]].set_index("geoid")
    fringe = mine["contribution_canopy_c"].isna()
    assert fringe.sum() == SIDE + 1  # the first column, and the lake
    assert not mine.loc[fringe, "measured"].str.contains("canopy").any()
    assert mine.loc[~fringe, "measured"].eq("ndvi+canopy").all()
    width = mine["high90_c"] - mine["low90_c"]
    assert width[fringe].median() > width[~fringe].median()
    bare = table[table["metro"] == BARE_METRO[0]]
    assert bare["contribution_canopy_c"].isna().all()
    assert bare["measured"].eq("ndvi").all()
    assert not any(word in name for name in table for word in ("albedo", "shadow", "impervious"))


def test_absolute_temperature_only_where_there_is_a_label(atlas, nation):
    table = atlas.read("estimates").set_index("geoid")
    labels = nation.table["lst_day_c"][nation.table["urban_area"] == OWN_AREA].dropna()
    assert set(table.index[table["lst_day_c"].notna()]) == set(labels.index)
    assert table["lst_day_c"].median() == pytest.approx(labels.median(), abs=1e-5)


def test_a_tract_without_land_is_estimated_and_flagged(atlas, nation):
    table = atlas.read("estimates").set_index("geoid")
    lake = nation.table.index[nation.table["land_km2"].isna()][0]
    assert table.loc[lake, "extrapolated"]
    assert table.loc[lake, "measured"] == "none"


def test_the_differences_follow_the_labels(atlas, nation):
    table = atlas.read("estimates").set_index("geoid")
    mine = table[table["metro"] == LABELLED_METRO[0]]
    assert mine["anomaly_c"].corr(nation.table["lst_day_c"].reindex(mine.index)) > 0.7


def test_a_second_build_fits_nothing_and_says_the_same(world, parts, cache, monkeypatch):
    monkeypatch.setattr(fit_cache, "fit_metro_model", None)
    again = built(world, LABELLED_METRO, cache)
    assert again.estimates.equals(parts[0].estimates)
    assert again.cells.equals(parts[0].cells)


def test_other_settings_are_other_fits(world, parts):
    split = fit_cache.MetroSplit(world.tracts, (), ())
    keys = {fit_cache.fit_key(split, FAST, seed) for seed in (0, 1)}
    bare = fit_cache.MetroSplit(world.tracts.without_proxies(("canopy",)), (), ())
    assert len(keys | {fit_cache.fit_key(bare, FAST, 0)}) == 3


def test_one_metro_is_replaced_and_the_others_stay(parts, tmp_path):
    out, weights = tmp_path / "atlas", tmp_path / "models" / "tract_model"
    whole = write_atlas(parts, out, weights)
    before, notes = whole.read("estimates"), whole.info.notes
    after = write_atlas(parts[:1], out, weights)
    assert after.read("estimates").equals(before)
    assert after.info.notes == notes


def test_the_card_names_inputs_areas_and_what_is_missing(atlas):
    card = (atlas.path.parent / "models" / "tract_model.md").read_text(encoding="utf-8")
    for words in (
        "`log_housing`", "Albedo and shadow were nowhere measured", OWN_AREA, "GSHHG", "seed 0",
        "no urban area lies mostly in it", "not causal", "LGPL-3.0", "not for the true temperature",
    ):  # fmt: skip
        assert words in card
    # its own area taught the labelled metro's model nothing
    facts = load_metro_model(atlas.path.parent / "models" / "tract_model", "minneapolis").facts
    assert OWN_AREA not in facts["curves"]["canopy"]
    assert facts["curves"]["impervious"] == {}


def test_stored_weights_give_the_atlas_again(atlas, nation):
    fitted = load_metro_model(atlas.path.parent / "models" / "tract_model", LABELLED_METRO[0])
    geoids = list(polygons_of(nation, LABELLED_METRO[1]).index)
    again = metro_estimates(fitted, nation, LABELLED_METRO[0], geoids)
    table = atlas.read("estimates")
    mine = table[table["metro"] == LABELLED_METRO[0]].reset_index(drop=True)
    assert again.equals(mine[list(again)])


def test_intervals_for_other_features_are_refused(parts, tmp_path):
    save_metro_model(parts[0].fitted, tmp_path, "x")
    path = tmp_path / "x.json"
    path.write_text(path.read_text("utf-8").replace("log_member_sd", "income"), "utf-8")
    with pytest.raises(ArtifactError, match="was made for widths from"):
        load_metro_model(tmp_path, "x")
    path.write_text("{", "utf-8")
    with pytest.raises(ArtifactError, match="does not hold intervals"):
        load_metro_model(tmp_path, "x")


def test_an_atlas_does_not_replace_another_study(tiny_study):
    with pytest.raises(StudyError, match="choose another folder with --out"):
        check_target(tiny_study.path)
