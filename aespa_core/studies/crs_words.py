"""Which words for a system of coordinates are given to PROJ: those that can name no file.

PROJ takes far more than names of systems: ``+init=/etc/passwd:x`` opens that file, a grid is a
file, and one that never ends keeps it for ever. So what it is given is looked at first.
"""

import json
import re
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import StudyError
from aespa_core.names import shown

LONGEST: Final = 100_000
AUTHORITIES: Final = r"(EPSG|OGC|ESRI|IGNF|IAU_\d{4})"
CODES: Final = re.compile(
    rf"{AUTHORITIES}:[\w.]{{1,30}}"
    rf"|urn:(x-)?ogc:def:crs:{AUTHORITIES}:[\w.]{{0,20}}:[\w.]{{1,30}}"
    rf"|https?://www\.opengis\.net/def/crs/{AUTHORITIES}/[\w.]{{1,20}}/[\w.]{{1,30}}",
    re.ASCII | re.IGNORECASE,
)
# WKT of either version begins with one of these; what a grid binds to another system does not.
WKT: Final = re.compile(
    r"\s*(GEOGCS|GEOCCS|PROJCS|COMPD_CS|LOCAL_CS|(GEOD|GEOG|PROJ|ENG)CRS|COMPOUNDCRS"
    r"|(GEODETIC|GEOGRAPHIC|PROJECTED|ENGINEERING)CRS)\s*[\[(]",
    re.IGNORECASE,
)
JSON_TYPES: Final = frozenset(
    f"{kind}CRS"
    for kind in (
        "Geographic", "Geodetic", "Projected", "Compound", "Engineering", "DerivedGeographic",
        "DerivedGeodetic", "DerivedProjected",
    )
)  # fmt: skip
# In either form: words of PROJ's own, grids, and what holds one.
HARMFUL: Final = re.compile(
    r"\b(proj|init|grids)\s*=|\+\s*(proj|init)\b|(nad|geoid)grids|proj-based|difference.?file"
    r"|(BOUNDCRS|EXTENSION|TRANSFORMATION|OPERATION|PARAMETERFILE|GEOIDMODEL)\s*[\[(]"
    r"|\"type\": \"[^\"]*(Bound|Transformation|Operation)"
    r"|\"(transformation|proj|init|geoid_models?)\":",
    re.IGNORECASE,
)


def checked_crs(path: Path, crs: object) -> str | dict[str, Any] | None:
    """Give the words for a system of coordinates back where PROJ may have them.

    These are a code of an authority, the WKT or PROJJSON of a system, and none (None).

    Raises
    ------
    StudyError
        For all else, above all what may name a file.
    """
    if crs is None:
        return None
    if isinstance(crs, str) and CODES.fullmatch(crs):
        return crs
    text = crs if isinstance(crs, str) else json.dumps(crs, ensure_ascii=False)
    if len(text) <= LONGEST and not HARMFUL.search(text):
        if isinstance(crs, str) and WKT.match(crs):
            return crs
        if isinstance(crs, dict) and str(crs.get("type")) in JSON_TYPES:
            return crs
    raise StudyError.of(
        path,
        f"has borders in {shown(text)}, which is no plain name or description of a system of "
        "coordinates",
        "write the borders again with to_crs('EPSG:4326')",
    )
