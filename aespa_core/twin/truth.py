"""The true answers: plan-view proxies, temperatures, and what each proxy does to them.

What a proxy contributes is the tract's temperature as it is, minus its temperature with that proxy
alone moved to its reference, everything else of the scene left as it is:

=========== =================================================== =================================
proxy       what moves                                          reference
=========== =================================================== =================================
canopy      trees go, the ground under them stays               no tree
ndvi        visible grass becomes bare soil                     no grass
impervious  visible sealed ground and roofs become bare soil    nothing sealed
            of the same albedo; buildings keep their height
albedo      every surface darkens by one factor                 :data:`REFERENCE_ALBEDO`
shadow      the direct beam arrives everywhere; the sky view    no shadow
            stays
=========== =================================================== =================================

Where proxies overlap. Trees carry leaves, albedo and shade; all of it is the canopy's. Shade that
trees cast is moved by two proxies, canopy and shadow; ``tree_shade_c`` holds this common part, and
belongs to the canopy wherever contributions are added up. Effects of separate moves do not add up
to a whole, and are not made to.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.schema import PROXIES
from aespa_core.twin.energy_balance import Surface, solve
from aespa_core.twin.materials import CODE, property_of
from aespa_core.twin.nadir_view import TopView, seen_from_above
from aespa_core.twin.scene import Scene
from aespa_core.twin.settings import TwinSettings
from aespa_core.twin.shade import shadow_of, sky_view
from aespa_core.twin.tract_map import tract_sums
from aespa_core.twin.weather import NIGHT_HOUR, ZERO_C_K, Weather, weather_at

Floats = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]

REFERENCE_ALBEDO: Final = 0.10
# Rows of the raster solved at a time: small enough for the processor's cache.
ROWS: Final = 64
# A move smaller than this says nothing of an effect per unit.
LEAST_MOVE: Final = 0.005
# Temperature changes below this are the solver's rounding, K.
LEAST_CHANGE_K: Final = 0.05


@dataclass(frozen=True)
class Light:
    """Where the sun and the sky reach, shape (H, W): share of direct beam, sky view factor."""

    lit: Floats
    sky: Floats


@dataclass(frozen=True)
class View:
    """A scene under its light, as the energy balance and a satellite know it."""

    scene: Scene
    top: TopView
    albedo: Floats
    light: Light


def view_of(scene: Scene, settings: TwinSettings) -> View:
    """Look at a scene at overpass."""
    height = scene.height_m
    top = seen_from_above(scene, settings.dry_grass_reflectance)
    sun = weather_at(scene.climate).sun
    shadow = shadow_of(height, height, sun.elevation_deg, sun.azimuth_deg)
    return View(scene, top, top.albedo, Light((~shadow).astype(np.float32), sky_view(height)))


def temperature(view: View, weather: Weather, settings: TwinSettings) -> Floats:
    """Solve the energy balance of every pixel, °C, shape (H, W)."""
    scene, out = view.scene, np.empty_like(view.albedo)
    for first in range(0, len(out), ROWS):
        rows = slice(first, first + ROWS)
        surface = Surface(
            view.top.material[rows], view.albedo[rows], view.light.lit[rows],
            view.light.sky[rows], scene.moisture[rows], scene.cooler_k[rows],
        )  # fmt: skip
        found = solve(surface, weather, settings.plant_resistance)
        out[rows] = found.temperature_k - np.float32(ZERO_C_K)
    return out


def without_trees(view: View, settings: TwinSettings) -> View:
    """Take the trees away; the ground under them stays."""
    return view_of(replace(view.scene, tree_m=np.zeros_like(view.scene.tree_m)), settings)


def without_grass(view: View, settings: TwinSettings) -> View:
    """Turn visible grass into bare soil."""
    grass = view.top.material == CODE["grass"]
    ground = np.where(grass, np.uint8(CODE["bare_soil"]), view.scene.ground)
    scene = replace(view.scene, ground=ground)
    top = seen_from_above(scene, settings.dry_grass_reflectance)
    return View(scene, top, top.albedo, view.light)


def without_sealing(view: View, settings: TwinSettings) -> View:
    """Turn what is sealed into bare soil of the same albedo."""
    sealed = property_of("sealed").astype(bool)[view.top.material]
    material = np.where(sealed, np.uint8(CODE["bare_soil"]), view.top.material)
    return replace(view, top=replace(view.top, material=material))


def darkened(view: View, settings: TwinSettings) -> View:
    """Scale every albedo by the factor that brings its tract to the reference."""
    tract = view.scene.tract
    mean = tract_means(view.albedo, tract)
    # pixels of no tract keep their albedo
    factor = np.append(REFERENCE_ALBEDO / mean, 1.0).astype(np.float32)[tract]
    return replace(view, albedo=view.albedo * factor)


def sunlit(view: View, settings: TwinSettings) -> View:
    """Let the direct beam arrive everywhere."""
    return replace(view, light=replace(view.light, lit=np.ones_like(view.light.lit)))


MOVES: Final[dict[str, Callable[[View, TwinSettings], View]]] = {
    "ndvi": without_grass,
    "canopy": without_trees,
    "impervious": without_sealing,
    "albedo": darkened,
    "shadow": sunlit,
}


def plan_view(view: View) -> pd.DataFrame:
    """Proxies of each tract in plan view at overpass, one row a tract, columns by proxy id."""
    material, tract = view.top.material, view.scene.tract
    rasters = {
        "ndvi": view.top.ndvi,
        "canopy": material == CODE["tree"],
        "impervious": property_of("sealed").astype(bool)[material],
        "albedo": view.albedo,
        "shadow": 1.0 - view.light.lit,
    }
    return pd.DataFrame({name: tract_means(raster, tract) for name, raster in rasters.items()})


def tract_means(raster: npt.ArrayLike, tract: npt.NDArray[np.int16]) -> Array:
    """Mean of a raster over each tract, shape (n,)."""
    return tract_sums(raster, tract) / np.bincount(tract.ravel() + 1)[1:]


def true_effects(view: View, day_c: Floats, settings: TwinSettings) -> pd.DataFrame:
    """Solve what each proxy does to a tract's temperature by day.

    Parameters
    ----------
    view
        The scene as it is.
    day_c
        Its temperature, °C, shape (H, W).
    settings
        Of the world.

    Returns
    -------
    pandas.DataFrame
        One row a tract; for each proxy ``effect_*_c`` (as it is minus at the reference, °C),
        ``per_unit_*_c`` (over the proxy's move; missing where it hardly moves), ``flipped_*``
        (share of the pixels whose temperature changes that change against the expected sign) and
        ``changed_*`` (how many those are, share of the tract); ``tree_shade_c``.
    """
    weather, tract = weather_at(view.scene.climate), view.scene.tract
    now, columns = plan_view(view), {}
    for proxy in PROXIES:
        moved = MOVES[proxy.id](view, settings)
        change = day_c - temperature(moved, weather, settings)
        effect = tract_means(change, tract)
        step = (now[proxy.id] - plan_view(moved)[proxy.id]).to_numpy()
        wide = np.abs(step) > LEAST_MOVE
        columns[f"effect_{proxy.id}_c"] = effect
        columns[f"per_unit_{proxy.id}_c"] = np.where(
            wide, effect / np.where(wide, step, 1.0), np.nan
        )
        changed = np.abs(change) > LEAST_CHANGE_K
        columns[f"changed_{proxy.id}"] = tract_means(changed, tract)
        against = changed & (change * proxy.sign < 0)
        columns[f"flipped_{proxy.id}"] = tract_means(against, tract) / np.maximum(
            columns[f"changed_{proxy.id}"], 1e-9
        )
        if proxy.id == "canopy":
            columns["tree_shade_c"] = tract_means(
                tree_shade(view, moved, day_c, weather, settings), tract
            )
    return pd.DataFrame(columns)


def tree_shade(
    view: View, bare: View, day_c: Floats, weather: Weather, settings: TwinSettings
) -> Floats:
    """Solve what the shade of trees on other surfaces does, °C, shape (H, W)."""
    lifted = np.maximum(view.light.lit, bare.light.lit)
    return day_c - temperature(
        replace(view, light=replace(view.light, lit=lifted)), weather, settings
    )


def night(view: View, settings: TwinSettings) -> Floats:
    """Temperature at the night overpass, °C, shape (H, W)."""
    return temperature(view, weather_at(view.scene.climate, NIGHT_HOUR), settings)
