"""The devices that a run asks for, launched; what the host lacks is refused in a sentence."""

import os
import re

import torch
from lightning_fabric import Fabric

from aespa_core.errors import ConfigError
from aespa_core.training.heat.settings import TrainSettings
from aespa_core.worker_pool import end_with_parent


def fabric_of(device: str, devices: int, settings: TrainSettings) -> Fabric:
    """Launch the devices.

    Raises
    ------
    ConfigError
        If the host has no such device.
    """
    kind, _, number = device.partition(":")
    wanted = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if kind not in ("auto", "cpu", *wanted) or not wanted.get(kind, True):
        here = ["cpu", *(name for name, there in wanted.items() if there)]
        raise ConfigError(
            f"--device {device} is not on this host: choose auto or one of {', '.join(here)}."
        )
    if number and (not re.fullmatch("[0-9]{1,3}", number) or kind in ("auto", "cpu")):
        raise ConfigError(
            f"--device {device} is no device: write auto, cpu, mps, cuda, or cuda:0 for the first."
        )
    if number and kind == "cuda" and int(number) >= torch.cuda.device_count():
        raise ConfigError(
            f"--device {device} is not on this host, which has {torch.cuda.device_count()}: count "
            "from cuda:0."
        )
    if os.environ.get("LOCAL_RANK", "0") != "0":
        # one of several processes that the first has started: it ends with that one
        end_with_parent(os.getppid())
    fabric = Fabric(
        accelerator=kind,
        devices=[int(number)] if number else devices,
        strategy="ddp" if devices > 1 else "auto",
        precision=settings.precision,  # type: ignore[arg-type]
    )
    fabric.launch()
    return fabric
