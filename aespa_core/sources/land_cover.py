"""Sealed ground from NLCD 2016: on 2020 tracts of DC, Maryland and Massachusetts only."""

import pandas as pd

from aespa_core.names import counted
from aespa_core.sources.extract import Extract, notes_of
from aespa_core.sources.mirror import Mirror

# The census measured every outline again for 2020. Where land area moved by less than 1 %, a share
# of land moves by less than .01, far below the error of a share made from class mid-ranges.
SAME_AREA = 0.01


def read_impervious(mirror: Mirror, aland_m2: pd.Series) -> Extract:
    """Take the impervious share of tracts that are the same land in both vintages.

    Parameters
    ----------
    mirror
        Source files.
    aland_m2
        Land area of the 2010 tracts, m², by geoid.

    Returns
    -------
    Extract
        ``geoid``, ``impervious`` (share 0–1); only tracts that kept their id and land area.
    """
    raw = mirror.csv(
        "tracts/nlcd2016_tract20_DC_MD_MA.csv.gz",
        {"ALAND20": "float", "imperv_proxy": "float"},
        ids=["tract20"],
    )
    rows = raw[raw["tract20"].isin(aland_m2.index)].drop_duplicates("tract20")
    before = aland_m2.reindex(rows["tract20"].to_numpy()).to_numpy()
    same = (rows["ALAND20"] - before).abs() <= SAME_AREA * before
    kept = rows[same & (before > 0)].sort_values("tract20", ignore_index=True)
    moved = len(rows) - len(kept)
    covered = aland_m2.index.str[:2].isin(raw["tract20"].str[:2].unique())
    renamed = int(covered.sum()) - len(rows)
    return Extract(
        pd.DataFrame({"geoid": kept["tract20"], "impervious": kept["imperv_proxy"]}),
        notes_of(
            (
                int(covered.sum()),
                f"Sealed ground (NLCD 2016, from mid-ranges of its classes) comes on 2020 tracts: "
                f"used for {counted(len(kept), 'tract')} with the same id and land area, left "
                f"missing for {moved} with other land and {renamed} with another id.",
            ),
            (not covered.any(), "No table of sealed ground covers this metro."),
        ),
    )
