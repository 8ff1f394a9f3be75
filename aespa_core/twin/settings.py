"""Settings of the simulator: one truth, and short files of what differs."""

from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from aespa_core.errors import ConfigError
from aespa_core.schema import METRO_IDS, metro_named
from aespa_core.settings_file import read_toml

# Any change of what the simulator makes raises it; every benchmark on the twin is then run again.
TWIN_VERSION: Final = "1.0"
WORLDS: Final = ("twin", "stress", "tiny")
# Opens with the dashboard: built in seconds.
DEMO_METROS: Final = ("miami", "seattle")


@dataclass(frozen=True)
class TwinSettings:
    """What a simulated world is like.

    Attributes
    ----------
    id
        Folder of the study.
    name
        Name of the study on screen.
    metros
        Metro ids, in order.
    seed
        Of everything.
    size_px
        Side of a metro, pixels of 2 m.
    tracts
        Fewest and most tracts of a metro.
    photos
        Street photos a tract.
    bands
        Whether twelve bands at 10 m and a column of NO₂ are written, too.
    history_on_canopy
        Change of log canopy for one standard deviation of the neighbourhood's history.
    centre_on_canopy
        Change of log canopy from the centre to the edge: context that goes with a proxy.
    shore_cooling_k
        How much cooler the air is at the shore of a sea or lake than far inland, K.
    moisture_spread
        Standard deviation over neighbourhoods of the water that plants can take.
    plant_resistance
        Factor on the surface resistance of plants: far above 1 they do not transpire.
    dry_grass_reflectance
        Factor on the reflectance of dry grass: burnt grass is dark.
    """

    id: str = "twin"
    name: str = "Twin"
    metros: tuple[str, ...] = METRO_IDS
    seed: int = 2026
    size_px: int = 2048
    tracts: tuple[int, int] = (70, 110)
    photos: int = 8
    bands: bool = False
    history_on_canopy: float = 0.45
    centre_on_canopy: float = 0.0
    shore_cooling_k: float = 2.0
    moisture_spread: float = 0.12
    plant_resistance: float = 1.0
    dry_grass_reflectance: float = 1.0


def world_settings(world: str) -> TwinSettings:
    """Read the settings of a named world.

    Raises
    ------
    ConfigError
        If there is no such world, or its file has an unknown key.
    """
    if world not in WORLDS:
        raise ConfigError(f"There is no world '{world}': choose one of {', '.join(WORLDS)}.")
    path = Path(str(files("aespa_core.twin") / "worlds" / f"{world}.toml"))
    changes = read_toml(path, "a world", "install the package again")
    return with_changes(TwinSettings(), changes, f"{world}.toml")


def chosen_world(world: str, metros: str = "all", seed: int | None = None) -> TwinSettings:
    """Read a world's settings and narrow them.

    Parameters
    ----------
    world
        Name of the world.
    metros
        Metro ids joined by commas, ``demo`` or ``all``.
    seed
        Another seed than the world's own; None for its own.

    Raises
    ------
    ConfigError
        If there is no such world.
    UnknownMetroError
        If there is no such metro.
    """
    settings = world_settings(world)
    if metros == "demo":
        settings = replace(
            settings, id=f"{settings.id}_demo", name=f"{settings.name} demo", metros=DEMO_METROS
        )
    elif metros != "all":
        # a metro that is asked for twice is built once
        chosen = tuple(dict.fromkeys(metro_named(m).id for m in metros.split(",")))
        settings = replace(settings, metros=chosen)
    return settings if seed is None else replace(settings, seed=seed)


def with_changes(settings: TwinSettings, changes: dict[str, Any], where: str) -> TwinSettings:
    """Change some settings.

    Raises
    ------
    ConfigError
        If a key is unknown.
    """
    known = [field.name for field in fields(TwinSettings)]
    if unknown := sorted(changes.keys() - set(known)):
        raise ConfigError(
            f"{where} has an unknown key '{unknown[0]}': known keys are {', '.join(known)}."
        )
    values: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in changes.items()
    }
    return replace(settings, **values)
