"""What ships of the multimodal model, built whole from a town that a test can wait for."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors import safe_open

from aespa_core.analysis.places import metros_of, places_of
from aespa_core.errors import ArtifactError, StudyError
from aespa_core.inference.heat_predict import predict_heat
from aespa_core.inference.heat_study import Caches
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.shipping import heat_shipping
from aespa_core.shipping.demo_build import DemoPlan, build_demo, check_targets
from aespa_core.shipping.demo_scores import demo_scores
from aespa_core.shipping.heat_card import differences
from aespa_core.shipping.heat_shipping import shipped_files
from aespa_core.shipping.shipped_demo import LEFT_OUT, write_demo
from aespa_core.studies import catalogue
from aespa_core.studies.catalogue import list_studies
from aespa_core.studies.folder import StudyInfo, add_run, open_study, write_study
from aespa_core.studies.manifest import files_of
from aespa_core.studies.validation import validate_study
from aespa_core.training.heat.settings import TrainSettings
from tests.painted_town import write_painted_town
from tests.tiny_study import METRO, tiny_tables, write_tiny_study

TINY = EncoderSettings(image_px=16, patch_px=8, width=8, depth=1, heads=2)
MODEL = ModelSettings(TINY, TINY, grid=2, photos=2, width=8, heads=2, hidden=8, mobility_hidden=4)
SETTINGS = TrainSettings(model=MODEL, epochs=2, batch_size=32, pretrain_steps=12)


def plan_in(folder: Path) -> DemoPlan:
    """Lay out a build from one painted town to another."""
    learn, show = folder / "learn", folder / "show"
    if not learn.exists():
        write_painted_town(learn)
        write_painted_town(show, 7)
    return DemoPlan(
        SETTINGS, "mine", learn, show, folder / "runs", folder / "assets" / "heat_model",
        folder / "assets" / "demo", seed=3,
    )  # fmt: skip


def build_in(folder: Path, told=lambda step, share: None) -> DemoPlan:
    """Build and give back what was asked for."""
    plan = plan_in(folder)
    build_demo(plan, told, Caches(folder / "numbers", folder / "embeddings"))
    return plan


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> DemoPlan:
    """Build once."""
    torch.set_num_threads(1)
    return build_in(tmp_path_factory.mktemp("built"))


def shipped(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files_of(folder)}


def test_what_ships_is_there_and_nothing_else(built):
    assert set(shipped(built.models.parent)) == {
        "heat_model.md",
        "heat_model/card.json",
        *(f"heat_model/{mode}/{name}.safetensors" for mode in ("teacher", "student")
          for name in ("best", "reader")),
        *(f"demo/{name}.parquet" for name in ("tracts", "temperature", "proxies", "weather")),
        *(f"demo/{table}/heat_{mode}.parquet" for mode in ("teacher", "student")
          for table in ("estimates", "attributions", "responses", "trends")),
        "demo/study.toml",
    }  # fmt: skip
    # nothing tells on which machine it was made
    for name, content in shipped(built.models.parent).items():
        assert str(built.runs.parent).encode() not in content, name
    with safe_open(built.models / "student" / "best.safetensors", "pt") as file:
        header = json.loads(file.metadata()["aespa"])
    assert header["mode"] == "student"
    assert header["encoders"]


def test_the_card_says_what_the_files_say(built):
    card = json.loads((built.models / "card.json").read_text(encoding="utf-8"))
    assert card["learned_from"]["metros"] == {METRO: 144}
    assert (card["learned_from"]["tiles"], card["learned_from"]["photos"]) == (142, 142)
    words = (built.models.parent / "heat_model.md").read_text(encoding="utf-8")
    for part in ("Experiment `mine`", "A simulated world", "MIT", "aespa demo build", "Gridville"):
        assert part in words
    assert card["settings"]["changed"] == differences(SETTINGS, TrainSettings())
    for mode in ("teacher", "student"):
        facts = card["models"][mode]
        assert f"{facts['validation_mae_c']:.3f} °C" in words
        for name, size in facts["bytes"].items():
            assert (built.models / mode / name).stat().st_size == size
        # the error again, from the study that ships
        frame = places_of(open_study(built.demo), METRO).frame
        run = open_study(built.demo).read_run(f"heat_{mode}").set_index("geoid")["anomaly_c"]
        both = pd.DataFrame({"label": frame["observed_c"], "estimate": run}).dropna()
        apart = both - both.median()
        found = facts["demo"][0]
        assert found["tracts"] == len(both) == 143
        assert found["mae_c"] == pytest.approx(
            (apart["estimate"] - apart["label"]).abs().mean(), abs=1e-4
        )
        assert found["pearson"] == pytest.approx(apart.corr().iloc[0, 1], abs=1e-4)


def test_the_dashboards_side_reads_the_demo(built, tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "DEMO", built.demo)
    monkeypatch.setenv("AESPA_STUDIES", str(tmp_path))
    listed = list_studies()
    assert [study.id for study in listed][-1] == "demo"
    assert listed[-1].info.kind == "simulated"
    assert validate_study(built.demo) == []
    study = open_study(built.demo)
    assert study.runs == ("heat_student", "heat_teacher")
    frame = places_of(study, *metros_of(study)).frame
    parts = frame["base_c"] + frame.filter(like="contribution_").fillna(0).sum(axis=1)
    assert (parts - frame["anomaly_c"]).abs().max() <= 1e-4
    assert frame["anomaly_c"].notna().all()
    shown = study.read_run("heat_teacher").set_index("geoid")["anomaly_c"]
    np.testing.assert_array_equal(shown.reindex(frame.index), frame["anomaly_c"])


def test_weights_that_ship_say_what_the_demo_says(built, tmp_path):
    """A user who downloads both can make the estimates again."""
    copy = shutil.copytree(built.show, tmp_path / "show")
    caches = Caches(tmp_path / "numbers", tmp_path / "embeddings")
    predict_heat(copy, built.models / "student" / "best.safetensors", "again", caches)
    again = open_study(copy).read_run("again")
    pd.testing.assert_frame_equal(again, open_study(built.demo).read_run("heat_student"))


@pytest.mark.slow
def test_the_same_seed_gives_the_same_files(built, tmp_path):
    again = build_in(tmp_path)
    assert shipped(again.models.parent) == shipped(built.models.parent)


@pytest.mark.slow
def test_a_stopped_build_goes_on_and_a_finished_run_is_not_trained_again(built, tmp_path):
    class StoppedError(Exception):
        pass

    def stop(step: str, share: float) -> None:
        if (step, share) == ("student", 0.5):
            raise StoppedError

    with pytest.raises(StoppedError):
        build_in(tmp_path, stop)
    assert not (tmp_path / "assets").exists()
    epochs = []
    plan = build_in(tmp_path, lambda step, share: epochs.append((step, share)))
    assert [told for told in epochs if told[0] in ("teacher", "student")] == [
        ("teacher", 1.0),
        ("student", 1.0),
        ("student", 1.0),
    ]
    assert shipped(plan.models.parent) == shipped(built.models.parent)


def test_too_large_a_file_does_not_ship(built, monkeypatch):
    monkeypatch.setattr(heat_shipping, "LARGEST_BYTES", 20_000)
    with pytest.raises(ArtifactError, match=r"best\.safetensors has .* may have 0\.02: train with"):
        shipped_files(built.runs / "teacher" / "best.safetensors")


def test_nothing_else_is_written_over(built, tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    with pytest.raises(ArtifactError, match="holds something else than the weights"):
        check_targets(replace(built, models=tmp_path))
    with pytest.raises(StudyError, match="with images, no demo: choose another folder"):
        check_targets(replace(built, demo=built.learn))
    # an older build is
    check_targets(built)


def test_scores_are_of_differences_within_each_metro(tmp_path):
    """Levels and a missing label change nothing; what is left is known by hand."""
    tables, estimates = tiny_tables()
    metro = np.where(np.arange(144) < 72, "east", "west")
    tables["tracts"]["metro"] = metro
    info = StudyInfo("Two towns", "simulated", "imaginary", ("made by tests",), ("tests",))
    study = write_study(tmp_path / "town", info, tables)
    label = study.read("temperature").set_index("geoid")["lst_day_c"]
    known = label.reindex(estimates["geoid"]).to_numpy()
    off = np.where(np.arange(144) % 3 == 0, 0.6, 0.0)
    anomaly = np.nan_to_num(known, nan=30.0) + off + np.where(metro == "east", -25.0, -40.0)
    made = estimates.assign(
        metro=metro, anomaly_c=anomaly, low90_c=anomaly - 0.5, high90_c=anomaly + 0.5,
        base_c=anomaly, contribution_canopy_c=0.0,
    )  # fmt: skip
    found = demo_scores(add_run(study, "mine", made), "mine")
    assert [(score.metro, score.tracts) for score in found] == [
        ("all", 143), ("east", 71), ("west", 72)
    ]  # fmt: skip
    for score, here in zip(found[1:], (metro == "east", metro == "west"), strict=True):
        there = here & np.isfinite(known)
        error = off[there] - (np.median((known + off)[there]) - np.median(known[there]))
        assert score.mae_c == pytest.approx(np.abs(error).mean())
        assert score.coverage_90 == pytest.approx((np.abs(error) <= 0.5).mean())
    assert found[0].mae_c == pytest.approx((found[1].mae_c * 71 + found[2].mae_c * 72) / 143)


def test_only_a_simulated_study_ships(tmp_path):
    study = write_tiny_study(tmp_path / "town")
    real = replace(study, info=replace(study.info, kind="observed"))
    with pytest.raises(StudyError, match="only simulated ones may ship"):
        write_demo(real, ("tract_model",), tmp_path / "demo")
    assert not (tmp_path / "demo").exists()
    assert "tiles" in LEFT_OUT
