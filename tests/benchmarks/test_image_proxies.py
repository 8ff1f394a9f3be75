"""Agreement by its definitions; on the real mirror, the promises of the mended proxies."""

import numpy as np
import pytest

from aespa_core.benchmarks.agreement import (
    centred,
    difference_interval,
    pearson,
    pearson_within,
)
from aespa_core.benchmarks.image_proxies import (
    bright_grey,
    excess_green,
    green_hue,
    image_proxy_rows,
)
from aespa_core.benchmarks.image_scores import Judged, leaderboard, rows_of
from aespa_core.sources.mirror import Mirror
from tests.made_street import flat

GROUP = np.repeat(["a", "b", "c"], 40)


@pytest.fixture
def numbers():
    """Truth, a good estimate, and one that knows nothing but the group."""
    chance = np.random.default_rng(0)
    level = np.repeat([0.0, 1.0, 2.0], 40)
    truth = level + chance.normal(0, 0.2, 120)
    return truth, truth + chance.normal(0, 0.1, 120), level + chance.normal(0, 0.2, 120)


def test_a_groups_level_counts_only_when_pooled(numbers):
    truth, good, level = numbers
    assert pearson(level, truth) > 0.9
    assert abs(pearson_within(level, truth, GROUP)) < 0.3
    assert pearson_within(good, truth, GROUP) > 0.85
    assert np.allclose([centred(truth, GROUP)[name == GROUP].mean() for name in "abc"], 0)
    assert np.isnan(pearson(np.ones(5), np.arange(5.0)))


def test_an_interval_tells_a_gain_from_none(numbers):
    truth, good, level = numbers
    gain, low, high = difference_interval(good, level, truth, GROUP, 0)["pearson_within"]
    assert 0 < low < gain < high
    gain, low, high = difference_interval(good, good, truth, GROUP, 0)["pearson"]
    assert (gain, low, high) == (0, 0, 0)


def test_rows_are_scored_apart(numbers):
    truth, good, level = numbers
    held_out = GROUP == "c"
    estimates = {"mended": np.where(held_out, -good, good), "published": level}
    none = np.empty(0)
    rows = rows_of(Judged("s", "t", truth, estimates, GROUP, held_out, none, none), 0)
    found = {
        row.split: row.value
        for row in rows
        if (row.method, row.metric, row.metro) == ("mended", "pearson", "all")
    }
    assert found["development"] > 0.9
    assert found["held_out"] < -0.8
    assert not [row for row in rows if row.metric == "iou"]
    assert {row.metro for row in rows if row.split == "held_out"} == {"all", "c"}
    assert leaderboard(rows)["method"].tolist() == ["published", "mended"]


def test_single_cues_are_what_their_names_say():
    green, grey = flat(60, 120, 50), flat(200, 200, 200)
    assert (green_hue(green), green_hue(grey), green_hue(flat(50, 60, 120))) == (1, 0, 0)
    assert (bright_grey(green), bright_grey(grey)) == (0, 1)
    assert excess_green(green) > 0.2 > abs(excess_green(grey))


@pytest.mark.slow
def test_mended_beats_published_on_images_that_were_kept_apart(mirror):
    rows = image_proxy_rows(Mirror(mirror))
    held_out = {
        (row.target, row.method, row.metric): row.value
        for row in rows
        if row.split == "held_out" and row.metro == "all"
    }
    for target in ("tree_share", "sky_share", "ndvi"):
        for metric in ("pearson", "pearson_within"):
            assert held_out[target, "mended", f"{metric}_minus_published_low95"] > 0
    assert held_out["tree_share", "mended", "pearson_within"] > 0.7
    assert held_out["sky_share", "mended", "pearson_within"] > 0.95
    assert held_out["ndvi", "mended", "pearson"] > 0.9
    assert held_out["sky_share", "mended", "iou"] > 0.8
