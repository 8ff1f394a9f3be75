"""Random forest on all columns; missing values take a branch of their own."""

from collections.abc import Mapping

from sklearn.ensemble import RandomForestRegressor

from aespa_core.baselines.contract import Method, Predictor
from aespa_core.baselines.flat_table import flat_table
from aespa_core.datasets.tract_training import TrainingTracts, centred

TREES = 100


def fit(training: TrainingTracts, settings: Mapping[str, float], seed: int) -> Predictor:
    """Grow a forest; ``leaf`` tracts at least in a leaf, ``features`` share tried at a split."""
    model = RandomForestRegressor(
        int(settings.get("trees", TREES)),
        min_samples_leaf=int(settings["leaf"]),
        max_features=settings["features"],
        random_state=seed,
    )
    target = centred(training.labels.lst_day_c, training.features.area)
    model.fit(flat_table(training.features).values, target)
    return lambda features: model.predict(flat_table(features).values)


RANDOM_FOREST = Method(
    "random_forest",
    tuple(
        {"leaf": leaf, "features": share}
        for leaf, share in ((5, 0.2), (5, 0.4), (2, 0.2), (3, 0.6))
    ),
    fit,
)
