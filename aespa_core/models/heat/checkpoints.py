"""Checkpoints in the published format: found in a folder or on the hub, checked, read, written.

A checkpoint is a folder as Hugging Face writes it (``config.json`` beside ``model.safetensors``),
or a name on the hub: taken from the local cache where it lies there, else fetched, since a name
was asked for.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from huggingface_hub import snapshot_download
from huggingface_hub.errors import (
    HfHubHTTPError,
    LocalEntryNotFoundError,
    StrictDataclassError,
)
from safetensors import SafetensorError
from torch import Tensor
from transformers import CLIPVisionConfig, CLIPVisionModel, PreTrainedModel, ViTConfig, ViTModel
from transformers.utils import logging

from aespa_core.errors import ArtifactError, ConfigError, FileError
from aespa_core.models.heat.settings import EncoderSettings, refuse_odd_sizes
from aespa_core.models.weights_file import (
    NOT_WEIGHTS,
    read_torch_weights,
    read_weights,
    refuse_not_finite,
)
from aespa_core.studies.atomic import replacing_folder

HUB_NAME: Final = re.compile(r"[\w.-]+(/[\w.-]+)?")
CONFIG_FILE: Final = "config.json"
# Tensors alone where a checkpoint has them so; else torch's own file, read as weights only.
WEIGHT_FILES: Final = ("*.safetensors", "pytorch_model*.bin")
MOST_CONFIG_BYTES: Final = 1_000_000
CHANNELS: Final = 3
# Our names of sizes, and those of ``config.json``.
SIZES: Final = {
    "image_px": "image_size",
    "patch_px": "patch_size",
    "width": "hidden_size",
    "depth": "num_hidden_layers",
    "heads": "num_attention_heads",
}
# What the library raises on a network that it cannot build or fill.
NOT_A_NETWORK: Final = (*NOT_WEIGHTS, StrictDataclassError)


@dataclass(frozen=True)
class Architecture:
    """A kind of network: what it is called, the model types of its checkpoints, its classes."""

    words: str
    model_types: tuple[str, ...]
    variable: str
    example: str
    model: type[PreTrainedModel]
    config: type[Any]
    options: dict[str, Any]


VIT: Final = Architecture(
    "a ViT", ("vit",), "VIT_MODEL_DIR", "google/vit-base-patch16-224",
    ViTModel, ViTConfig, {"add_pooling_layer": False},
)  # fmt: skip
CLIP: Final = Architecture(
    "a CLIP vision tower", ("clip", "clip_vision_model"), "CLIP_MODEL_DIR",
    "openai/clip-vit-base-patch16", CLIPVisionModel, CLIPVisionConfig, {},
)  # fmt: skip


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the library from drawing bars and reports of heads that are left out on purpose."""
    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def checkpoint_folder(kind: Architecture, weights: str) -> Path:
    """Find the folder of a checkpoint.

    Raises
    ------
    ArtifactError
        If it is nowhere; the sentence says what was looked for and what would do.
    """
    remedy = (
        f"give a folder with {CONFIG_FILE} and model.safetensors, or a name on the hub such as "
        f"{kind.example}"
    )
    name = weights
    if weights.startswith("$"):
        name = os.environ.get(weights[1:], "")
        if not name:
            raise ArtifactError(
                f"The settings take {kind.words} from {weights}, which is not set: {remedy}."
            )
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not (folder / CONFIG_FILE).is_file():
            raise ArtifactError(f"{folder} has no {CONFIG_FILE}, so it is no checkpoint: {remedy}.")
        return folder
    if not HUB_NAME.fullmatch(name):
        raise ArtifactError(f"There is no folder {folder} to take {kind.words} from: {remedy}.")
    return hub_folder(name, remedy)


def hub_folder(name: str, remedy: str) -> Path:
    """Take a checkpoint from the hub's local cache, or fetch its weights and nothing else."""
    for local in (True, False):
        for pattern in WEIGHT_FILES:
            try:
                folder = Path(
                    snapshot_download(
                        name, allow_patterns=[CONFIG_FILE, pattern], local_files_only=local
                    )
                )
            except LocalEntryNotFoundError as error:
                reason: Exception = error
                continue
            except (HfHubHTTPError, OSError, ValueError) as error:
                reason = error
                break
            if (folder / CONFIG_FILE).is_file() and any(folder.glob(pattern)):
                return folder
            reason = FileNotFoundError(f"no {pattern} in it")
    raise ArtifactError(
        f"'{name}' is no folder here and could not be had from the hub "
        f"({str(reason).splitlines()[0]}): {remedy}."
    )


def sizes(kind: Architecture, folder: Path, settings: EncoderSettings) -> EncoderSettings:
    """Read a checkpoint's size from its ``config.json``.

    Raises
    ------
    ArtifactError
        If the file is garbled or tells of another architecture.
    """
    path = folder / CONFIG_FILE
    words = config_in(path)
    found = str(words["model_type"])
    if found not in kind.model_types:
        raise ArtifactError(
            f"{folder} holds a network of type '{found}', not {kind.words} "
            f"({' or '.join(kind.model_types)}): give one such as {kind.example}."
        )
    try:
        return sizes_in(kind, words.get("vision_config", words), settings)
    except (ConfigError, ValueError) as error:
        raise ArtifactError(
            f"{path} does not hold the size of a network that can be built "
            f"({str(error).rstrip('.')}): fetch the checkpoint again."
        ) from error


def config_in(path: Path) -> dict[str, Any]:
    """Read a ``config.json``.

    Raises
    ------
    ArtifactError
        If it is no JSON of a network's kind.
    """
    try:
        if path.stat().st_size > MOST_CONFIG_BYTES:
            raise ValueError(f"{path.stat().st_size:,} bytes")  # noqa: TRY301
        words: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        str(words["model_type"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ArtifactError(
            f"{path} does not say what its network is ({error!r}): fetch the checkpoint again."
        ) from error
    return words


def sizes_in(kind: Architecture, words: object, settings: EncoderSettings) -> EncoderSettings:
    """Take the size of a network from its configuration.

    Raises
    ------
    ConfigError, ValueError
        If no network of that size can be built.
    """
    if not isinstance(words, dict):
        raise ValueError("no table of sizes")  # noqa: TRY004
    default = kind.config()
    values = {
        name: words.get(name, getattr(default, name)) for name in ("num_channels", *SIZES.values())
    }
    inner = words.get("intermediate_size", default.intermediate_size)
    refuse_odd_sizes({**values, "intermediate_size": inner})
    if values["num_channels"] != CHANNELS:
        raise ValueError(f"it looks at {values['num_channels']} channels, not at {CHANNELS}")
    return replace(settings, **{ours: values[theirs] for ours, theirs in SIZES.items()})


def read_checkpoint(kind: Architecture, folder: Path) -> PreTrainedModel:
    """Read a checkpoint's tensors; every parameter of the network must be there.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, or lacks parameters.
    """
    again = f"fetch the checkpoint again, such as {kind.example}"
    try:
        words = config_in(folder / CONFIG_FILE)
        config = kind.config.from_dict(words.get("vision_config", words))
        tensors = tensors_in(folder, again)
        with quiet():
            # our own reader's tensors: the library's would also follow what else lies there
            loaded: Any = kind.model.from_pretrained(
                None, config=config, state_dict=tensors, output_loading_info=True, **kind.options
            )
        network, info = loaded
    except (*NOT_A_NETWORK, ArtifactError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0].removesuffix(f": {again}.")
        raise ArtifactError(f"The weights in {folder} cannot be read ({reason}): {again}.") from (
            error
        )
    if lacking := sorted({*info["missing_keys"], *map(str, info["mismatched_keys"])}):
        raise ArtifactError(
            f"The weights in {folder} lack {len(lacking)} parameters of {kind.words}, such as "
            f"{lacking[0]}: {again}."
        )
    read: PreTrainedModel = network.float().eval()
    return read


def tensors_in(folder: Path, again: str) -> dict[str, Tensor]:
    """Read all tensors of a checkpoint, of safetensors where it has them.

    Raises
    ------
    ArtifactError
        If there is no file of weights, or one of them is garbled.
    """
    for pattern, read in zip(WEIGHT_FILES, (safe_tensors, read_torch_weights), strict=True):
        tensors: dict[str, Tensor] = {}
        for path in sorted(folder.glob(pattern)):
            tensors |= read(path, again)
            refuse_not_finite(path, tensors, again)
        if tensors:
            return tensors
    raise ArtifactError(f"there is no file of weights: {again}.")


def safe_tensors(path: Path, again: str) -> dict[str, Tensor]:
    """Read the tensors of a safetensors file."""
    return read_weights(path, "", again).tensors


def save_network(network: PreTrainedModel, folder: Path) -> None:
    """Write a network as a checkpoint that ``EncoderSettings.weights`` can name, atomically."""
    with replacing_folder(folder) as new, quiet():
        try:
            network.save_pretrained(new)
        except SafetensorError as error:
            # the library's own word for a disk that takes no more
            raise FileError(
                f"{folder} cannot be written ({error}): free some space, or choose another folder."
            ) from error
