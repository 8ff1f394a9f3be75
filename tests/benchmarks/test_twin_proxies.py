"""The benchmark of proxies on simulated metros: resumable, honest about what it learned on."""

import numpy as np
import pytest

from aespa_core.benchmarks.twin_proxies import (
    DEVELOPMENT,
    HELD_OUT,
    Task,
    all_numbers,
    rows_of,
    tasks,
    twin_leaderboard,
)
from aespa_core.schema import METRO_IDS, PROXY_IDS
from aespa_core.twin.settings import DEMO_METROS, TwinSettings

SMALL = TwinSettings(size_px=512, tracts=(10, 12), photos=1)
WANTED = [
    Task("miami", 1, DEVELOPMENT), Task("seattle", 1, DEVELOPMENT), Task("boston", 5, HELD_OUT),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("kept")


@pytest.fixture(scope="module")
def numbers(folder):
    return all_numbers(WANTED, settings=SMALL, folder=folder)


def test_metros_that_are_scored_are_never_learned_from():
    learned = {task.metro for task in tasks() if task.split == DEVELOPMENT}
    apart = {task.metro for task in tasks() if task.split == HELD_OUT}
    assert learned == set(DEMO_METROS)
    assert learned | apart == set(METRO_IDS)
    assert not learned & apart
    seeds = [{t.seed for t in tasks() if t.split == split} for split in (DEVELOPMENT, HELD_OUT)]
    assert not seeds[0] & seeds[1]


def test_the_estimator_never_sees_the_held_out_truth(numbers):
    spoilt = numbers.copy()
    apart = spoilt["split"] == HELD_OUT
    rng = np.random.default_rng(0)
    spoilt.loc[apart, "true_canopy"] = rng.permutation(spoilt.loc[apart, "true_canopy"])
    first, second = (
        {(r.method, r.target, r.metric): r.value for r in rows_of(n) if r.split == DEVELOPMENT}
        for n in (numbers, spoilt)
    )
    assert first == second


def test_a_finished_metro_is_not_built_again(numbers, folder):
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    again = all_numbers(WANTED, settings=SMALL, folder=folder)
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert again.equals(numbers)


def test_every_method_source_and_proxy_is_scored(numbers):
    rows = rows_of(numbers)
    board = twin_leaderboard(rows)
    assert set(board["method"]) == {"published", "mended", "learned"}
    assert set(board["target"]) == {"street", "satellite", "both"}
    assert list(board.columns[-5:]) == list(PROXY_IDS)
    best = board[(board["method"] == "learned") & (board["target"] == "both")].iloc[0]
    assert best["canopy"] > 0.7
