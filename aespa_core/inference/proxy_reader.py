"""Proxies read off images elsewhere: what the training tracts taught, in one safetensors file."""

import hashlib
import json
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from safetensors.numpy import save

from aespa_core.datasets.heat.folds import blocks_of, training_folds
from aespa_core.datasets.heat.image_proxies import fitted
from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.datasets.heat.splits import HeatSplit
from aespa_core.datasets.proxies.image_estimator import ImageEstimator
from aespa_core.errors import ArtifactError
from aespa_core.models.weights_file import read_weights
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.atomic import write_bytes

Array = npt.NDArray[np.float64]

READER_FILE: Final = "reader.safetensors"
FORMAT: Final = "aespa proxy reader 1"
KEY: Final = "aespa"
MAKE: Final = "it lies beside the weights that `aespa train` wrote; copy both, or train again"
ARRAYS: Final = tuple(f.name for f in fields(ImageEstimator) if f.name != "columns")


@dataclass(frozen=True)
class ReaderPart:
    """An estimator and the proxies that are taken from it: those measured at the same tracts."""

    proxies: tuple[str, ...]
    estimator: ImageEstimator


@dataclass(frozen=True)
class ProxyReader:
    """Reads the five proxies off the numbers of images; it learned on all training tracts."""

    parts: tuple[ReaderPart, ...]

    def __call__(self, numbers: pd.DataFrame) -> Array:
        """Read B tracts.

        Parameters
        ----------
        numbers
            Of each tract's images, B rows, NaN where no image tells; columns that the reader does
            not know are left aside, and one that no tract here has counts as missing.

        Returns
        -------
        Array
            Shape (B, 5); NaN where a tract has no image, or nobody taught the proxy.
        """
        seen = numbers.notna().any(axis=1).to_numpy(bool)
        found = np.full((len(numbers), len(PROXY_IDS)), np.nan)
        if not seen.any():
            return found
        for part in self.parts:
            which = [PROXY_IDS.index(name) for name in part.proxies]
            known = numbers[seen].reindex(columns=list(part.estimator.columns))
            found[np.ix_(seen, which)] = part.estimator(known)[list(part.proxies)].to_numpy(float)
        return found


def learned_reader(numbers: pd.DataFrame, samples: HeatSamples, split: HeatSplit) -> ProxyReader:
    """Learn from all training tracts, as :func:`image_proxies` does for tracts that do not learn.

    Parameters
    ----------
    numbers
        Of each tract's images, B rows in the order of the samples.
    samples
        ``proxies`` are what is learned from.
    split
        Who learns.
    """
    seen = numbers.notna().any(axis=1).to_numpy(bool)
    known = np.isfinite(samples.proxies) & (split.train & seen)[:, None]
    if not known.any():
        return ProxyReader(())
    fold, blocks = training_folds(samples, split), blocks_of(samples)
    parts = []
    for pattern in np.unique(known, axis=1).T:
        if not pattern.any():
            continue
        apart = fold.astype(str) if len(np.unique(fold[pattern])) > 1 else blocks
        which = np.flatnonzero((known == pattern[:, None]).all(axis=0))
        proxies = tuple(PROXY_IDS[k] for k in which)
        parts.append(ReaderPart(proxies, fitted(numbers, samples.proxies, pattern, apart)))
    return ProxyReader(tuple(parts))


def save_reader(reader: ProxyReader, path: Path) -> str:
    """Write a reader atomically; gives the hash by which a checkpoint knows it."""
    header = {
        "format": FORMAT,
        "parts": [
            {"proxies": list(part.proxies), "columns": list(part.estimator.columns)}
            for part in reader.parts
        ],
    }
    arrays = {
        f"{number}.{name}": np.ascontiguousarray(getattr(part.estimator, name))
        for number, part in enumerate(reader.parts)
        for name in ARRAYS
    }
    write_bytes(path, save(arrays, {KEY: json.dumps(header)}))
    return hash_of(path)


def load_reader(path: Path, wanted: str) -> ProxyReader:
    """Read a reader.

    Parameters
    ----------
    path
        A file that :func:`save_reader` wrote.
    wanted
        Its hash, as the checkpoint says.

    Raises
    ------
    ArtifactError
        If the file is missing or garbled, or belongs to another checkpoint.
    """
    if not path.exists():
        raise ArtifactError(f"{path} is missing, which reads proxies off images: {MAKE}.")
    read = read_weights(path, KEY, MAKE)
    found = read.header
    try:
        arrays = {name: values.numpy() for name, values in read.tensors.items()}
        if found["format"] != FORMAT:
            raise ValueError(f"it says '{found['format']}', not '{FORMAT}'")  # noqa: TRY301
        parts = tuple(part_of(words, arrays, n) for n, words in enumerate(found["parts"]))
    except (ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path} is no reader of proxies ({error}): {MAKE}.") from error
    if hash_of(path) != wanted:
        raise ArtifactError(f"{path} is not the reader that its checkpoint was saved with: {MAKE}.")
    return ProxyReader(parts)


def part_of(words: dict[str, Any], arrays: dict[str, Array], number: int) -> ReaderPart:
    """Build a part from its header and its arrays.

    Raises
    ------
    ValueError
        If the arrays are not of the header's size, or a proxy is none.
    """
    own = {name: arrays[f"{number}.{name}"] for name in ARRAYS}
    proxies, columns = tuple(words["proxies"]), tuple(words["columns"])
    count, every = (len(columns),), (len(PROXY_IDS),)
    wanted = {"centre": count, "scale": count, "mean": every, "weights": count + every}
    for name, shape in (wanted | {"penalty": every}).items():
        if own[name].shape != shape or own[name].dtype != np.float64:
            raise ValueError(f"{name} is {own[name].dtype} of shape {own[name].shape}, not {shape}")
    if strange := [name for name in proxies if name not in PROXY_IDS]:
        raise ValueError(f"there is no proxy {strange[0]!r}")
    return ReaderPart(proxies, ImageEstimator(columns, **own))


def hash_of(path: Path) -> str:
    """Hash a file: 24 hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:24]
