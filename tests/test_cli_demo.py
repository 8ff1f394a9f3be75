"""``aespa demo build`` from nothing to what ships, on metros that are built in seconds."""

import json
from dataclasses import replace

import pytest

from aespa_core.benchmarks import heat_benches
from aespa_core.commands.demo import DEMO_SEED
from aespa_core.inference import heat_embeddings, heat_study
from aespa_core.shipping import demo_build
from aespa_core.studies.folder import open_study
from aespa_core.studies.validation import validate_study
from aespa_core.training.heat import settings as train_settings
from aespa_core.twin import settings as twin_settings
from tests.shipping.test_demo_build import SETTINGS

SHIPPED = {
    "manifest.json", "study.toml", "air.parquet", "flows.parquet", "mobility.parquet",
    "proxies.parquet", "stations.parquet", "temperature.parquet", "tracts.parquet",
    "weather.parquet", "truth/air.parquet", "truth/effects.parquet", "truth/slopes.parquet",
    "truth/zone_shares.parquet", *(f"{table}/heat_{mode}.parquet"
    for table in ("estimates", "attributions", "responses", "trends")
    for mode in ("teacher", "student")),
}  # fmt: skip


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Let the command build small metros and a small model, away from the project's own runs."""
    quick = replace(heat_benches.quick_world(), tracts=(24, 30))
    monkeypatch.setattr(twin_settings, "chosen_world", lambda w, m, seed: replace(quick, seed=seed))
    monkeypatch.setattr(heat_benches, "twin_bench", heat_benches.quick_bench)
    monkeypatch.setattr(train_settings, "experiment", lambda name: SETTINGS)
    monkeypatch.setattr(heat_benches, "experiment", lambda name: SETTINGS)
    monkeypatch.setattr(heat_benches, "RUNS", tmp_path / "bench")
    monkeypatch.setattr(demo_build, "RUNS", tmp_path / "demo_runs")
    monkeypatch.setattr(heat_study, "NUMBERS", tmp_path / "numbers")
    monkeypatch.setattr(heat_embeddings, "CACHE", tmp_path / "embeddings")


@pytest.mark.slow
def test_from_nothing_to_what_ships(aespa, small, tmp_path):
    out = ("--out-models", tmp_path / "models" / "heat_model", "--out-demo", tmp_path / "demo")
    code, printed, err = aespa("demo", "build", *out, "--json")
    assert (code, err) == (0, "")
    found = json.loads(printed)
    assert found["says"]["settings"]["seed"] == 0
    demo = open_study(tmp_path / "demo")
    assert validate_study(demo.path) == []
    assert f"seed {DEMO_SEED}" in demo.info.vintage
    assert demo.info.name == "Heat model demo 1.0 (simulated)"
    files = {p.relative_to(demo.path).as_posix() for p in demo.path.rglob("*") if p.is_file()}
    assert files == SHIPPED
    learned = open_study(next((tmp_path / "bench").glob("*world*")))
    heat = [set(study.read("temperature")["lst_day_c"]) for study in (learned, demo)]
    assert not heat[0] & heat[1]
    # a second time everything is there, and people get a sentence a model
    code, printed, _ = aespa("demo", "build", *out)
    assert code == 0
    assert printed.startswith("teacher: ")
    assert "inside the 90 % interval" in printed


def test_a_folder_of_something_else_is_refused_at_once(aespa, small, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "note.txt").write_text("mine")
    code, out, err = aespa("demo", "build", "--out-models", tmp_path / "mine")
    assert (code, out) == (2, "")
    assert "choose another folder with --out-models" in err
    assert err.count("\n") == 1
    assert not (tmp_path / "bench").exists()
