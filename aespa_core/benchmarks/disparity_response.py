r"""The temperature of a tract by day as the disparity worlds have it.

.. math::

    y_i = \mu_m + \beta_c c_i + \beta_{cc} c_i^2 + \beta_I I_i + \beta_A A_i + \beta_W W_i
          + \beta_S S_i + \beta_k k_i + u_i + e_i

    I_i = I^0_i (1 - h c_i), \qquad A_i = A^0_i + a c_i

with canopy c in plan view, sealed share I, albedo A, water W, cooling by the shore S and distance
from the centre k. Sealed share and albedo move with the canopy as in the twin: crowns hide a part
of the sealed ground I⁰ and of the reflectance A⁰ that lie under them. u is a smooth field with
exponential correlation, e is drawn for each tract on its own; both are Gaussian.

The numbers stand in ``disparity_response.toml``, fitted once to the twin
(:mod:`aespa_core.benchmarks.disparity_response_fit`) and frozen: they describe the simulator.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.benchmarks.disparity_ground import Ground
from aespa_core.errors import ConfigError
from aespa_core.settings_file import read_toml
from aespa_core.studies.atomic import write_text
from aespa_core.twin.gaussian_field import draw_field

Floats = npt.NDArray[np.float64]

FILE: Final = Path(__file__).with_suffix(".toml")
HEAD: Final = """\
# Day temperature of a tract of the twin; disparity_response.py says what each key means.
# Made by write_response(fit_twin()) of disparity_response_fit.py, which needs no images and takes
# a minute; a slow test makes it again.
"""

# In the order of the columns of causes().
SLOPES: Final = (
    "canopy_c", "canopy_squared_c", "impervious_c", "albedo_c", "water_c",
    "shore_c_per_k", "centre_c_per_km",
)  # fmt: skip


@dataclass(frozen=True)
class TemperatureLaw:
    """How warm a tract is by day.

    Attributes
    ----------
    canopy_c, canopy_squared_c
        β of canopy in plan view from 0 to 1 and of its square, °C.
    impervious_c, albedo_c, water_c
        β of shares and albedo from 0 to 1, °C.
    shore_c_per_k
        β of the shore's cooling of the air.
    centre_c_per_km
        β of distance from the centre.
    hidden_sealing
        h: part of the sealed ground that canopy 1 would hide.
    canopy_on_albedo
        a: change of albedo for canopy from 0 to 1.
    field_sd_c, field_range_m
        Smooth rest u: standard deviation, and distance at which correlation is 1/e, m.
    own_sd_c
        Standard deviation of e.
    level_c
        μ by metro, °C.
    """

    canopy_c: float
    canopy_squared_c: float
    impervious_c: float
    albedo_c: float
    water_c: float
    shore_c_per_k: float
    centre_c_per_km: float
    hidden_sealing: float
    canopy_on_albedo: float
    field_sd_c: float
    field_range_m: float
    own_sd_c: float
    level_c: Mapping[str, float]

    @property
    def slopes(self) -> Floats:
        """β in the order of the columns of :func:`causes`, shape (7,)."""
        return np.array([getattr(self, name) for name in SLOPES])


def causes(
    ground: Ground, canopy: Floats, impervious: Floats, albedo: Floats
) -> Floats:  # (B,) each → (B, 7)
    """Columns that the slopes multiply; canopy, impervious and albedo in plan view."""
    return np.column_stack(
        [
            canopy, canopy**2, impervious, albedo,
            ground.water_share, ground.shore_cooling_k, ground.land.centre_km,
        ]
    )  # fmt: skip


def expected_c(ground: Ground, land_canopy: Floats, law: TemperatureLaw) -> Floats:
    """Temperature without u and e, °C, shape (B,).

    Parameters
    ----------
    ground
        B tracts of one metro.
    land_canopy
        Share of the land under crowns, 0–1, shape (B,); water has none.
    law
        The slopes.

    Raises
    ------
    ConfigError
        If the law has no level of this metro.
    """
    metro = ground.land.metro
    if metro not in law.level_c:
        raise ConfigError(f"{FILE.name} has no level_c of '{metro}': fit the response with it.")
    canopy = land_canopy * (1.0 - ground.water_share)
    impervious = ground.bare_impervious * (1.0 - law.hidden_sealing * canopy)
    albedo = ground.bare_albedo + law.canopy_on_albedo * canopy
    expected: Floats = (
        law.level_c[metro] + causes(ground, canopy, impervious, albedo) @ law.slopes
    )  # (B,)
    return expected


def draw_rest(ground: Ground, law: TemperatureLaw, rng: np.random.Generator) -> Floats:
    """Draw u + e, °C, shape (B,)."""
    land = ground.land
    smooth = draw_field(land.x_m, land.y_m, law.field_sd_c, law.field_range_m, rng)
    own: Floats = law.own_sd_c * rng.standard_normal(land.tracts)
    return smooth + own


def read_response(path: Path = FILE) -> TemperatureLaw:
    """Read the frozen law.

    Raises
    ------
    ConfigError
        If the file lacks a key or has an unknown one.
    """
    found = read_toml(path, "a temperature law", "make it again")
    known = [field.name for field in fields(TemperatureLaw)]
    if wrong := sorted(set(known) ^ found.keys()):
        raise ConfigError(
            f"{path.name} lacks or does not know '{wrong[0]}': its keys are {', '.join(known)}."
        )
    return TemperatureLaw(**found)


def write_response(law: TemperatureLaw, path: Path = FILE) -> None:
    """Write the law to six significant digits."""
    values = asdict(law)
    levels = values.pop("level_c")
    lines = [f"{name} = {value:#.6g}" for name, value in values.items()]
    lines += ["", "[level_c]", *(f"{metro} = {value:#.6g}" for metro, value in levels.items())]
    write_text(path, HEAD + "\n".join(lines) + "\n")
