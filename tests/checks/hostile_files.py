"""Scenario and specification files that were written to do harm."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from aespa_core.analysis.disparity.specification import Errors, Specification
from aespa_core.analysis.scenarios.measures import MEASURE_IDS
from tests.checks.hostile_studies import toml
from tests.checks.hostile_text import some_string

Rng = np.random.Generator
WHOLE: Final = (
    b"", b"\x00" * 100, b"\xff", b"[" * 50_000, b"a = " + b"[" * 50_000, b"a=" + b"{b=" * 50_000,
    b"a = " + b"9" * 50_000, b"a." * 50_000 + b"b = 1", b"\xef\xbb\xbf", b"a = 1\na = 2\n",
    b"x" * 50_000_000, b"[[where]]\n" * 1_000, b"a = '''" + b"y" * 1_000_000 + b"'''",
    b"# only a comment\n", b"[where]\n" + b"[" * 500, b"a = 1979-13-45",
)  # fmt: skip
VALUES: Final = (
    "inf", "-inf", "nan", "1e308", "-1", "0", "2", "true", "[]", "[[1]]", "{}", "1979-05-27",
    "9" * 400, "0x7fffffffffffffff", "[" * 900 + "]" * 900, "1e-320", '""', "[1, 2, 3]",
)  # fmt: skip
METRO: Final = ('"gridville"',)
RUNS: Final = ('"heat_teacher"', '"../truth/effects"')
OBJECTIVES: Final = ('"mean"', '"equity"', '"hottest"')
PLACES: Final = ("hottest_share", "conditions", "tracts", "counties", "urban_areas")


def drawn(rng: Rng, usual: Sequence[str] = ()) -> str:
    """Draw a value: a usual one, a strange one or a hostile string."""
    way = rng.uniform()
    if usual and way < 0.4:
        return usual[int(rng.integers(len(usual)))]
    if way < 0.7:
        return VALUES[int(rng.integers(len(VALUES)))]
    text = toml(some_string(rng).encode("utf-8", "replace").decode())
    return f"[{text}]" if rng.uniform() < 0.3 else text


def write_hostile_scenario(path: Path, study: str, rng: Rng) -> None:
    """Write a scenario on a study that is there."""
    if rng.uniform() < 0.15:
        path.write_bytes(WHOLE[int(rng.integers(len(WHOLE)))])
        return
    lines = [
        f"study = {toml(study) if rng.uniform() < 0.8 else drawn(rng)}",
        f"metro = {drawn(rng, METRO)}",
    ]
    if rng.uniform() < 0.4:
        lines.append(f"run = {drawn(rng, RUNS)}")
    if rng.uniform() < 0.3:
        lines.append(f"literature = {drawn(rng, ['true', 'false'])}")
    if rng.uniform() < 0.1:
        lines.append(f"{toml(some_string(rng))} = {drawn(rng)}")
    lines.append("[where]")
    for key in rng.choice(PLACES, int(rng.integers(1, 3)), replace=False):
        usual = ["0.2", "1.0"] if key == "hottest_share" else ['["poverty_share above 0.1"]']
        lines.append(f"{key} = {drawn(rng, usual)}")
    lines.append("[measures]")
    for measure in rng.choice(MEASURE_IDS, int(rng.integers(0, len(MEASURE_IDS))), replace=False):
        how = str(rng.choice(["share", "of_limit", "shares"], p=[0.5, 0.4, 0.1]))
        lines.append(f"{measure} = {{ {how} = {drawn(rng, ['0.05', '0.5', '1.0'])} }}")
    if rng.uniform() < 0.3:
        lines += ["[costs]", f"{rng.choice(MEASURE_IDS)} = {drawn(rng, ['40.0', '1e-9'])}"]
    if rng.uniform() < 0.4:
        lines += [
            "[budget]",
            f"usd = {drawn(rng, ['1e6', '1', '1e300'])}",
            f"objective = {drawn(rng, OBJECTIVES)}",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


USUAL: Final = {
    "outcomes": ['["observed_day"]', '["predicted_day"]', "[]"],
    "terms": ['["income_sd"]', '["income_sd", "nonwhite_10pct"]', '["income_sd", "income_sd"]'],
    "controls": ['["log_density"]', "[]"],
    "fixed_effects": ['"metro"', '"county"', '"none"'],
    "weights": ['"population"', '"none"'],
    "quantiles": ["[0.5]", "[0.0, 1.0]", "[-1.0]", "[0.1, 0.1]", str([0.5] * 3_000)],
    "metros": ['["gridville"]', "[]"],
}
PARTS: Final = {
    "errors": {"kind": [f'"{kind}"' for kind in ("conley", "HC1", "cr2_blocks", "iid")],
               "cutoff_km": ["10.0", "1e-9", "1e9"], "kernel": ['"uniform"']},
    "space": {"neighbours": ['"queen"', '"knn_6"', '"knn_999999999"', '"within_1e9km"',
                             '"within_0km"', '"knn_0"']},
    "inequality": {"kappa_per_c": ["0.5", "0.0", "1e9"]},
}  # fmt: skip


def write_hostile_specification(path: Path, study: str, rng: Rng) -> None:
    """Write a specification on a study that is there."""
    if rng.uniform() < 0.15:
        path.write_bytes(WHOLE[int(rng.integers(len(WHOLE)))])
        return
    lines = [f"studies = {f'[{toml(study)}]' if rng.uniform() < 0.85 else drawn(rng)}"]
    for key in rng.choice(list(USUAL), int(rng.integers(1, 4)), replace=False):
        lines.append(f"{key} = {drawn(rng, USUAL[str(key)])}")
    for part, keys in PARTS.items():
        if rng.uniform() < 0.3:
            key = str(rng.choice(list(keys)))
            lines += [f"[{part}]", f"{key} = {drawn(rng, keys[key])}"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


# what both forms have besides, so that a new default is noticed here
assert {"errors", "space", "inequality"} <= set(Specification.__dataclass_fields__)
assert "kind" in Errors.__dataclass_fields__
