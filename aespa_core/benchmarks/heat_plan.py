"""What the heat benchmark runs: splits, and on each of them methods."""

from dataclasses import dataclass
from typing import Final

from aespa_core.benchmarks.heat_methods import ABLATIONS, IMAGELESS, MAIN, TRANSFER
from aespa_core.datasets.heat.splits import BLOCKS, METRO_OUT, RANDOM

SEEDS: Final = (0, 1, 2)
ALL: Final = "all"
# A split under which one metro teaches and all others are tested.
FROM_METRO: Final = "from"


@dataclass(frozen=True)
class SplitTask:
    """A split, and the methods that run on it.

    Attributes
    ----------
    kind, metro, seed
        Of the split; the metro that is left out, that teaches, or ``all``.
    methods
        Ids.
    """

    kind: str
    metro: str
    seed: int
    methods: tuple[str, ...]

    @property
    def name(self) -> str:
        """Name of the split's folder."""
        return f"{self.kind}_{self.metro}_{self.seed}"


def plan(metros: tuple[str, ...], seeds: tuple[int, ...] = SEEDS) -> list[SplitTask]:
    """List the splits: seeds × blocks and metros left out; ablations on the first seed.

    Single tracts drawn at random, and one metro that teaches the others, run on the first seed.
    """
    tasks = []
    for seed in seeds:
        methods = (*MAIN, *ABLATIONS) if seed == seeds[0] else MAIN
        tasks.append(SplitTask(BLOCKS, ALL, seed, methods))
        tasks += [SplitTask(METRO_OUT, metro, seed, methods) for metro in metros]
    tasks.append(SplitTask(RANDOM, ALL, seeds[0], MAIN))
    tasks += [SplitTask(FROM_METRO, metro, seeds[0], TRANSFER) for metro in metros]
    return tasks


def plan_without_images(seeds: tuple[int, ...] = SEEDS) -> list[SplitTask]:
    """List the splits of a study that has no images: seeds × blocks."""
    return [SplitTask(BLOCKS, ALL, seed, IMAGELESS) for seed in seeds]


def quick_plan(metro: str) -> list[SplitTask]:
    """List one seed of blocks and one metro left out, with what is fitted in seconds."""
    return [
        SplitTask(BLOCKS, ALL, SEEDS[0], IMAGELESS),
        SplitTask(METRO_OUT, metro, SEEDS[0], IMAGELESS),
    ]
