"""Columbus neighbourhoods (COL.OLD of R's spdep), and what R 4.2.2 says of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from aespa_core.analysis.spatial.spatial_weights import SpatialWeights, standardised

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
R: dict[str, Any] = json.loads((GOLDEN / "r_golden.json").read_text(encoding="utf-8"))
TERMS = ("constant", "INC", "HOVAL")

_rows = pd.read_csv(GOLDEN / "colold.csv")
CRIME = _rows["CRIME"].to_numpy(float)  # (49,)
DESIGN = np.column_stack([np.ones(49), _rows[["INC", "HOVAL"]]])  # (49, 3)


def columbus() -> SpatialWeights:
    """``COL.nb``, row-standardised."""
    links = sparse.csr_array(np.loadtxt(GOLDEN / "W.csv", delimiter=","))
    return standardised("queen", links, _rows["NEIG"].astype(str), "queen contiguity")
