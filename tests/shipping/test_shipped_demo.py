"""The demo and the weights that ship, read as a user gets them."""

import json
from dataclasses import replace

import numpy as np
import pytest

from aespa_core.analysis.places import metros_of, places_of
from aespa_core.commands.demo import DEMO_SEED
from aespa_core.inference.heat_predict import load_predictor
from aespa_core.shipping.demo_build import MODELS
from aespa_core.shipping.heat_shipping import LARGEST_BYTES
from aespa_core.studies.catalogue import DEMO
from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import validate_study
from aespa_core.twin.settings import TwinSettings, chosen_world
from aespa_core.twin.study import build_world
from tests.conftest import missing


@pytest.fixture
def demo():
    """Open the study that ships."""
    if not DEMO.is_dir():
        missing("no assets/demo: run `aespa demo build`")
    return open_study(DEMO)


def test_the_demo_is_not_made_of_metros_that_taught():
    """Each metro of a world draws from its world's seed and its own name."""
    assert chosen_world("twin", "demo", DEMO_SEED).seed != chosen_world("twin").seed


def test_another_seed_is_another_metro(tmp_path):
    small = TwinSettings(metros=("miami",), size_px=256, tracts=(4, 5), photos=1)
    one, two = (
        build_world(replace(small, seed=seed), tmp_path / str(seed))
        for seed in (small.seed, DEMO_SEED)
    )
    heat = [study.read("temperature")["lst_day_c"].to_numpy() for study in (one, two)]
    assert not set(np.round(heat[0], 3)) & set(np.round(heat[1], 3))


def test_it_is_valid_small_and_says_that_it_is_simulated(demo):
    assert validate_study(DEMO) == []
    files = [path for path in DEMO.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 1.5e6
    assert {path.suffix for path in files} == {".parquet", ".toml", ".json"}
    assert demo.info.kind == "simulated"
    assert "simulated" in demo.info.name
    assert f"seed {DEMO_SEED}" in demo.info.vintage
    assert demo.runs == ("heat_student", "heat_teacher")


def test_base_and_contributions_add_up_in_every_tract(demo):
    assert metros_of(demo) == ("miami", "seattle")
    for metro in metros_of(demo):
        places = places_of(demo, metro)
        parts = places.frame.filter(like="contribution_").fillna(0).sum(axis=1)
        off = places.frame["base_c"] + parts - places.frame["anomaly_c"]
        assert off.abs().max() <= 1e-4
        assert places.frame["anomaly_c"].notna().all()
        assert len(places.proxies) == 5


def test_weights_ship_small_with_a_card_that_tells_their_error(demo):
    files = [path for path in MODELS.rglob("*") if path.is_file()]
    assert {path.relative_to(MODELS).as_posix() for path in files} == {
        "card.json",
        *(f"{m}/{n}.safetensors" for m in ("teacher", "student") for n in ("best", "reader")),
    }
    assert max(path.stat().st_size for path in files) <= LARGEST_BYTES
    card = json.loads((MODELS / "card.json").read_text(encoding="utf-8"))
    for mode, facts in card["models"].items():
        predictor = load_predictor(MODELS / mode / "best.safetensors")
        assert predictor.checkpoint.mode == mode
        assert predictor.scope.half_width_c == pytest.approx(facts["half_width_c"], abs=1e-4)
        run, frames = f"heat_{mode}", [places_of(demo, m).frame for m in metros_of(demo)]
        own = demo.read_run(run).set_index("geoid")["anomaly_c"]
        errors = np.concatenate([apart(own.reindex(f.index), f["observed_c"]) for f in frames])
        assert facts["demo"][0]["mae_c"] == pytest.approx(np.abs(errors).mean(), abs=1e-4)
    assert "A simulated world" in MODELS.with_name("heat_model.md").read_text(encoding="utf-8")


def apart(estimate, label):
    """Estimate minus label, each told from its median over tracts that have both."""
    both = estimate.notna() & label.notna()
    estimate, label = estimate[both], label[both]
    return (estimate - estimate.median() - (label - label.median())).to_numpy()
