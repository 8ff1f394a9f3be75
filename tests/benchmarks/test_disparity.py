"""Coverage is counted right, batches are kept, and answers are those of the analysis room."""

import numpy as np
import pandas as pd
import pytest

from aespa_core.analysis.disparity.specification import RECOMMENDED
from aespa_core.benchmarks import disparity
from aespa_core.benchmarks.disparity_cases import ALL, OFFERED, REFUSED, STUDY, answers_of
from aespa_core.benchmarks.disparity_response import read_response
from aespa_core.benchmarks.disparity_world import DisparityWorlds
from aespa_core.twin.people_law import PeopleLaw
from tests.benchmarks.made_ground import made_grounds


@pytest.fixture
def worlds():
    return DisparityWorlds(made_grounds(), PeopleLaw(), read_response())


def made_answers(rng, worlds, width):
    """Intervals of a normal estimate around 2 whose half width is ``width`` standard errors."""
    estimate = 2 + 0.1 * rng.standard_normal(worlds)
    return pd.DataFrame(
        {
            "study": STUDY,
            "metro": ALL,
            "method": RECOMMENDED,
            "term": "income_sd",
            "estimate": estimate,
            "std_error": 0.1,
            "low95": estimate - 0.1 * width,
            "high95": estimate + 0.1 * width,
        }
    )


def test_coverage_is_that_of_a_normal_law():
    rng = np.random.default_rng(1)
    answers = pd.concat(
        [
            made_answers(rng, 4000, 1.959964),
            made_answers(rng, 4000, 1.0).assign(method="iid"),
            made_answers(rng, 4000, 1.5).assign(method=REFUSED[0]),
        ]
    )
    truths = made_answers(rng, 4000, 0)[["study", "metro", "term", "estimate"]]
    rows = disparity.scored(truths, answers, seed=3)
    score = {(row.method, row.metric): row.value for row in rows}
    assert score[RECOMMENDED, "coverage_95"] == pytest.approx(0.95, abs=0.012)
    assert score["iid", "coverage_95"] == pytest.approx(0.683, abs=0.025)
    assert score["iid", "shortfall"] == pytest.approx(0.95 - score["iid", "coverage_95"])
    assert score[RECOMMENDED, "error_ratio"] == pytest.approx(1.0, abs=0.04)
    assert score[RECOMMENDED, "truth"] == pytest.approx(2.0, abs=0.01)
    assert score[RECOMMENDED, "truth_error"] == pytest.approx(0.1 / np.sqrt(4000), rel=0.05)
    assert {(row.method, row.split) for row in rows} == {
        (RECOMMENDED, "recommended"),
        ("iid", "offered"),
        (REFUSED[0], "refused"),
    }


def test_every_standard_error_answers_for_all_metros_and_for_each(worlds):
    answers = answers_of(worlds.draw(4))
    own = [answer for answer in answers if answer.study == STUDY]
    assert {answer.metro for answer in own} == {ALL, "boston", "dallas"}
    assert {a.method for a in own if a.metro == ALL} == {*OFFERED, *REFUSED}
    assert {a.method for a in own if a.metro == "boston"} == set(OFFERED)
    slopes = {(a.metro, a.estimate.term, round(a.estimate.estimate, 12)) for a in own}
    # the standard error does not move the slope
    assert len(slopes) == len({(metro, term) for metro, term, _ in slopes})


def test_a_stopped_run_goes_on(worlds, tmp_path, monkeypatch):
    monkeypatch.setattr(disparity, "twin_worlds", lambda: worlds)
    monkeypatch.setattr(disparity, "BATCH", 2)
    whole = disparity.bench_disparity(4, 7, 1, tmp_path)
    batches = disparity.batches_of(4, 7, tmp_path)
    batches[-1].path.unlink()
    ran = []
    monkeypatch.setattr(
        disparity,
        "run_batch",
        lambda batch, run=disparity.run_batch: (ran.append(batch), run(batch)),
    )
    again = disparity.bench_disparity(4, 7, 1, tmp_path)
    assert ran == [batches[-1]]
    assert [row.value for row in again] == pytest.approx([row.value for row in whole], nan_ok=True)


def test_worlds_of_the_truth_are_not_counted(tmp_path):
    batches = disparity.batches_of(120, 7, tmp_path)
    seeds = {
        purpose: {seed for b in batches if b.purpose == purpose for seed in b.seeds}
        for purpose in ("truth", "counted")
    }
    assert len(seeds["truth"]) == len(seeds["counted"]) == 120
    assert seeds["truth"].isdisjoint(seeds["counted"])
