"""A checkpoint says elsewhere what it said where it learned; what does not fit is one sentence."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from aespa_core.analysis.places import places_of
from aespa_core.datasets.heat.context import CONTEXT
from aespa_core.datasets.heat.samples import read_samples
from aespa_core.datasets.heat.splits import RANDOM, heat_split
from aespa_core.errors import AespaError, ArtifactError
from aespa_core.inference.heat_predict import predict_heat
from aespa_core.inference.heat_run import heat_run
from aespa_core.inference.heat_study import Caches, study_for_training
from aespa_core.inference.own_encoders import hashes, own_encoders
from aespa_core.inference.proxy_reader import READER_FILE
from aespa_core.models.heat.checkpoint import Checkpoint, load_checkpoint
from aespa_core.models.heat.encoders import encoders_of
from aespa_core.models.heat.heat_model import HeatModel, ModelShape
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.studies.atomic import write_parquet
from aespa_core.studies.folder import open_study, write_study
from aespa_core.studies.manifest import write_manifest
from aespa_core.studies.validation import validate_study
from aespa_core.training.heat.loop import estimated
from aespa_core.training.heat.settings import TrainSettings
from tests.painted_town import NO_PHOTO, NO_PICTURE, NO_TILE, write_painted_town
from tests.tiny_study import METRO, tiny_tables
from tests.trained_town import TrainedTown, run_of, write_trained_town

TINY = EncoderSettings(image_px=16, patch_px=8, width=8, depth=1, heads=2, adaptation="whole")
MODEL = ModelSettings(TINY, TINY, grid=2, photos=2, width=8, heads=2, hidden=8, mobility_hidden=4)
SETTINGS = TrainSettings(model=MODEL, epochs=2, batch_size=32, hide_modality=0.0)


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> TrainedTown:
    """Train once."""
    return write_trained_town(tmp_path_factory.mktemp("trained"), SETTINGS)


def predicted(study: Path, trained: TrainedTown, run: str = "mine") -> pd.DataFrame:
    """Predict into a study and read the estimates back."""
    predict_heat(study, trained.weights, run, trained.caches)
    return open_study(study).read_run(run)


def test_tested_tracts_are_estimated_as_where_it_learned(trained, tmp_path):
    """The whole way of a run, images and folds and all, against files read back elsewhere."""
    study = open_study(trained.study)
    samples = read_samples(study)
    split = heat_split(samples, RANDOM, 3)
    checkpoint = load_checkpoint(trained.weights, CONTEXT)
    assert checkpoint.encoders is not None
    data = study_for_training(study, samples, split, MODEL, checkpoint.encoders, trained.caches)
    day = estimated(checkpoint.models[0], data.inputs).day.double().numpy() + samples.reference_c
    copy = shutil.copytree(trained.study, tmp_path / "town")
    found = predicted(copy, trained)
    assert split.test.sum() > 20
    np.testing.assert_allclose(found["lst_day_c"][split.test], day[split.test], atol=1e-4)
    half = (found["high90_c"] - found["low90_c"]) / 2
    residual = np.sort(np.abs(samples.lst_day_c - day)[split.validation])
    np.testing.assert_allclose(
        half, residual[int(np.ceil((len(residual) + 1) * 0.9)) - 1], atol=1e-4
    )
    # only what was measured somewhere was taught
    assert set(found["measured"]) == {"ndvi+canopy", "none"}
    assert validate_study(copy) == []


def test_another_study_without_labels_is_estimated(trained, tmp_path):
    town = write_painted_town(tmp_path / "town", 7, labels=False).path
    without_place(town, NO_PICTURE)
    first = predict_heat(town, trained.weights, None, trained.caches)
    found = open_study(town).read_run("heat_teacher")
    assert (first.run, first.tracts, first.metros) == ("heat_teacher", 144, 1)
    assert first.encoded > 0
    assert found["anomaly_c"].notna().all()
    for number, measured in (
        (NO_TILE, "ndvi+canopy"),
        (NO_PHOTO, "ndvi+canopy"),
        (NO_PICTURE, "none"),
    ):
        assert found["measured"][number] == measured
    assert validate_study(town) == []
    # labels, were there any, change nothing; images seen are not seen again
    told = shutil.copytree(town, tmp_path / "told")
    labels, _ = tiny_tables(7)
    write_study(told, open_study(town).info, {"temperature": labels["temperature"]})
    again = predict_heat(told, trained.weights, "mine", trained.caches)
    assert again.encoded == 0
    pd.testing.assert_frame_equal(open_study(told).read_run("mine"), found)
    # the map draws it
    places = places_of(open_study(town), METRO)
    assert places.estimated
    assert places.proxies == ("ndvi", "canopy")
    assert places.frame["estimate_c"].notna().all()


def test_measured_proxies_need_no_reader(tmp_path):
    caches = Caches(tmp_path / "numbers", tmp_path / "embeddings")
    tables = replace(MODEL, use_satellite=False, use_street=False, proxies="measured")
    study = write_painted_town(tmp_path / "town", weather=False).path
    result = heat_run(
        run_of(study, tmp_path / "run", replace(SETTINGS, model=tables)), caches=caches
    )
    assert not result.weights.with_name(READER_FILE).exists()
    predict_heat(study, result.weights, "mine", caches)
    found = open_study(study).read_run("mine")
    assert found["measured"][11] == "ndvi"
    assert found["lst_day_c"].notna().all()
    with pytest.raises(AespaError, match="has weather, and the model learned without any"):
        predict_heat(write_painted_town(tmp_path / "other").path, result.weights, None, caches)


def test_an_encoder_that_is_not_used_may_be_any():
    settings = replace(MODEL, use_street=False)
    model = HeatModel(settings, ModelShape(5, 8, 8, len(CONTEXT), ()))
    learned_with = hashes(encoders_of(settings))
    words = learned_with | {"street_weights": "another"}
    assert own_encoders(Checkpoint((model,), CONTEXT, "teacher", words)) is not None
    words = learned_with | {"satellite_weights": "another"}
    with pytest.raises(ArtifactError, match="weights have changed since it learned"):
        own_encoders(Checkpoint((model,), CONTEXT, "teacher", words))


def relabelled(path: Path, **changes: object) -> None:
    """Change the header of a checkpoint."""
    with safe_open(path, "pt") as file:
        header = json.loads(file.metadata()["aespa"])
    save_file(load_file(path), path, {"aespa": json.dumps({**header, **changes})})


def scope_changed(path: Path, **changes: object) -> None:
    """Change what a checkpoint may be asked."""
    with safe_open(path, "pt") as file:
        words = json.loads(file.metadata()["aespa"])["words"]
    scope = json.loads(words["scope"]) | changes
    relabelled(path, words=words | {"scope": json.dumps(scope)})


def without(study: Path, table: str, *columns: str) -> None:
    """Take columns, or a whole table, out of a study."""
    opened = open_study(study)
    rows = opened.read(table)
    (study / f"{table}.parquet").unlink()
    if columns:
        write_parquet(study / f"{table}.parquet", rows.drop(columns=list(columns)))
    write_manifest(study)


def broken_photo(study: Path, weights: Path) -> None:
    """Cut a photo; the manifest knows it so."""
    photo = next((study / "images" / "street").rglob("*.jpg"))
    photo.write_bytes(photo.read_bytes()[:200])
    write_manifest(study)


def without_place(study: Path, number: int) -> None:
    """Take away the place of a tract's tile."""
    opened = open_study(study)
    write_study(study, opened.info, {"tiles": opened.read("tiles").drop(index=number)})


FAULTS = {
    "no checkpoint": (lambda s, w: w.unlink(), "best.safetensors is missing: train it again"),
    "garbled": (lambda s, w: w.write_bytes(b"0123456789"), "is not a safetensors file"),
    "architecture": (
        lambda s, w: relabelled(w, format="aespa tract model 1"),
        "is no checkpoint of the heat model",
    ),
    "context": (lambda s, w: relabelled(w, context=["x"]), "was made for other context"),
    "old": (lambda s, w: relabelled(w, words={}), "does not say what it may be asked elsewhere"),
    "few": (
        lambda s, w: scope_changed(w, half_width_c=np.inf),
        "has no 90 % interval, since fewer than nine tracts",
    ),
    "no reader": (lambda s, w: w.with_name(READER_FILE).unlink(), "reader.safetensors is missing"),
    "reader": (
        lambda s, w: w.with_name(READER_FILE).write_bytes(w.read_bytes()),
        "is no reader of proxies",
    ),
    "other reader": (lambda s, w: scope_changed(w, reader="x"), "is not the reader that its"),
    "columns": (
        lambda s, w: without(s, "tracts", "population", "awater_m2"),
        "tracts.parquet lacks awater_m2, population",
    ),
    "tracts": (lambda s, w: without(s, "tracts"), "tracts.parquet: the table is missing"),
    "weather": (lambda s, w: without(s, "weather"), "has no weather for every metro"),
    "photo": (broken_photo, "0.jpg is not a whole image"),
    "place": (
        lambda s, w: without_place(s, 0),
        "01001020100.png but does not say where it lies (1 such tiles)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(fault, trained, tmp_path):
    study = shutil.copytree(trained.study, tmp_path / "town")
    run = shutil.copytree(trained.weights.parent, tmp_path / "run")
    weights = run / trained.weights.name
    breaks, sentence = FAULTS[fault]
    breaks(study, weights)
    manifest = (study / "manifest.json").read_bytes()
    with pytest.raises(AespaError) as caught:
        predict_heat(study, weights, "mine", Caches(tmp_path / "numbers", tmp_path / "embeddings"))
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (study / "estimates").exists()
    assert (study / "manifest.json").read_bytes() == manifest


def test_a_name_that_leaves_the_folder_is_refused(trained):
    with pytest.raises(AespaError, match=r"--run \.\./x is no name of a run"):
        predict_heat(trained.study, trained.weights, "../x")
