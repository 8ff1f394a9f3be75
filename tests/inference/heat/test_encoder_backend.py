"""Backends: the fastest is taken of those that leave LST where it is."""

import numpy as np
import pytest

from aespa_core.datasets.heat.embeddings import Encode
from aespa_core.errors import ConfigError, StudyError
from aespa_core.inference import encoder_backend
from aespa_core.inference.backend_probe import lst_probe, probed_backend
from aespa_core.inference.encoder_backend import (
    BACKENDS,
    FP32,
    INT8,
    choose_backend,
    encode_with,
    torch_fp32,
)
from aespa_core.models.heat.satellite import SatelliteEncoder
from aespa_core.models.heat.street import StreetEncoder
from tests.made_images import SMALL, made_samples

PIXELS = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 3), np.uint8)


@pytest.fixture(scope="module")
def encoder():
    return StreetEncoder(SMALL)


def mean_of(rows):
    return 30 + rows.mean(1)


class Clock:
    """Tells the time that made backends say they take: how busy the machine is does not matter."""

    now = 0.0

    def perf_counter(self) -> float:
        """Tell it."""
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(encoder_backend, "time", clock)
    return clock


def made_backend(monkeypatch, clock, name, shift, seconds):
    """Put a backend in place whose embeddings are off by ``shift`` and that takes its time."""

    def backend(encoder: StreetEncoder) -> Encode:
        plain = torch_fp32(encoder)

        def encode(pixels: np.ndarray) -> np.ndarray:
            clock.now += seconds
            return plain(pixels) + np.float32(shift)

        return encode

    monkeypatch.setitem(BACKENDS, name, backend)


@pytest.mark.parametrize(("shift", "taken"), [(0.049, "quick"), (0.051, FP32), (np.nan, FP32)])
def test_a_quick_backend_is_taken_only_where_lst_stays(monkeypatch, clock, encoder, shift, taken):
    made_backend(monkeypatch, clock, FP32, 0.0, seconds=0.02)
    made_backend(monkeypatch, clock, "quick", shift, seconds=0.01)
    choice = choose_backend(encoder, PIXELS, mean_of, ("quick",))
    assert choice.name == taken
    plain, quick = choice.trials
    assert quick.images_per_second > plain.images_per_second
    if taken == "quick":
        assert quick.lst_shift_c == pytest.approx(shift, abs=1e-5)
    else:
        assert "quick: moves LST by" in choice.reason
        assert "not below 0.05" in choice.reason


def test_an_accepted_backend_that_is_slower_is_not_taken(monkeypatch, clock, encoder):
    made_backend(monkeypatch, clock, FP32, 0.0, seconds=0.02)
    made_backend(monkeypatch, clock, "slow", 0.0, seconds=0.05)
    choice = choose_backend(encoder, PIXELS, mean_of, ("slow",))
    assert choice.name == FP32
    assert choice.trials[1].accepted


def test_the_99th_percentile_counts_and_not_the_mean(monkeypatch, encoder):
    plain = torch_fp32(encoder)

    def backend(_: StreetEncoder) -> Encode:
        def encode(pixels: np.ndarray) -> np.ndarray:
            rows = plain(pixels)
            rows[0] += 0.2  # one image of eight
            return rows

        return encode

    monkeypatch.setitem(BACKENDS, "uneven", backend)
    (_, trial) = choose_backend(encoder, PIXELS, mean_of, ("uneven",)).trials
    assert 0.05 < trial.lst_shift_c < 0.2
    assert not trial.accepted


def test_a_backend_that_does_not_run_says_so(monkeypatch, encoder):
    def broken(_: StreetEncoder) -> Encode:
        raise RuntimeError("no such operator\nand more")

    monkeypatch.setitem(BACKENDS, INT8, broken)
    choice = choose_backend(encoder, PIXELS, mean_of, (INT8,))
    assert choice.name == FP32
    assert "onnx_int8: does not run here (no such operator)" in choice.reason
    assert np.isnan(choice.trials[1].images_per_second)


def test_an_unknown_backend_is_refused(encoder):
    with pytest.raises(ConfigError, match="no backend 'tpu': choose one of torch_fp32"):
        encode_with("tpu", encoder)


def test_half_precision_is_near_and_leaves_the_encoder_alone(encoder):
    before = torch_fp32(encoder)(PIXELS)
    half = encode_with("torch_bf16", encoder)(PIXELS)
    assert half.dtype == np.float32
    # 8 bits of mantissa, some operations in a row
    assert 0 < np.abs(half - before).max() < 0.1
    np.testing.assert_array_equal(torch_fp32(encoder)(PIXELS), before)


def test_the_probe_follows_its_labels_and_answers_for_others():
    rng = np.random.default_rng(1)
    embeddings = rng.normal(size=(40, 3, 4)).astype(np.float32)
    lst = 30 + embeddings[:, 1, 2].astype(float)
    probe = lst_probe(embeddings, lst)
    assert np.corrcoef(probe(embeddings), lst)[0, 1] > 0.99
    other = rng.normal(size=(200, 3, 4)).astype(np.float32)
    assert np.corrcoef(probe(other), other[:, 1, 2])[0, 1] > 0.9


def test_a_backend_is_probed_on_the_studys_own_images(monkeypatch, encoder, tmp_path):
    samples = made_samples(tmp_path)
    monkeypatch.setattr(encoder_backend, "REPEATS", 1)
    for name in (INT8, "torch_bf16"):
        made_backend(monkeypatch, Clock(), name, 5.0, seconds=0.0)
    for module in (encoder, SatelliteEncoder(SMALL, 2)):
        choice = probed_backend(module, samples)
        assert choice.name == FP32
        assert len(choice.trials) == 3
    with pytest.raises(StudyError, match="No tract with a temperature has a street photo"):
        probed_backend(encoder, samples.without_images())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["satellite", "street"])
def test_eight_bits_are_near_and_follow_from_the_image_alone(kind, capfd):
    module = SatelliteEncoder(SMALL, 2) if kind == "satellite" else StreetEncoder(SMALL)
    encode = encode_with(INT8, module)
    rows = encode(PIXELS)
    plain = torch_fp32(module)(PIXELS)
    assert rows.shape == plain.shape
    assert 0 < np.abs(rows - plain).max() < 0.1 * np.abs(plain).max()
    # whatever stands beside it in the batch, and however many
    np.testing.assert_array_equal(encode(PIXELS[5:6])[0], rows[5])
    assert capfd.readouterr().err == ""
