"""How often a standard error's intervals cover, as the benchmark found."""

import pandas as pd

from aespa_core.analysis.disparity.specification import RECOMMENDED, Errors

STUDY = "twin_redrawn"
PLAIN = "HC1"


def coverage_words(results: pd.DataFrame, errors: Errors) -> str:
    """Say how often 95 % intervals of all slopes cover in simulated worlds.

    Parameters
    ----------
    results
        Table of ``aespa bench disparity``.
    errors
        Those that are asked for; clustering by county is told of as the benchmark has it.
    """
    pooled = results[(results["study"] == STUDY) & (results["metro"] == "all")]
    found = pooled[pooled["metric"] == "coverage_95"]
    worlds = int(pooled.loc[pooled["metric"] == "worlds", "value"].max())
    told = [f"{span(found, RECOMMENDED)} with CR2 by spatial block, which is recommended"]
    if errors.kind == "conley":
        told.append(f"{span(found, 'conley_')} with Conley at cutoffs of 1 and 2 km")
    elif errors.kind not in (RECOMMENDED, "cr2_county"):
        told.append(f"{span(found, errors.kind)} with {errors.kind}")
    if errors.kind != PLAIN:
        told.append(f"{span(found, PLAIN)} with {PLAIN}")
    return (
        f"In {worlds:,} simulated worlds 95 % intervals of the slopes covered the truth "
        f"{', '.join(told)}."
    )


def span(found: pd.DataFrame, method: str) -> str:
    """Write the least and the most that a method covered, over its slopes."""
    values = 100 * found.loc[found["method"].str.startswith(method), "value"]
    return f"in {values.min():.0f} to {values.max():.0f} %"
