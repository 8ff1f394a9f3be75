"""The baselines of the heat benchmark by their ids."""

from typing import Final

from aespa_core.baselines.heat.metro_mean import METRO_MEAN
from aespa_core.baselines.heat.nearest_tract import NEAREST_TRACT
from aespa_core.baselines.heat.proxy_boosting import PROXY_BOOSTING
from aespa_core.baselines.heat.proxy_ridge import PROXY_RIDGE
from aespa_core.baselines.heat.resnet import RESNET
from aespa_core.baselines.heat.tile2vec import TILE2VEC
from aespa_core.baselines.heat.urbanheat_cnn import URBANHEAT_CNN

REGISTRY: Final = {
    method.id: method
    for method in (
        METRO_MEAN,
        NEAREST_TRACT,
        PROXY_RIDGE,
        PROXY_BOOSTING,
        RESNET,
        TILE2VEC,
        URBANHEAT_CNN,
    )
}
