"""Small training sets."""

from dataclasses import replace

import pytest
import torch

from aespa_core.models.heat.settings import ModelSettings
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.training.heat.training_set import TrainingSet, training_set
from tests.made_heat import Made, made_heat


@pytest.fixture(scope="session")
def made() -> Made:
    """Draw the five towns once."""
    # matrices so small that threads cost more than they bring
    torch.set_num_threads(1)
    return made_heat()


@pytest.fixture(scope="session")
def data(made) -> TrainingSet:
    """Lay them out."""
    return training_set(made.samples, made.split, made.samples.proxies, made.satellite, made.street)


@pytest.fixture(scope="session")
def small() -> TrainSettings:
    """Give settings that learn within a second or two."""
    model = ModelSettings(width=16, heads=2, hidden=16, mobility_hidden=8, dropout=0.0)
    return replace(TrainSettings(), model=model, epochs=4, batch_size=32, hide_modality=0.0)
