"""Random numbers by name: each part of a simulated metro draws from a stream of its own."""

import zlib

import numpy as np


def stream(seed: int, part: str) -> np.random.Generator:
    """Open the stream of one part, so that no part changes when another draws more or less.

    Parameters
    ----------
    seed
        Of the metro, not negative.
    part
        Name of what is drawn.
    """
    return np.random.default_rng([seed, zlib.crc32(part.encode())])


def metro_seed(seed: int, metro: str) -> int:
    """Give each metro of a world a seed of its own."""
    return zlib.crc32(f"{seed} {metro}".encode())
