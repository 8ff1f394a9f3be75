r"""What a trained model may be asked elsewhere: its reference, its interval, its range.

The half width of the interval is the split-conformal quantile

.. math:: q = |r|_{(\lceil (n + 1)\, 0.9 \rceil)}

of the day's residuals r on n tracts that stopped the learning (Vovk et al. 2005): for a tract drawn
like them the interval covers with probability 0.9 or more. One of a metro that was not learned from
is not drawn like them: there the error of the level comes on top, which an estimates table, whose
intervals are of differences within the metro, leaves out.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from aespa_core.datasets.heat.samples import HeatSamples
from aespa_core.errors import ArtifactError
from aespa_core.inference.intervals import hierarchical_quantile
from aespa_core.models.heat.inputs import HeatInputs

Array = npt.NDArray[np.float64]
Bounds = tuple[float | None, ...]

WORD: Final = "scope"
AIR: Final = "air_max_c"
NO_REFERENCE: Final = "none"
# Share of a range by which it is passed before an estimate is called a guess: of a few metros one
# is always the hottest, and its next summer is hardly another climate.
MARGIN: Final = 0.1


@dataclass(frozen=True)
class HeatScope:
    """What goes with a model's weights.

    Attributes
    ----------
    reference
        What estimates are told as a difference from: :data:`AIR` or :data:`NO_REFERENCE`.
    half_width_c
        Half the 90 % interval of the day's estimate, °C.
    context_low, context_high
        Range of each context column over the training tracts, C of them; None where none has it.
    proxy_low, proxy_high
        The same of the proxies that the curves saw, 5 of them.
    reader
        Hash of the reader of proxies; empty where proxies are measured.
    """

    reference: str
    half_width_c: float
    context_low: Bounds
    context_high: Bounds
    proxy_low: Bounds
    proxy_high: Bounds
    reader: str

    def words(self) -> dict[str, str]:
        """Put it into a checkpoint's words."""
        return {WORD: json.dumps(asdict(self))}

    def outside(self, inputs: HeatInputs) -> npt.NDArray[np.bool_]:
        """Mark tracts beyond the training range or without a context that it had, (B,)."""
        context = inputs.context.double().numpy()
        known = np.array([low is not None for low in self.context_low])
        beyond_context = beyond(context, self.context_low, self.context_high)
        beyond_proxy = beyond(inputs.proxies.double().numpy(), self.proxy_low, self.proxy_high)
        lacking = np.isnan(context) & known
        marked: npt.NDArray[np.bool_] = (beyond_context | lacking).any(1) | beyond_proxy.any(1)
        return marked


def reference_of(samples: HeatSamples) -> str:
    """Name what :func:`aespa_core.datasets.heat.context.reference_c` took in a study."""
    known = np.isfinite(samples.context[AIR].to_numpy(float)).all()
    return AIR if known else NO_REFERENCE


def scope_of(samples: HeatSamples, train: HeatInputs, residual: Array, reader: str) -> HeatScope:
    """Draw the scope of a model that has learned.

    Parameters
    ----------
    samples
        The study.
    train
        Inputs of the training tracts.
    residual
        Label minus estimate of the day where the learning stopped, °C, (V,).
    reader
        Hash of the reader of proxies.
    """
    context, proxies = (v.double().numpy() for v in (train.context, train.proxies))
    return HeatScope(
        reference_of(samples),
        half_width_c(residual),
        *bounds_of(context),
        *bounds_of(proxies),
        reader,
    )


def half_width_c(residual: Array) -> float:
    """Half the width of the 90 % interval, °C; infinite for fewer than nine tracts."""
    # where each tract is an area of its own, the quantile over areas is the plain one
    return hierarchical_quantile(np.abs(residual), np.arange(len(residual)).astype(str))


def bounds_of(values: Array) -> tuple[Bounds, Bounds]:
    """Lowest and highest of each column, None where no row has it."""
    columns = [column[np.isfinite(column)] for column in values.T]
    low = tuple(float(c.min()) if len(c) else None for c in columns)
    high = tuple(float(c.max()) if len(c) else None for c in columns)
    return low, high


def beyond(values: Array, low: Bounds, high: Bounds) -> npt.NDArray[np.bool_]:
    """Mark values beyond their range and its margin; missing ones, and those without, are not."""
    least = np.array([-np.inf if v is None else v for v in low])
    most = np.array([np.inf if v is None else v for v in high])
    margin = np.where(np.isfinite(most), MARGIN * (most - least), 0.0)
    outside: npt.NDArray[np.bool_] = (values < least - margin) | (values > most + margin)
    return outside


def scope_in(words: dict[str, str], where: str) -> HeatScope:
    """Take the scope out of a checkpoint's words.

    Raises
    ------
    ArtifactError
        If there is none: the checkpoint is older than predictions elsewhere.
    """
    try:
        found: dict[str, Any] = json.loads(words[WORD])
        bounds = {name: tuple(v) for name, v in found.items() if isinstance(v, list)}
        return HeatScope(**{**found, **bounds})
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ArtifactError(
            f"{where} does not say what it may be asked elsewhere (its interval, its range): "
            "train it again with `aespa train`."
        ) from error
