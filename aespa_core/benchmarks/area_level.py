"""Exploratory: guess an area's mean temperature from where it lies, without its labels."""

import numpy as np
import pandas as pd
from sklearn.linear_model import RidgeCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from aespa_core.datasets.tract_training import TrainingTracts

PLACE = ("lat", "lon", "log_sea_km", "log_lake_km", "log_housing")
PENALTIES = np.logspace(-1, 3, 9)


def guessed_levels(tracts: TrainingTracts) -> pd.Series:
    """Guess each area's mean, °C, by ridge regression on the areas of the other groups.

    Area means of latitude, longitude, distance to water, density and NDVI enter with their squares
    and products. Climate is not among the inputs: read the result as an exploration.
    """
    features = tracts.features
    table = features.context_mean[list(PLACE)].assign(
        ndvi=features.proxy_mean[:, 0, 0],
        area=features.area,
        group=tracts.group,
        level=tracts.labels.lst_day_c,
    )
    areas = table.groupby("area").mean()
    inputs = areas.drop(columns=["group", "level"])
    guess = pd.Series(np.nan, index=areas.index)
    for group in np.unique(tracts.group):
        apart = areas["group"] == group
        model = make_pipeline(
            StandardScaler(), PolynomialFeatures(2), StandardScaler(), RidgeCV(PENALTIES)
        )
        model.fit(inputs[~apart], areas.loc[~apart, "level"])
        guess[apart] = model.predict(inputs[apart])
    return guess
