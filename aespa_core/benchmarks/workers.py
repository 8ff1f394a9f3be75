"""Independent jobs over worker processes of one thread each."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from aespa_core import worker_pool

Job = TypeVar("Job")
Answer = TypeVar("Answer")


def each_in_workers(
    work: Callable[[Job], Answer], jobs: Iterable[Job], cores: int
) -> Iterator[tuple[Job, Answer]]:
    """Do each job as :func:`aespa_core.worker_pool.each_in_workers` does, on one thread."""
    return worker_pool.each_in_workers(work, jobs, cores, one_thread)


def one_thread() -> None:
    """Leave the other cores to the other workers."""
    import torch

    torch.set_num_threads(1)
