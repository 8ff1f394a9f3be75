"""Two processes over gloo take the same steps as one with the same global batch."""

import json

import pytest
from lightning_fabric import Fabric

from tests.training.heat.two_processes import losses


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_two_processes_learn_as_one(tmp_path):
    losses(Fabric(accelerator="cpu", devices=1), tmp_path / "one.json")
    two = Fabric(accelerator="cpu", devices=2, strategy="ddp_spawn")
    two.launch(losses, tmp_path / "two.json")
    one_curve, two_curve = (
        json.loads((tmp_path / f"{name}.json").read_text()) for name in ("one", "two")
    )
    assert len(one_curve) == 4
    for ours, theirs in zip(one_curve, two_curve, strict=True):
        assert ours == pytest.approx(theirs, rel=2e-3)
    # a curve that does not move would agree as well
    assert one_curve[-1][0] < 0.9 * one_curve[0][0]
