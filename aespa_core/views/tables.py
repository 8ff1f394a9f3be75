"""Tables beside maps and charts: the same numbers, named with their units."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from aespa_core.studies.faults import Fault
from aespa_core.views.layers import Layer, layers_in

CONTEXT = ("low90_c", "high90_c", "measured", "extrapolated", "population")


def place_table(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Make one row a tract with every layer and its context, warmest first.

    Columns keep their names, which carry the unit; ``geoid`` comes first.
    """
    columns = [layer.column for layer in layers_in(frame).values()]
    columns += [name for name in CONTEXT if name in frame]
    table = pd.DataFrame(frame[list(dict.fromkeys(columns))]).reset_index(names="geoid")
    by = next((name for name in ("anomaly_c", "observed_c") if name in table), "geoid")
    return table.sort_values(by, ascending=by == "geoid", ignore_index=True)


def screen_table(table: pd.DataFrame, layer: Layer) -> pd.DataFrame:
    """Pick what a page shows of a place table: the layer on the map and the estimate's interval.

    Numbers are 32 bits wide: what travels to the browser is half as much; files have all digits.
    """
    wanted = ["geoid", layer.column, "anomaly_c", "low90_c", "high90_c", "population"]
    small = table[[name for name in dict.fromkeys(wanted) if name in table]]
    numbers = small.select_dtypes("number").columns
    return small.astype(dict.fromkeys(numbers, "float32"))


def fault_table(faults: Sequence[Fault]) -> pd.DataFrame:
    """Make one row a fault of a study: where it is, what is wrong and what would be right."""
    rows = [
        {
            "file": fault.file,
            "row": fault.row,
            "geoid": fault.geoid,
            "column": fault.column,
            "value": fault.value,
            "problem": fault.problem,
            "remedy": fault.remedy,
            "rows_alike": fault.count,
            "their_rows": " ".join(map(str, fault.rows)),
            "files_alike": " ".join(fault.files),
        }
        for fault in faults
    ]
    # whole numbers stay whole beside what is missing
    return pd.DataFrame(rows, dtype=object)
