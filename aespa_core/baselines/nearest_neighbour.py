"""A tract is like the most similar labelled tracts of other areas."""

from collections.abc import Mapping

from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from aespa_core.baselines.contract import Method, Predictor
from aespa_core.baselines.flat_table import flat_table
from aespa_core.datasets.tract_training import TrainingTracts, centred


def fit(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Remember all tracts; similarity is distance in standardised differences from the area."""
    model = make_pipeline(StandardScaler(), KNeighborsRegressor(int(settings["neighbours"])))
    target = centred(training.labels.lst_day_c, training.features.area)
    model.fit(flat_table(training.features).anomalies, target)
    return lambda features: model.predict(flat_table(features).anomalies)


NEAREST_NEIGHBOUR = Method(
    "nearest_neighbour", tuple({"neighbours": k} for k in (1, 5, 20, 60)), fit
)
