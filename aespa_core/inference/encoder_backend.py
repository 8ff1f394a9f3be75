"""How a frozen encoder is run on this host: plain, in half precision, or in whole numbers.

The fastest backend is taken of those whose estimates stay where the plain one puts them: less than
:data:`MOST_SHIFT_C` at the 99th percentile.
"""

import copy
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from aespa_core.datasets.heat.embeddings import Encode
from aespa_core.datasets.heat.pixels import standardised
from aespa_core.errors import ConfigError
from aespa_core.inference.encoder_onnx import onnx_int8

Pixels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
LstOf = Callable[[Floats], npt.NDArray[np.float64]]

FP32: Final = "torch_fp32"
BF16: Final = "torch_bf16"
INT8: Final = "onnx_int8"
MOST_SHIFT_C: Final = 0.05
# Timed runs of each backend; the fastest counts, since others only add what disturbed it.
REPEATS: Final = 3


class ImageEncoder(Protocol):
    """What the satellite and the street encoder have in common."""

    @property
    def image_px(self) -> int:
        """S, side of an image."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of one image's embedding."""


@dataclass(frozen=True)
class BackendTrial:
    """A backend on this host.

    Attributes
    ----------
    name
        One of :data:`BACKENDS`.
    images_per_second
        NaN where it does not run here.
    lst_shift_c
        99th percentile of how far LST moves from the plain backend's, °C.
    accepted
        Whether it may be taken.
    reason
        Why, in words.
    """

    name: str
    images_per_second: float
    lst_shift_c: float
    accepted: bool
    reason: str


@dataclass(frozen=True)
class BackendChoice:
    """The backend taken, why, and all that were tried."""

    name: str
    reason: str
    trials: tuple[BackendTrial, ...]


def torch_fp32(encoder: nn.Module) -> Encode:
    """Run an encoder as it is, on the device where it lies."""
    return lambda pixels: torch_encode(encoder, pixels, torch.float32)


def torch_bf16(encoder: nn.Module) -> Encode:
    """Run a copy of an encoder in bfloat16; its embeddings are given in single precision."""
    half = copy.deepcopy(encoder).to(torch.bfloat16)
    return lambda pixels: torch_encode(half, pixels, torch.bfloat16)


def torch_encode(encoder: nn.Module, pixels: Pixels, dtype: torch.dtype) -> Floats:
    """Look at images, (N, S, S, 3) uint8 to (N, …) float32."""
    device = next(encoder.parameters()).device
    training = encoder.training
    encoder.eval()
    with torch.inference_mode():
        given = torch.from_numpy(standardised(pixels)).to(device, dtype)
        rows: Floats = encoder(given).float().cpu().numpy()
    encoder.train(training)
    return rows


BACKENDS: Final[dict[str, Callable[[nn.Module], Encode]]] = {
    FP32: torch_fp32,
    BF16: torch_bf16,
    INT8: onnx_int8,
}


def encode_with(name: str, encoder: nn.Module) -> Encode:
    """Make an encoder's function on a backend.

    Raises
    ------
    ConfigError
        If there is no such backend.
    """
    if name not in BACKENDS:
        raise ConfigError(f"There is no backend '{name}': choose one of {', '.join(BACKENDS)}.")
    return BACKENDS[name](encoder)


def choose_backend(
    encoder: nn.Module, pixels: Pixels, lst_of: LstOf, names: Sequence[str] = tuple(BACKENDS)
) -> BackendChoice:
    """Try backends on some images and take the fastest that moves no estimate.

    Parameters
    ----------
    encoder
        A frozen encoder.
    pixels
        Images to try on, a batch or so, (N, S, S, 3).
    lst_of
        LST that follows from embeddings (N, …), °C; any shape.
    names
        Backends to try beside the plain one, which is always tried.
    """
    plain = encode_with(FP32, encoder)
    reference = lst_of(plain(pixels))
    trials = [BackendTrial(FP32, speed(plain, pixels), 0.0, True, "what the others are held to")]
    for name in names:
        if name != FP32:
            trials.append(tried(name, encoder, pixels, lst_of, reference))
    best = max((t for t in trials if t.accepted), key=lambda trial: trial.images_per_second)
    others = "; ".join(f"{t.name}: {t.reason}" for t in trials if not t.accepted)
    reason = f"{best.images_per_second:.3g} images/s, the most of those accepted" + (
        f" (not {others})" if others else ""
    )
    return BackendChoice(best.name, reason, tuple(trials))


def tried(
    name: str,
    encoder: nn.Module,
    pixels: Pixels,
    lst_of: LstOf,
    reference: npt.NDArray[np.float64],
) -> BackendTrial:
    """Try one backend; one that does not run here says so and is not taken."""
    try:
        encode = encode_with(name, encoder)
        shift = float(np.percentile(np.abs(lst_of(encode(pixels)) - reference), 99))
    except (RuntimeError, ImportError, OSError, ValueError) as error:
        said = (str(error) or type(error).__name__).splitlines()[0]
        return BackendTrial(name, np.nan, np.nan, False, f"does not run here ({said})")
    # a shift that is no number is no small one
    accepted = shift < MOST_SHIFT_C
    words = f"moves LST by {shift:.3g} °C at the 99th percentile"
    words += f", {'below' if accepted else 'not below'} {MOST_SHIFT_C}"
    return BackendTrial(name, speed(encode, pixels), shift, accepted, words)


def speed(encode: Encode, pixels: Pixels) -> float:
    """Measure images per second, the best of some runs after a warm one."""
    encode(pixels)
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        encode(pixels)
        seconds.append(time.perf_counter() - start)
    return len(pixels) / min(seconds)
