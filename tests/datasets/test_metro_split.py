"""A metro's model never meets the metro: neither its tracts nor the rest of its own urban area."""

import numpy as np

from aespa_core.datasets.metro_split import measured_proxies, metro_split, own_areas
from tests.made_nation import BARE_METRO, LABELLED_METRO, OWN_AREA, polygons_of


def test_the_metro_and_its_own_area_are_left_out(nation, labelled):
    metro = list(polygons_of(nation, LABELLED_METRO[1]).index)[: 8 * 6]  # most of town 0
    split = metro_split(labelled, nation.table, metro)
    assert split.own_areas == (OWN_AREA,)
    assert OWN_AREA not in split.training.features.area
    assert len(split.training.group) == (labelled.features.area != OWN_AREA).sum()


def test_a_foreign_area_loses_only_its_tracts_inside_the_metro(nation, labelled):
    """Fringe tracts of a neighbour's area go; the rest of that area stays for training."""
    neighbour = list(polygons_of(nation, 3).index)
    metro = list(polygons_of(nation, LABELLED_METRO[1]).index) + neighbour[:10]
    split = metro_split(labelled, nation.table, metro)
    assert split.own_areas == (OWN_AREA,)
    left = split.training.features.geoid
    assert not np.isin(left, metro).any()
    assert set(neighbour[10:]) <= set(left)
    # its means are those of the whole area all the same
    row = np.flatnonzero(labelled.features.geoid == neighbour[20])[0]
    mine = np.flatnonzero(left == neighbour[20])[0]
    np.testing.assert_array_equal(
        split.training.features.proxy_mean[mine, :2], labelled.features.proxy_mean[row, :2]
    )


def test_proxies_that_the_metro_hardly_has_are_forgotten(nation, labelled):
    metro = list(polygons_of(nation, BARE_METRO[1]).index)
    assert measured_proxies(nation.table, metro) == ("ndvi",)
    split = metro_split(labelled, nation.table, metro)
    assert np.isnan(split.training.features.proxies[:, 1:]).all()
    assert np.isfinite(split.training.features.proxies[:, 0, 0]).any()
    fringe = metro + list(polygons_of(nation, 3).index)[:8]
    assert measured_proxies(nation.table, fringe) == ("ndvi",)


def test_without_labels_nothing_is_left_out(nation, labelled):
    metro = list(polygons_of(nation, BARE_METRO[1]).index)
    assert own_areas(nation.table, metro) == ()
    split = metro_split(labelled, nation.table, metro)
    assert len(split.training.group) == len(labelled.group)
