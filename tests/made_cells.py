"""Make cells of an atlas: one a tract, beside each other."""

import h3
import pandas as pd

MIDDLE = h3.latlng_to_cell(32.56, -86.44, 8)


def made_cells(geoids: pd.Series) -> pd.DataFrame:
    """Give each tract one H3 cell of its own."""
    cells = sorted(h3.grid_disk(MIDDLE, 20))
    assert len(cells) >= len(geoids)
    return pd.DataFrame({"geoid": list(geoids), "cell": cells[: len(geoids)]})
