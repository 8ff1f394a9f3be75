"""What must hold of the tables that explain a run's estimates."""

from typing import Final

from aespa_core.schema import PROXIES
from aespa_core.studies.faults import Fault, Sheet, all_numbers
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
