"""Which tables a study of each kind may have, and which it must have."""

from collections.abc import Mapping
from typing import Final

import pandera.pandas as pa

from aespa_core.studies.air_tables import AIR_TABLES
from aespa_core.studies.picture_tables import PICTURE_TABLES
from aespa_core.studies.run_tables import EXPLANATIONS
from aespa_core.studies.tables import CELLS, ESTIMATES, PLACE_TABLES
from aespa_core.studies.truth_tables import TRUTH_TABLES

DECLARED: Final[Mapping[str, Mapping[str, pa.DataFrameSchema]]] = {
    "observed": {**PLACE_TABLES, **PICTURE_TABLES, **AIR_TABLES},
    "simulated": {**PLACE_TABLES, **PICTURE_TABLES, **AIR_TABLES, **TRUTH_TABLES},
    "estimated": {"estimates": ESTIMATES, "cells": CELLS, **EXPLANATIONS},
}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    "observed": ("tracts",),
    "simulated": ("tracts",),
    "estimated": ("estimates", "cells"),
}
