"""What a command says in an environment without the models' packages."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aespa_core.errors import MissingExtraError

# Modules of pyproject.toml's extra `models`, and two that come with them.
MODULES: Final = frozenset(
    {
        "basemap_data", "mpl_toolkits", "lightgbm", "lightning_fabric", "onnx", "onnxruntime",
        "onnxscript", "peft", "safetensors", "sklearn", "tensorboard", "torch", "transformers",
        "huggingface_hub", "tokenizers",
    }
)  # fmt: skip


@contextmanager
def extras_named() -> Iterator[None]:
    """Turn a missing package of the models into a sentence.

    Raises
    ------
    MissingExtraError
        If a module of :data:`MODULES` is asked for and is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name not in MODULES:
            raise
        words = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
        raise MissingExtraError(
            f"This command needs {name}, which this environment does not have: run it in the "
            f"environment of `make test` (`make environment-test`, then `.venv-test/bin/aespa "
            f"{words} …`)."
        ) from error
