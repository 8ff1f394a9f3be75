"""What the multimodal model says of a study's tracts, as rows of an estimates table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import StudyError
from aespa_core.inference.heat_scope import AIR, HeatScope
from aespa_core.models.heat.heat_model import HeatModel
from aespa_core.models.heat.inputs import HeatInputs
from aespa_core.schema import PROXY_IDS
from aespa_core.studies.tables import ESTIMATES, LST_RANGE_C
from aespa_core.training.heat.loop import estimated

Array = npt.NDArray[np.float64]

# Six decimals: parts still add up to the whole within 1e-4 °C.
DECIMALS: Final = 6


@dataclass(frozen=True)
class DayParts:
    """The day of B tracts by M members, taken apart as the atlas takes it.

    Attributes
    ----------
    base_c
        What it would be were each known proxy at its metro's median, °C, (M, B).
    contribution_c
        What the own proxy changes against that median at the tract's own context, °C, (M, B, 5);
        NaN where the proxy is unknown.
    """

    base_c: Array
    contribution_c: Array

    @property
    def member_day_c(self) -> Array:
        """Temperature above the reference by member, °C, (M, B)."""
        parts: Array = self.base_c + np.nansum(self.contribution_c, 2)
        return parts

    @property
    def day_c(self) -> Array:
        """The members' mean of it, °C, (B,)."""
        mean: Array = self.member_day_c.mean(0)
        return mean


def day_parts(
    models: Sequence[HeatModel], inputs: HeatInputs, metro: npt.NDArray[np.str_]
) -> DayParts:
    """Estimate tracts and take the day apart; a model without curves has only a base."""
    parts = [member_parts(model, inputs, metro) for model in models]
    return DayParts(
        np.stack([part.base_c for part in parts])[:, 0],
        np.stack([part.contribution_c for part in parts])[:, 0],
    )


def member_parts(model: HeatModel, inputs: HeatInputs, metro: npt.NDArray[np.str_]) -> DayParts:
    """Take the day of one member apart."""
    proxies = inputs.proxies.double().numpy()
    own = estimated(model, inputs)
    middle = estimated(model, inputs.with_proxies(at_median(proxies, metro)))
    # sums are made in 64 bits, so that the parts add up to the whole far below .0001 °C
    here, there = (part.contribution.double().numpy() for part in (own, middle))  # (B, 5)
    base = own.base.double().numpy()
    contribution = np.where(np.isfinite(proxies), here - there, np.nan)
    return DayParts((base + there.sum(1))[None], contribution[None])


def at_median(proxies: Array, metro: npt.NDArray[np.str_]) -> Array:
    """Put each metro's tracts at its medians, (B, 5); missing stay missing."""
    table = pd.DataFrame(proxies)
    medians = table.groupby(metro).transform("median").to_numpy(float)
    return np.where(np.isfinite(proxies), medians, np.nan)


def heat_estimates(
    models: Sequence[HeatModel], scope: HeatScope, samples: HeatSamples, inputs: HeatInputs
) -> pd.DataFrame:
    """Estimate all tracts of a study.

    Parameters
    ----------
    models
        Members that have learned; the estimate is their mean.
    scope
        What it may be asked.
    samples, inputs
        B tracts.

    Returns
    -------
    pandas.DataFrame
        As :data:`aespa_core.studies.tables.ESTIMATES` declares, B rows; a contribution only for
        proxies that have a curve. The absolute level is known where the air's temperature is, or
        the metro is one that the model learned from.

    Raises
    ------
    StudyError
        If an estimate is no temperature that a tract can have.
    """
    parts = day_parts(models, inputs, samples.metro)
    day_c, contribution_c = parts.day_c, parts.contribution_c.mean(0)
    level = pd.Series(day_c).groupby(samples.metro).transform("median").to_numpy()
    anomaly = day_c - level
    known = (inputs.metro.numpy() >= 0) | (scope.reference == AIR)
    columns: dict[str, object] = {
        "geoid": samples.geoid,
        "metro": samples.metro,
        "anomaly_c": anomaly,
        "low90_c": anomaly - scope.half_width_c,
        "high90_c": anomaly + scope.half_width_c,
        "base_c": parts.base_c.mean(0) - level,
    }
    if models[0].settings.physics == "monotone":
        for k, name in enumerate(PROXY_IDS):
            columns[f"contribution_{name}_c"] = contribution_c[:, k]
    columns |= {
        "lst_day_c": np.where(known, day_c + samples.reference_c, np.nan),
        "measured": measured_words(np.isfinite(contribution_c)),
        "extrapolated": scope.outside(inputs),
    }
    table = pd.DataFrame(columns).round(DECIMALS)
    refuse_impossible(table)
    return table


def measured_words(measured: npt.NDArray[np.bool_]) -> list[str]:
    """Name each tract's known proxies, joined by '+', or ``none``."""
    return [
        "+".join(name for name, has in zip(PROXY_IDS, row, strict=True) if has) or "none"
        for row in measured
    ]


def refuse_impossible(table: pd.DataFrame) -> None:
    """Refuse estimates outside the range that the table declares for its columns."""
    anomaly = ESTIMATES.columns["anomaly_c"].metadata
    for name, (low, high) in (
        ("anomaly_c", (anomaly["low"], anomaly["high"])),
        ("lst_day_c", LST_RANGE_C),
    ):
        wrong = table[(table[name] < low) | (table[name] > high)]
        if len(wrong):
            raise StudyError(
                f"The model gives tract {wrong['geoid'].iloc[0]} {name} = "
                f"{wrong[name].iloc[0]:.1f} °C, outside {low:g} to {high:g} ({len(wrong)} such "
                "tracts): the study is unlike anything that it learned from; train on one like it."
            )
