"""The one door to data: small arguments in, shared read-only results out."""

from pathlib import Path

import geopandas as gpd
import streamlit as st

from aespa_core.analysis.places import Places, metros_of, nearest, places_of
from aespa_core.studies.atomic import replacing
from aespa_core.studies.catalogue import Listed, list_studies
from aespa_core.studies.folder import Study, open_study
from aespa_core.studies.manifest import MANIFEST
from aespa_core.views.maps import MapFile, map_file

STATIC = Path(__file__).resolve().parent / "static"
NEAR_TRACTS = 300


def studies() -> dict[str, Listed]:
    """Studies by id; looked up afresh so that a new one appears without a restart."""
    return {listed.id: listed for listed in list_studies()}


def version_of(path: Path) -> float:
    """Time at which a study was last written; part of every key below."""
    manifest = path / MANIFEST
    return manifest.stat().st_mtime if manifest.is_file() else 0.0


@st.cache_resource(max_entries=16, show_spinner="Checking the study …")
def study(path: str, version: float) -> Study:
    """Open a study once for each time that it was written."""
    return open_study(Path(path))


@st.cache_resource(max_entries=32)
def metros(path: str, version: float) -> tuple[str, ...]:
    """Metros of a study."""
    return metros_of(study(path, version))


@st.cache_resource(max_entries=32, show_spinner="Reading the tracts …")
def places(path: str, version: float, metro: str) -> Places:
    """Tracts of a metro; shared by all sessions, never written to."""
    return places_of(study(path, version), metro)


@st.cache_resource(max_entries=64)
def near(path: str, version: float, metro: str, geoid: str) -> gpd.GeoDataFrame:
    """Tracts around a chosen one, few enough that clicking is quick without a graphics card."""
    return nearest(places(path, version, metro), geoid, NEAR_TRACTS)


@st.cache_resource(max_entries=64, show_spinner="Drawing the borders …")
def polygons(path: str, version: float, metro: str, around: str | None = None) -> MapFile:
    """GeoJSON of a metro, or of the tracts around one of them on the metro's colours."""
    frame = places(path, version, metro).frame
    return map_file(near(path, version, metro, around) if around else frame, frame)


def address_of(file: MapFile) -> str | None:
    """Where the browser can fetch the polygons; None if they must be sent inline.

    They are served as a static file when the server's static serving is on and its folder can be
    written to.
    """
    if not st.get_option("server.enableStaticServing"):
        return None
    target = STATIC / file.name
    if not target.is_file():
        try:
            with replacing(target) as temporary:
                temporary.write_bytes(file.content)
        except OSError:
            return None
    return f"/app/static/{file.name}"
