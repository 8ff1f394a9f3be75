"""How the multimodal model learns, and where experiments keep what differs from the defaults."""

import math
from dataclasses import dataclass, field, fields, is_dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, TypeVar

from aespa_core.errors import ConfigError
from aespa_core.models.heat.settings import ModelSettings
from aespa_core.names import shown
from aespa_core.settings_file import read_toml

Settings = TypeVar("Settings")
EXPERIMENTS: Final = files("aespa_core") / "experiments"
MODES: Final = ("teacher", "student")


@dataclass(frozen=True)
class LossWeights:
    """Weights of the terms beside the day's error; names as in the published commands.

    Attributes
    ----------
    phys
        Of the correlation penalty, for a model whose physics is ``soft``.
    proxy
        Of telling the five proxies from the images.
    ranking
        Of nights that are hotter than their day.
    night
        Of the night's error, where the night is known.
    kd, fd
        Of a student's distance from its teacher's estimates and features.
    share
        Of how unlike the proxies' slopes are: what the labels do not tell apart is shared out.
    """

    phys: float = 0.05
    proxy: float = 0.1
    ranking: float = 0.1
    night: float = 0.3
    kd: float = 0.1
    fd: float = 0.05
    share: float = 0.0


@dataclass(frozen=True)
class TrainSettings:
    """How to learn.

    Attributes
    ----------
    model, weights
        What learns, and what it is told to care for.
    epochs, batch_size
        Passes over the training tracts; tracts a step over all devices together.
    learning_rate, weight_decay, warmup
        Of AdamW; share of the steps until the rate is full, after which it falls as a cosine.
    clip_norm
        Largest norm of a step's gradient.
    patience
        Epochs without a better validation error before it stops; 0 never stops.
    huber_c
        Error at which the loss turns from square to absolute, °C.
    context_jitter
        Deviation of noise on the standardised context: metros are few and easily learned by heart.
    hide_modality
        Probability that a tract's tile, its photos or its mobility are hidden in a step.
    pretrain_steps
        In which new encoders that stay frozen first learn, each, from training tracts' images
        without labels.
    bank
        Tracts that the correlation penalty remembers.
    precision
        ``32-true``, or ``bf16-mixed`` where the host has it.
    members
        Networks that learn one after the other, each from weights and an order of its own; the
        estimate is their mean.
    """

    model: ModelSettings = field(default_factory=ModelSettings)
    weights: LossWeights = field(default_factory=LossWeights)
    epochs: int = 150
    batch_size: int = 64
    learning_rate: float = 3e-3
    weight_decay: float = 0.05
    warmup: float = 0.1
    clip_norm: float = 1.0
    patience: int = 30
    huber_c: float = 0.5
    context_jitter: float = 0.1
    hide_modality: float = 0.1
    pretrain_steps: int = 0
    bank: int = 256
    precision: str = "32-true"
    members: int = 1


def experiment(name: str) -> TrainSettings:
    """Read the settings of a named experiment, ``experiments/<name>.toml``.

    Raises
    ------
    ConfigError
        If there is none, or its file has an unknown key.
    """
    known = sorted(p.name.removesuffix(".toml") for p in EXPERIMENTS.iterdir())
    if name not in known:
        raise ConfigError(f"There is no experiment '{name}': choose one of {', '.join(known)}.")
    path = Path(str(EXPERIMENTS / f"{name}.toml"))
    changes = read_toml(path, "an experiment", "install the package again")
    return with_changes(TrainSettings(), changes, f"{name}.toml")


def with_changes(settings: Settings, changes: dict[str, Any], where: str) -> Settings:
    """Change some settings, tables within tables.

    Raises
    ------
    ConfigError
        If a key is unknown, or a value of another kind than its default.
    """
    known = [f.name for f in fields(settings)]  # type: ignore[arg-type]
    values: dict[str, Any] = {}
    for key, value in changes.items():
        if key not in known:
            raise ConfigError(
                f"{where} has an unknown key {shown(key)}: known keys are {', '.join(known)}."
            )
        old = getattr(settings, key)
        if is_dataclass(old):
            if not isinstance(value, dict):
                raise ConfigError(f"{where}: {key} is {shown(value)}: write a section [{key}].")
            values[key] = with_changes(old, value, f"{where}, {key}")
        elif type(value) is type(old) or (type(old) is float and type(value) is int):
            if isinstance(old, float) and not math.isfinite(value):
                raise ConfigError(f"{where}: {key} is {value}: write a finite number.")
            values[key] = type(old)(value)
        else:
            raise ConfigError(
                f"{where}: {key} = {shown(value)} is no {type(old).__name__}: its default "
                f"is {old!r}."
            )
    return replace(settings, **values)  # type: ignore[type-var]
