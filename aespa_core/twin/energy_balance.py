r"""Surface temperature from the balance of energy at each pixel.

.. math:: (1-\alpha)(\ell K_{dir} + \psi K_{dif}) + \varepsilon\,[\psi L_\downarrow
   + (1-\psi)\sigma T_a^4 - \sigma T_s^4] = Q^* = Q_H + Q_E + \Delta Q_S

.. math:: Q_H = \Big(\frac{\rho c_p}{r_a} + 1.52\,|T_s-T_a|^{1/3}\Big)(T_s - T_a), \quad
   Q_E = \frac{\rho c_p}{\gamma}\frac{e_s(T_s)-e_a}{r_a + r_s}, \quad
   \Delta Q_S = a_1 Q^* + a_2 \frac{\partial K^*}{\partial t} + a_3 + m\,(T_s - \bar T_a)

ℓ is 1 where the direct beam arrives, ψ the sky view; walls radiate at the air's temperature. Forced
convection by the neutral logarithmic wind profile, free convection over a flat surface by McAdams
(1954, Heat Transmission, ch. 7); storage by the objective hysteresis model (Grimmond & Oke 1999, J.
Appl. Meteor. 38:922), its time derivative taken of the absorbed sunshine; m, only of water, mixes
heat down to a depth at the day's mean air temperature; saturation vapour pressure by Tetens (1930).
There is no reflection between surfaces.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from aespa_core.twin.materials import CODE, MATERIALS, property_of
from aespa_core.twin.weather import STEFAN_BOLTZMANN, Weather, vapour_pressure_hpa

Floats = npt.NDArray[np.float32]

AIR_J_M3_K: Final = 1200.0  # density × heat capacity of air near the ground
PSYCHROMETRIC_HPA_K: Final = 0.66
VON_KARMAN: Final = 0.41
WIND_HEIGHT_M: Final = 10.0
FREE_W_M2: Final = 1.52
# heat leaves a surface ten times less easily than momentum (Brutsaert 1982, Evaporation, ch. 4)
HEAT_ROUGHNESS: Final = 0.1
CLOSED_W_M2: Final = 0.05
STEPS: Final = 30
PLANTS: Final = tuple(CODE[name] for name in ("grass", "dry_grass", "tree"))
# trees reach water that grass does not: half of it is there in any summer
TREE_WATER: Final = 0.5
DRY: Final = 0.02


@dataclass(frozen=True)
class Surface:
    """State of N surface elements, every array of shape (N,) or (H, W).

    Attributes
    ----------
    material
        Code of what is seen from above.
    albedo
        Broadband, share.
    lit
        Share of the direct beam that arrives.
    sky
        Sky view factor, share.
    moisture
        Water that plants can take, 0 to 1.
    cooler_k
        How much cooler the air is than the metro's, K.
    """

    material: npt.NDArray[np.uint8]
    albedo: Floats
    lit: Floats
    sky: Floats
    moisture: Floats
    cooler_k: Floats


@dataclass(frozen=True)
class Fluxes:
    """Temperature, K, and fluxes, W/m², of the same shape: net radiation, heat, vapour, storage."""

    temperature_k: Floats
    net: Floats
    sensible: Floats
    latent: Floats
    storage: Floats


@dataclass(frozen=True)
class Terms:
    """What does not depend on the surface's temperature, every array of shape (N,).

    Attributes
    ----------
    air_k
        Air temperature, K.
    sunshine
        Absorbed short wave, W/m².
    longwave
        Long wave that arrives, W/m².
    emissivity
        Of long waves, share.
    storage_share, storage_w_m2, mixing
        a1, a2 ∂K*/∂t + a3 in W/m², and m in W/m² a K.
    convection
        Forced exchange of heat, W/m² a K.
    evaporation
        Exchange of vapour, W/m² an hPa; 0 where nothing evaporates.
    """

    air_k: Floats
    sunshine: Floats
    longwave: Floats
    emissivity: Floats
    storage_share: Floats
    storage_w_m2: Floats
    mixing: Floats
    convection: Floats
    evaporation: Floats


def solve(surface: Surface, weather: Weather, plant_resistance: float = 1.0) -> Fluxes:
    """Find the temperature at which each element's energy balance closes.

    Parameters
    ----------
    surface
        N elements.
    weather
        Of one moment.
    plant_resistance
        Factor on the surface resistance of plants.

    Raises
    ------
    ArithmeticError
        If an element does not close within :data:`CLOSED_W_M2`.
    """
    terms = terms_of(surface, weather, plant_resistance)
    temperature = np.full(surface.albedo.shape, weather.air_k + 5.0, np.float32)
    for _ in range(STEPS):
        found = fluxes(temperature, terms, weather)
        error = found.net - found.sensible - found.latent - found.storage
        open_w_m2 = float(np.abs(error).max(initial=0.0))
        if open_w_m2 < CLOSED_W_M2:
            return found
        # the balance falls with temperature: a bounded Newton step cannot run away
        step = error / slope(found, terms)
        temperature = temperature + np.clip(step, -15.0, 15.0)
    raise ArithmeticError(f"The energy balance stays open by {open_w_m2:.2g} W/m².")


def terms_of(surface: Surface, weather: Weather, plant_resistance: float) -> Terms:
    """Work out what does not depend on the surface's temperature."""
    kind = surface.material
    absorbed, sun = 1.0 - surface.albedo, weather.sun
    rise = absorbed * (surface.lit * weather.direct_rise + surface.sky * weather.diffuse_rise)
    a1, a2, a3 = property_of("storage").T
    air_s_m = aerodynamic_resistance(property_of("roughness_m"), weather.wind_m_s)[kind]
    air_k = np.float32(weather.air_k) - surface.cooler_k
    walls = np.float32(STEFAN_BOLTZMANN) * air_k**4
    return Terms(
        air_k=air_k,
        sunshine=absorbed * (surface.lit * sun.direct_w_m2 + surface.sky * sun.diffuse_w_m2),
        longwave=surface.sky * weather.longwave_w_m2 + (1.0 - surface.sky) * walls,
        emissivity=property_of("emissivity")[kind],
        storage_share=a1[kind],
        storage_w_m2=a2[kind] * rise + a3[kind],
        mixing=property_of("mixing_w_m2_k")[kind],
        convection=AIR_J_M3_K / air_s_m,
        evaporation=AIR_J_M3_K
        / PSYCHROMETRIC_HPA_K
        / (air_s_m + surface_resistance(kind, surface.moisture, plant_resistance)),
    )


def aerodynamic_resistance(roughness_m: Floats, wind_m_s: float) -> Floats:
    """r_a = ln(z/z_m) ln(z/z_h) / (k² u), s/m: neutral air, z_h a tenth of z_m."""
    momentum = np.log(WIND_HEIGHT_M / roughness_m)
    heat = np.log(WIND_HEIGHT_M / (HEAT_ROUGHNESS * roughness_m))
    resistance: Floats = momentum * heat / np.float32(VON_KARMAN**2 * wind_m_s)
    return resistance


def surface_resistance(
    kind: npt.NDArray[np.uint8], moisture: Floats, plant_resistance: float
) -> Floats:
    """Resistance to evaporation, s/m: that of watered ground over the share of water left."""
    factor = np.ones(len(MATERIALS), np.float32)
    factor[list(PLANTS)] = plant_resistance
    watered = (property_of("resistance_s_m") * factor)[kind]
    left = np.where(kind == CODE["tree"], TREE_WATER + (1.0 - TREE_WATER) * moisture, moisture)
    resistance = watered / np.maximum(left, np.float32(DRY))
    return resistance.astype(np.float32)


def fluxes(temperature_k: Floats, terms: Terms, weather: Weather) -> Fluxes:
    """Fluxes at a given surface temperature."""
    warmer = temperature_k - terms.air_k
    emitted = np.float32(STEFAN_BOLTZMANN) * temperature_k**4
    net = terms.sunshine + terms.emissivity * (terms.longwave - emitted)
    excess = vapour_pressure_hpa(temperature_k) - np.float32(weather.vapour_hpa)
    return Fluxes(
        temperature_k,
        net,
        (terms.convection + FREE_W_M2 * np.cbrt(np.abs(warmer))) * warmer,
        terms.evaporation * excess,
        terms.storage_share * net
        + terms.storage_w_m2
        + terms.mixing * (temperature_k - np.float32(weather.mean_air_k)),
    )


def slope(found: Fluxes, terms: Terms) -> Floats:
    """How fast the balance falls with temperature, W/m² a K; positive."""
    t = found.temperature_k
    radiation = (1.0 - terms.storage_share) * terms.emissivity * (4 * STEFAN_BOLTZMANN * t**3)
    free = 4 / 3 * FREE_W_M2 * np.cbrt(np.abs(t - terms.air_k))
    # d e_s / d T by Tetens
    rise = vapour_pressure_hpa(t) * (17.27 * 237.3) / (t - np.float32(273.15 - 237.3)) ** 2
    falls: Floats = radiation + terms.convection + free + terms.evaporation * rise + terms.mixing
    return falls.astype(np.float32)
