"""What each reported case must answer beyond the general rule, keyed by the name of its folder.

Where a report allows two right answers, one is chosen, and ``choice`` says which.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from tests.cases import module_calls

Outcome = Literal["repaired", "counted", "refused"]


@dataclass(frozen=True, kw_only=True)
class RightAnswer:
    """What must come out of a case.

    Attributes
    ----------
    choice
        The right answer in a sentence.
    outcome
        ``repaired``: numbers equal the clean study's. ``counted``: notices name the fault.
        ``refused``: validating says 1 or 2, every other command 2, in the same sentence.
        None: only calls.
    names
        Columns or files at fault; what differs from the clean study if empty.
    phrases
        Door → regular expressions, each of which must be found in what it says.
    faults
        How many faults validating lists, None where that is not asked.
    numbers
        (door, number) → what it must be, to half of its last digit.
    calls
        Functions that get the case's folder and say what is wrong, "" where all is right.
    """

    choice: str
    outcome: Outcome | None = None
    names: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    faults: int | None = None
    numbers: Mapping[tuple[str, str], str] = field(default_factory=dict)
    calls: tuple[Callable[[Path], str], ...] = ()


INCOME: Final = "median_household_income_usd"
SLOPE: Final = ("disparity", "T3 row 0 estimate")

ANSWERS: Final[Mapping[str, RightAnswer]] = {
    "01-acs-jam-income": RightAnswer(
        choice="Refused in the validator's sentence: −666,666,666 is a code for missing.",
        outcome="refused",
        names=(INCOME,),
        phrases={"validate": (INCOME, r"666,?666,?666", r"missing"), "disparity": (INCOME,)},
    ),
    "06-top-coded-250001": RightAnswer(
        choice="Kept and counted as censored.",
        outcome="counted",
        names=(INCOME,),
        phrases={"disparity": (INCOME, r"censored", r"\b140\b"), "validate": (r"censored",)},
        numbers={SLOPE: "-0.166"},
    ),
    "08-excel-scientific": RightAnswer(
        choice="One fault: the digits are lost, so that ids must be exported as text again.",
        outcome="refused",
        names=("geoid",),
        phrases={
            "validate": (r"digits", r"lost", r"text", r"again"),
            "page heat_map": (r"digits", r"lost"),
        },
        faults=1,
    ),
    "09-ids-as-integers": RightAnswer(
        choice="Refused in the validator's sentence.",
        outcome="refused",
        names=("geoid",),
        phrases={"validate": (r"integers",), "disparity": (r"integers",)},
    ),
    "10-income-as-text": RightAnswer(
        choice="Refused in the validator's sentence, which explains '250,000+' and the comma.",
        outcome="refused",
        names=(INCOME,),
        phrases={
            "validate": (INCOME, r"66,800", r"250,000\+.*(end of a scale|or more)"),
            "disparity": (INCOME,),
        },
    ),
    "12-column-names": RightAnswer(
        choice="Columns that nobody reads are named with the nearest known name.",
        names=("LST_day_C", "canopy_pct", "white_share (%)", "Median_Household_Income_USD"),
        phrases={
            "validate": (
                r"LST_day_C.*lst_day_c",
                r"canopy_pct.*canopy\b",
                r"white_share \(%\).*white_share",
                rf"Median_Household_Income_USD.*{INCOME}",
            ),
            "page heat_map": (r"LST_day_C",),
        },
    ),
    "14-geometry-column-geom": RightAnswer(
        choice="The active geometry is read, whatever its name.", outcome="repaired"
    ),
    "16-null-geometry": RightAnswer(
        choice="Refused in the validator's sentence: a tract has no polygon.",
        outcome="refused",
        names=("geometry", "polygon"),
        phrases={"validate": (r"01001\d{6}", r"no polygon|polygon is missing")},
    ),
    "18-polygon-z": RightAnswer(
        choice="Heights are dropped and counted.",
        outcome="repaired",
        phrases={"validate": (r"\b144\b", r"height|\bZ\b")},
        calls=(module_calls.map_is_flat,),
    ),
    "22-ct-planning-regions": RightAnswer(
        choice="One sentence: no id agrees; Connecticut changed its counties in 2022.",
        outcome="refused",
        names=("geoid", "Connecticut"),
        phrases={
            "validate": (r"no id agrees", r"Connecticut", r"2022"),
            "disparity": (r"Connecticut", r"2022"),
        },
        faults=1,
    ),
    "23-mobility-167-hours": RightAnswer(
        choice="Tracts of fewer than 168 hours are counted; an hour missing for all is filled.",
        outcome="counted",
        names=("mobility", "hour_of_week"),
        phrases={"validate": (r"\b144\b", r"167|168", r"hour")},
        calls=(module_calls.weeks_are_read,),
    ),
    "24-exif-photo": RightAnswer(
        choice="Both readers look at the upright picture.", calls=(module_calls.photos_are_upright,)
    ),
    "27-pickled-weights": RightAnswer(
        choice="A sentence; nothing is run.", calls=(module_calls.pickles_are_refused,)
    ),
    "29-study-named-atlas": RightAnswer(
        choice="The name is refused: a study of that name ships.",
        outcome="refused",
        names=("atlas",),
        phrases={"validate": (r"atlas", r"ships|shipped"), "disparity": (r"atlas",)},
    ),
    "30-bom-study-toml": RightAnswer(
        choice="Read with utf-8-sig.", calls=(module_calls.byte_order_mark_is_read,)
    ),
    "31-2020-tracts-of-a-known-metro": RightAnswer(
        choice="A sentence: the stored models know tracts of 2010; n of N ids are not among them.",
        calls=(module_calls.strange_tracts_are_counted,),
    ),
    "35-no-torch": RightAnswer(
        choice="One sentence: the command needs the environment of `make test`.",
        calls=(module_calls.torch_is_asked_for,),
    ),
    "38-borders-that-miss-by-1e-14": RightAnswer(
        choice="Borders are snapped before contiguity: 1,012 links.",
        outcome="repaired",
        numbers={
            ("disparity", "T4 row 2 statistic"): "33.3",
            ("disparity", "T4 row 0 statistic"): "0.141",
        },
        calls=(module_calls.grid_is_whole,),
    ),
}
