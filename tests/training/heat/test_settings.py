"""Experiments hold only what differs, and nothing that is set goes unread."""

import ast
from dataclasses import fields
from pathlib import Path

import pytest

from aespa_core.errors import ConfigError
from aespa_core.models.heat.settings import EncoderSettings, ModelSettings
from aespa_core.training.heat.settings import (
    EXPERIMENTS,
    LossWeights,
    TrainSettings,
    experiment,
    with_changes,
)

CORE = Path(__file__).resolve().parents[3] / "aespa_core"
NAMES = sorted(path.name.removesuffix(".toml") for path in EXPERIMENTS.iterdir())


def names_read() -> set[str]:
    """Attributes that the rooms of the model read, and texts that might name one."""
    found = set()
    for room in ("models/heat", "training/heat", "inference", "benchmarks"):
        for path in (CORE / room).glob("*.py"):
            if path.name == "settings.py":
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Attribute):
                    found.add(node.attr)
    return found


@pytest.mark.parametrize("settings", [EncoderSettings, ModelSettings, TrainSettings])
def test_every_setting_is_read_somewhere(settings):
    """Published: learning rate and loss weights of the YAML were never read."""
    assert {field.name for field in fields(settings)} - names_read() == set()


@pytest.mark.parametrize("name", NAMES)
def test_an_experiment_holds_only_what_differs(name):
    assert experiment(name) != TrainSettings()


def test_numbers_are_numbers():
    """Published: 2e-4 was read as a text."""
    assert experiment("twin_large").learning_rate == pytest.approx(2e-4)


def test_an_unknown_key_or_a_wrong_kind_is_named():
    with pytest.raises(ConfigError, match=r"x.toml, model has an unknown key 'depht'.*known"):
        with_changes(TrainSettings(), {"model": {"depht": 2}}, "x.toml")
    with pytest.raises(ConfigError, match=r"epochs = '9' is no int: its default is"):
        with_changes(TrainSettings(), {"epochs": "9"}, "x.toml")
    with pytest.raises(ConfigError, match="adaptation = 'half' is unknown"):
        with_changes(EncoderSettings(), {"adaptation": "half"}, "x.toml")
    assert with_changes(LossWeights(), {"kd": 1}, "x.toml").kd == 1.0
