"""Errors for calibration come from areas that their model never saw; gaps widen intervals."""

import numpy as np
import pytest

from aespa_core.datasets.tract_training import TrainingTracts
from aespa_core.inference import cross_calibration
from aespa_core.inference.cross_calibration import (
    calibrated_proxies,
    cross_fit,
    cross_residuals,
    pattern_intervals,
)
from aespa_core.inference.interval_features import NAMES
from aespa_core.models.tract_model import TractModel
from tests.made_nation import FAST


@pytest.fixture(scope="module")
def seen():
    """Areas that each fold's model was fitted to."""
    return []


@pytest.fixture(scope="module")
def cross(labelled, seen):
    """Fit the folds, and note what each model saw."""
    fit = cross_calibration.fit_tract_model

    def noting(training: TrainingTracts, *rest: object) -> TractModel:
        seen.append(set(training.features.area))
        return fit(training, *rest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cross_calibration, "fit_tract_model", noting)
        return cross_fit(labelled, FAST, 0)


def test_no_model_saw_the_areas_of_its_fold(cross, seen):
    assert len(seen) == len(cross.models) == 4
    for number, areas in enumerate(seen):
        assert not areas & set(cross.training.features.area[cross.fold == number])
    assert set(np.unique(cross.fold)) == {0, 1, 2, 3}


def test_every_labelled_tract_has_one_centred_error(cross):
    found = cross_residuals(cross)
    assert len(set(found.geoid)) == len(found.geoid) == len(cross.training.group)
    assert found.features.shape == (len(found.geoid), len(NAMES))
    assert np.isfinite(found.features).all()
    for area in np.unique(found.area):
        assert abs(found.residual_c[found.area == area].mean()) < 1e-6


def test_hidden_proxies_make_larger_errors_and_wider_intervals(cross):
    shown, hidden = cross_residuals(cross), cross_residuals(cross, ("canopy",))
    assert hidden.residual_c.std() > 1.1 * shown.residual_c.std()
    intervals = pattern_intervals(cross, [(), ("canopy",)])
    widths = [
        np.median(intervals[pattern].half_width_c(found.features))
        for pattern, found in (((), shown), (("canopy",), hidden))
    ]
    assert widths[1] > 1.1 * widths[0]


def test_a_proxy_of_two_areas_is_too_few_to_calibrate_on(labelled):
    assert calibrated_proxies(labelled) == ("ndvi", "canopy")
    assert calibrated_proxies(labelled.without_proxies(("canopy",))) == ("ndvi",)
