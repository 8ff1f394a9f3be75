"""Terms of the loss against plain arithmetic, and each of the published defects once."""

from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aespa_core.training.heat.correlation_penalty import CorrelationBank, pearson, sign_penalty
from aespa_core.training.heat.losses import (
    estimate_distance,
    feature_distance,
    proxy_loss,
    ranking_loss,
    temperature_loss,
)
from aespa_core.training.heat.objectives import Terms
from aespa_core.training.heat.settings import LossWeights

SIGNS = (-1, -1, 1, -1, -1)


def test_unknown_labels_neither_count_nor_turn_the_loss_to_nan():
    estimate = torch.tensor([1.0, 5.0, 3.0], requires_grad=True)
    label = torch.tensor([2.0, torch.nan, 3.0])
    loss = temperature_loss(estimate, label, huber_c=0.5)
    # one of two known tracts is off by 1 °C: 1 − .25 over the two
    assert loss.item() == pytest.approx((1.0 - 0.25) / 2)
    loss.backward()
    assert estimate.grad[1] == 0
    assert torch.isfinite(estimate.grad).all()


def test_nobody_known_is_no_loss():
    nothing = torch.full((3,), torch.nan)
    assert temperature_loss(torch.ones(3), nothing, 0.5) == 0
    assert proxy_loss(torch.ones(3, 5), torch.zeros(3, 5), torch.zeros(3, 5).bool()) == 0


def test_ranking_counts_only_nights_hotter_than_their_day():
    night, day = torch.tensor([20.0, 31.0]), torch.tensor([30.0, 30.0])
    assert ranking_loss(night, day) == pytest.approx(0.5)


def test_every_weight_of_the_commands_reaches_the_loss():
    """Published: the student's λ_proxy, λ_phys and λ_ranking were read and dropped."""
    weights = LossWeights(*(0.1 * (i + 1) for i in range(len(fields(LossWeights)))))
    parts = {f.name: torch.tensor(float(10**i)) for i, f in enumerate(fields(Terms))}
    total = Terms(**parts).total(weights)
    by_hand = parts["day"] + sum(
        getattr(weights, f.name) * parts[f.name] for f in fields(LossWeights)
    )
    assert total.item() == pytest.approx(by_hand.item())
    for field in fields(LossWeights):
        more = replace(weights, **{field.name: 5.0})
        assert Terms(**parts).total(more) > total


@given(st.integers(3, 40), st.integers(0, 2**31 - 1))
def test_correlation_is_unbiased_in_any_batch(size, seed):
    """Published: biased over unbiased, so that a perfect correlation read .75 in a batch of 4."""
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(size, 5)), rng.normal(size=size)
    ours = pearson(torch.tensor(x - x.mean(0)), torch.tensor(y - y.mean()))
    assert ours.numpy() == pytest.approx(np.corrcoef(x.T, y)[-1, :5], abs=1e-6)


def test_a_perfect_correlation_of_the_wrong_sign_costs_one_for_each_proxy():
    day = torch.arange(4.0)
    proxies = torch.stack([day * -sign for sign in SIGNS], -1)
    metro = torch.zeros(4)
    assert sign_penalty(proxies, day, metro, SIGNS) == pytest.approx(5.0, abs=1e-4)
    assert sign_penalty(-proxies, day, metro, SIGNS) == 0


def test_a_hot_metro_with_many_trees_is_no_offence():
    """Within each metro trees cool; across the two they seem to warm."""
    canopy = torch.tensor([0.1, 0.2, 0.6, 0.7])
    day = torch.tensor([30.0, 29.0, 40.0, 39.0])
    proxies = torch.stack([canopy] * 5, -1) * torch.tensor([1.0, 1.0, -1.0, 1.0, 1.0])
    assert sign_penalty(proxies, day, torch.tensor([0, 0, 1, 1]), SIGNS) == 0
    assert sign_penalty(proxies, day, torch.zeros(4), SIGNS) > 1


def test_the_bank_makes_the_penalty_one_of_the_data():
    """Published, batch of 4: independent proxies are punished by .18 each, which is noise."""
    rng = torch.Generator().manual_seed(0)
    bank = CorrelationBank(256, 5)
    alone, remembered = [], []
    for _ in range(200):
        proxies, day = torch.randn(4, 5, generator=rng), torch.randn(4, generator=rng)
        alone.append(sign_penalty(proxies, day, torch.zeros(4), SIGNS).item())
        remembered.append(bank(proxies, day, torch.zeros(4).long(), SIGNS).item())
    assert np.mean(alone) / 5 > 0.15
    assert np.mean(remembered[100:]) / 5 < 0.05
    assert int(bank.filled) == 256


def test_distances_pull_only_the_student():
    student = torch.randn(8, 4, requires_grad=True)
    teacher = torch.randn(8, 4, requires_grad=True)
    (
        estimate_distance(student[:, 0], teacher[:, 0]) + feature_distance(student, teacher)
    ).backward()
    assert student.grad.abs().sum() > 0
    assert teacher.grad is None


def test_feature_distance_does_not_depend_on_the_scale_of_features():
    """Published: divided by 512 once more, and larger for larger features."""
    student, teacher = torch.randn(32, 4), torch.randn(32, 4)
    assert feature_distance(student, 100 * teacher).item() == pytest.approx(
        feature_distance(student, teacher).item(), rel=1e-3
    )
    assert feature_distance(teacher, teacher) < 1e-6
