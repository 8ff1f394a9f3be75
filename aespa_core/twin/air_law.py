"""The stated law of a simulated metro's air."""

from dataclasses import dataclass
from typing import Final

from aespa_core.twin.traffic import TrafficLaw


@dataclass(frozen=True)
class Pollutant:
    """What one pollutant does.

    Attributes
    ----------
    vehicle_g_km
        Emission of a mean vehicle; NOₓ counts as NO₂, PM2.5 includes brakes and tyres.
    work_g_m2_day
        Emission of kitchens, plant and lorries for a square metre of commerce and industry, on a
        mean weekday.
    aged_share, fresh_share
        Share of that emission that is the pollutant once mixed over the metro, and at the kerb.
    background_ug_m3
        Mean that comes from outside the metro, µg/m³.
    background_spread
        Standard deviation of its logarithm over time.
    background_memory_h
        Memory of that swing, hours.
    secondary_ug_m3, secondary_per_c
        Mean of what forms in warm air, µg/m³, and change of its logarithm a °C of daily mean.
    noise
        Standard deviation of the logarithm of an hourly reading about the truth.
    drift
        Standard deviation of the logarithm of a station's own lasting error.
    """

    vehicle_g_km: float
    work_g_m2_day: float
    aged_share: float
    fresh_share: float
    background_ug_m3: float
    background_spread: float
    background_memory_h: float
    secondary_ug_m3: float
    secondary_per_c: float
    noise: float
    drift: float


TRAFFIC: Final = TrafficLaw()
# Sizes after the US: urban background NO2 13–19 µg/m³ and PM2.5 7.5–9.5 µg/m³, near roads about
# 10 and 1 µg/m³ more (EPA near-road network, around 2020; DeWinter et al. 2018, Atmos. Environ.).
NO2: Final = Pollutant(
    vehicle_g_km=0.30,
    work_g_m2_day=0.06,
    aged_share=0.60,
    fresh_share=0.25,
    background_ug_m3=9.0,
    background_spread=0.35,
    background_memory_h=36.0,
    secondary_ug_m3=0.0,
    secondary_per_c=0.0,
    noise=0.05,
    drift=0.03,
)
PM25: Final = Pollutant(
    vehicle_g_km=0.030,
    work_g_m2_day=0.020,
    aged_share=1.0,
    fresh_share=1.0,
    background_ug_m3=5.5,
    background_spread=0.40,
    background_memory_h=72.0,
    secondary_ug_m3=2.5,
    # PM2.5 rises with temperature in most of the US (Tai et al. 2010, Atmos. Environ. 44:3976)
    secondary_per_c=0.06,
    noise=0.10,
    drift=0.05,
)


@dataclass(frozen=True)
class AirLaw:
    """Stated law of the air.

    Attributes
    ----------
    traffic
        Sources.
    no2, pm25
        The two pollutants.
    city_wind
        Wind that carries plumes between houses over wind at the weather station.
    weeks
        Length of the series.
    stations
        How many, 10–30 as US metros have.
    roadside_share
        Share of the stations at the kerb.
    """

    traffic: TrafficLaw = TRAFFIC
    no2: Pollutant = NO2
    pm25: Pollutant = PM25
    city_wind: float = 0.6
    weeks: int = 4
    stations: int = 20
    roadside_share: float = 0.4
