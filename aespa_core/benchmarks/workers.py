"""Independent jobs over worker processes, answers as they come."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import TypeVar

Job = TypeVar("Job")
Answer = TypeVar("Answer")


def each_in_workers(
    work: Callable[[Job], Answer], jobs: Iterable[Job], cores: int
) -> Iterator[tuple[Job, Answer]]:
    """Do each job in one of several processes of one thread each.

    Parameters
    ----------
    work
        A function of a module: it travels by name.
    jobs
        What it is given, one at a time.
    cores
        Processes.

    Yields
    ------
    tuple
        A job and its answer, the first to be done first.
    """
    # torch and LightGBM hang in forked processes that have used threads before
    spawn = get_context("spawn")
    with ProcessPoolExecutor(cores, mp_context=spawn, initializer=one_thread) as pool:
        futures = {pool.submit(work, job): job for job in jobs}
        for future in as_completed(futures):
            yield futures[future], future.result()


def one_thread() -> None:
    """Leave the other cores to the other workers."""
    import torch

    torch.set_num_threads(1)
