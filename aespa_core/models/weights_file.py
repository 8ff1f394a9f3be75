"""Files of weights: read as numbers and nothing else, or refused in one sentence.

No file runs anything: safetensors holds none but numbers, and torch's own files are read by its
unpickler of weights alone.
"""

import json
import pickle
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from aespa_core.errors import ArtifactError

POINTER: Final = b"version https://git-lfs"
# What torch's reader of archives and its unpickler of weights raise on foreign or broken content.
NOT_WEIGHTS: Final = (
    OSError, EOFError, ValueError, RuntimeError, KeyError, TypeError, AttributeError, IndexError,
    ImportError, OverflowError, MemoryError, RecursionError, pickle.UnpicklingError, BadZipFile,
)  # fmt: skip


@dataclass(frozen=True)
class WeightsFile:
    """What a file of weights holds: the words of its header, as JSON told them, and tensors."""

    header: dict[str, Any]
    tensors: dict[str, Tensor]


def refuse_other_files(path: Path, again: str) -> None:
    """Refuse what cannot be a file of weights, before a reader opens it.

    Raises
    ------
    ArtifactError
        If it is missing, a folder, empty, or what git leaves in the place of a large file.
    """
    if path.is_dir():
        raise ArtifactError(f"{path} is a folder, not a file of weights: {again}.")
    if not path.is_file():
        raise ArtifactError(f"{path} is missing: {again}.")
    try:
        with path.open("rb") as file:
            start = file.read(len(POINTER))
    except OSError as error:
        raise ArtifactError(f"{path} cannot be read ({error.strerror}): {again}.") from error
    if not start:
        raise ArtifactError(f"{path} is not a file of weights (it is empty): {again}.")
    if start == POINTER:
        raise ArtifactError(
            f"{path} is not a file of weights, but a pointer of git LFS to one (run "
            f"`git lfs pull`): {again}."
        )


def read_weights(path: Path, key: str, again: str) -> WeightsFile:
    """Read a safetensors file whose header has words of ours.

    Parameters
    ----------
    path
        The file.
    key
        Of the header, under which our words lie as JSON; none there is no words.
    again
        What to do where it cannot be read, as the end of a sentence.

    Raises
    ------
    ArtifactError
        If it is missing or garbled, or holds numbers that are not finite.
    """
    refuse_other_files(path, again)
    try:
        with safe_open(path, "pt") as file:
            words = json.loads((file.metadata() or {}).get(key, "{}"))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, RecursionError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path} is not a safetensors file ({error}): {again}.") from error
    refuse_not_finite(path, tensors, again)
    return WeightsFile(words if isinstance(words, dict) else {}, tensors)


def refuse_not_finite(path: Path, tensors: dict[str, Tensor], again: str) -> None:
    """Refuse weights that hold no number: every estimate would be none.

    Raises
    ------
    ArtifactError
        If one is infinite or not a number.
    """
    for name, values in tensors.items():
        if values.is_floating_point() and not torch.isfinite(values.float()).all():
            raise ArtifactError(f"{path} holds values of {name} that are not finite: {again}.")


def filled(module: nn.Module, tensors: dict[str, Tensor]) -> nn.Module:
    """Put tensors into a module; every one must be there, of its form and kind of number.

    Raises
    ------
    RuntimeError
        If one is not.
    """
    wanted = module.state_dict()
    for name, values in tensors.items():
        if name in wanted and values.dtype != wanted[name].dtype:
            raise RuntimeError(f"{name} is {values.dtype}, not {wanted[name].dtype}")
    module.load_state_dict(tensors)
    return module


def unpickled(path: Path) -> Any:  # noqa: ANN401
    """Read a file of torch's own by its unpickler of weights, which calls nothing."""
    with warnings.catch_warnings():
        # of pickles that it did not write; what it cannot read of them it refuses
        warnings.simplefilter("ignore", UserWarning)
        return torch.load(path, map_location="cpu", weights_only=True)


def read_torch_weights(path: Path, again: str) -> dict[str, Tensor]:
    """Read tensors from a file of torch's own, running nothing that it holds.

    Raises
    ------
    ArtifactError
        If it holds anything but tensors by name.
    """
    refuse_other_files(path, again)
    try:
        found = unpickled(path)
    except NOT_WEIGHTS as error:
        # the library's own words advise to run what the file holds
        raise ArtifactError(
            f"{path} is not a file of weights ({type(error).__name__}; nothing in it was run): "
            f"{again}."
        ) from error
    if not isinstance(found, dict) or not all(
        isinstance(name, str) and isinstance(value, Tensor) for name, value in found.items()
    ):
        raise ArtifactError(f"{path} holds something else than tensors by name: {again}.")
    return found
