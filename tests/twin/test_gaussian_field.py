"""Fields have the covariance that they state, and streams do not touch each other."""

import numpy as np

from aespa_core.twin.chance import stream
from aespa_core.twin.gaussian_field import draw_field


def test_covariance_is_exponential():
    x_m, y_m = np.array([0.0, 500.0, 0.0]), np.array([0.0, 0.0, 1200.0])
    rng = np.random.default_rng(1)
    fields = np.array([draw_field(x_m, y_m, 2.0, 600.0, rng) for _ in range(20_000)])
    apart = np.hypot(x_m[:, None] - x_m, y_m[:, None] - y_m)
    np.testing.assert_allclose(np.cov(fields.T), 4.0 * np.exp(-apart / 600.0), atol=0.12)


def test_without_range_places_are_independent_and_coincident_places_are_not():
    rng = np.random.default_rng(2)
    x_m = np.zeros(2)
    alone = np.array([draw_field(x_m, x_m, 1.0, 0.0, rng) for _ in range(4_000)])
    assert abs(np.corrcoef(alone.T)[0, 1]) < 0.06
    together = draw_field(x_m, x_m, 1.0, 500.0, rng)
    assert abs(together[0] - together[1]) < 1e-3


def test_streams_are_repeatable_and_their_own():
    assert stream(3, "people").normal() == stream(3, "people").normal()
    assert stream(3, "people").normal() != stream(3, "air").normal()
    assert stream(3, "people").normal() != stream(4, "people").normal()


def test_a_field_is_the_same_to_the_bit_whether_or_not_its_places_were_drawn_before():
    places = np.random.default_rng(5).uniform(0, 3000, (2, 40))
    apart = np.hypot(places[0][:, None] - places[0], places[1][:, None] - places[1])
    for x_m, y_m, between in ((*places, apart), (*(2 * places), 2 * apart), (*places, apart)):
        correlation = np.exp(-between / 700.0) + 1e-9 * np.eye(40)
        white = np.random.default_rng(6).standard_normal(40)
        by_hand = 0.5 * (np.linalg.cholesky(correlation) @ white)
        drawn = draw_field(x_m, y_m, 0.5, 700.0, np.random.default_rng(6))
        np.testing.assert_array_equal(drawn, by_hand)
