"""What must hold of the tables that explain a run's estimates."""

from typing import Final

import numpy as np
import pandas as pd

from aespa_core.names import shown
from aespa_core.schema import PROXIES
from aespa_core.studies.faults import Fault, Sheet, all_numbers
from aespa_core.studies.listed_rows import rows_in_words
from aespa_core.studies.response_table import WEIGHTS
from aespa_core.studies.run_tables import BASE

TOLERANCE_C: Final = 1e-4
SIGNED: Final = ("line_c", *WEIGHTS)


def wrong_way_faults(responses: Sheet) -> list[Fault]:
    """Find curves that would move against their proxy's expected sign."""
    frame = responses.frame
    if "proxy" not in frame or not all_numbers(frame, SIGNED):
        return []
    sign = frame["proxy"].map({proxy.id: proxy.sign for proxy in PROXIES}).astype(float)
    return [
        fault
        for name in SIGNED
        for fault in responses.faults_where(
            frame[name] * sign < 0,
            name,
            lambda value: (
                f"the coefficient {value:g} acts against the proxy's expected sign",
                "run `aespa attribute` again",
            ),
        )
    ]


def member_faults(responses: Sheet) -> list[Fault]:
    """Find metros whose members are not numbered from 0 on, or whose curves lack some of them.

    No mean and no range could be told of such curves.
    """
    frame = responses.frame
    needed = ["geoid", "metro", "proxy", "member"]
    if not set(needed) <= set(frame) or not pd.api.types.is_integer_dtype(frame["member"]):
        return []
    known = frame[needed].dropna().astype({"member": "int64"})
    faults = []
    for metro, rows in known.groupby("metro"):
        members = np.unique(rows["member"].to_numpy(int))
        again = "run `aespa attribute` again"
        if not np.array_equal(members, np.arange(len(members))):
            listed = rows_in_words(members.tolist(), len(members))
            problem = f"the {len(members)} members of {shown(metro)} are numbered {listed}"
            remedy = f"number them from 0 to {len(members) - 1}, or {again}"
            faults.append(responses.fault(None, "member", listed, problem, remedy))
            continue
        curves = rows.groupby(["geoid", "proxy"], sort=False)["member"].nunique()
        if (short := curves < len(members)).any():
            geoid, proxy = curves.index[short][0]
            problem = (
                f"{int(short.sum()):,} of {len(curves):,} curves of {shown(metro)} lack some of "
                f"its {len(members)} members (the first: {proxy} of tract {geoid})"
            )
            faults.append(responses.fault(None, "member", None, problem, again))
    return faults


def disagreement_faults(attributions: Sheet, estimates: Sheet) -> list[Fault]:
    """Find parts that are not those of the estimates, to 1e-4 °C."""
    parts_known = {"geoid", "part"} <= set(attributions.frame)
    if not parts_known or not all_numbers(attributions.frame, ("effect_c",)):
        return []
    table = estimates.frame.drop_duplicates("geoid").set_index("geoid")
    columns = {BASE: "base_c", **{p.id: f"contribution_{p.id}_c" for p in PROXIES}}
    faults = []
    for part, column in columns.items():
        if not all_numbers(table, (column,)):
            continue
        rows = attributions.frame["part"] == part
        said = attributions.frame["geoid"].map(table[column]).astype(float)
        off = (attributions.frame["effect_c"] - said).abs() > TOLERANCE_C
        faults += attributions.faults_where(
            rows & off,
            "effect_c",
            lambda value, column=column: (  # type: ignore[misc]
                f"{value:g} °C is not {column} of {estimates.file}",
                "run `aespa attribute` again",
            ),
        )
    return faults
