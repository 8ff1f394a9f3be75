"""Linear models on differences from the area's mean: ordinary least squares and ridge."""

from collections.abc import Mapping

from sklearn.linear_model import LinearRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aespa_core.baselines.contract import Method, Predictor
from aespa_core.baselines.flat_table import flat_table
from aespa_core.datasets.tract_training import TrainingTracts, centred


def fit_ols(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Fit by least squares; a missing value counts as the area's mean."""
    return fitted(training, LinearRegression())


def fit_ridge(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Fit with a penalty ``alpha`` on the squared coefficients of standardised columns."""
    return fitted(training, Ridge(settings["alpha"]))


def fitted(training: TrainingTracts, regressor: LinearRegression | Ridge) -> Predictor:
    """Standardise and fit."""
    model = make_pipeline(StandardScaler(), regressor)
    target = centred(training.labels.lst_day_c, training.features.area)
    model.fit(flat_table(training.features).anomalies, target)
    return lambda features: model.predict(flat_table(features).anomalies)


OLS = Method("ols", ({},), fit_ols)
RIDGE = Method("ridge", tuple({"alpha": alpha} for alpha in (30, 100, 300, 1000)), fit_ridge)
