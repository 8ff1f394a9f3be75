"""Worker processes that never outlive the one that started them, however it ends."""

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing import active_children, get_context, parent_process, resource_tracker
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Final, TypeVar

from aespa_core.errors import WorkerError

Job = TypeVar("Job")
Answer = TypeVar("Answer")

# How long a worker that is told to end may take to remove its temporary files.
GRACE_SECONDS: Final = 5.0
PR_SET_PDEATHSIG: Final = 1
STOPPING: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Told(SystemExit):
    """Raised in a worker that is told to end: what it had opened is closed on the way."""


def each_in_workers(
    work: Callable[[Job], Answer],
    jobs: Iterable[Job],
    cores: int,
    prepare: Callable[[], None] | None = None,
) -> Iterator[tuple[Job, Answer]]:
    """Do each job in one of several processes, which end with this one.

    Parameters
    ----------
    work
        A function of a module, or a partial of one: it travels by name.
    jobs
        What it is given, one at a time.
    cores
        Processes.
    prepare
        Called once in each process.

    Yields
    ------
    tuple
        A job and its answer, the first to be done first.

    Raises
    ------
    WorkerError
        If a process died.
    """
    # torch and LightGBM hang in forked processes that have used threads before
    spawn = get_context("spawn")
    pool = ProcessPoolExecutor(
        cores, mp_context=spawn, initializer=begin_worker, initargs=(os.getpid(), prepare)
    )
    waiting = list(jobs)
    with ended_with(pool):
        try:
            begin_all(pool, min(cores, len(waiting)))
            futures: dict[Future[Answer], Job] = {
                pool.submit(do_job, work, job): job for job in waiting
            }
            for future in as_completed(futures):
                yield futures[future], future.result()
        except BrokenProcessPool as error:
            raise WorkerError(
                "A worker process was killed, most likely for want of memory: give fewer --cores; "
                "what was finished before is kept."
            ) from error


def begin_all(pool: ProcessPoolExecutor, count: int) -> None:
    """Start a pool's processes, and wait until it looks after each of them.

    It starts one with each job that it is given, and learns of it when the next answer comes:
    one that died before then would be waited for without end.
    """
    with signals_held_back(), born_deaf_to_ctrl_c():
        begun = [pool.submit(nothing) for _ in range(count)]
    for future in begun:
        future.result()


def nothing() -> None:
    """Do nothing, in a worker."""


@contextmanager
def signals_held_back() -> Iterator[None]:
    """Let what would stop this process wait for the end of the block.

    A process that is started gets its first words from its parent: one whose parent is stopped
    half-way complains of words that never came. To block the signals is not enough, because the
    system then gives them to another thread, such as one of a library, and Python to this one.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {
        number: signal.signal(number, lambda number, frame: came.append(number))
        for number in STOPPING
        if callable(signal.getsignal(number))
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)


@contextmanager
def born_deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach before they can leave it to their parent.

    A terminal sends it to all at once. An interpreter that is still starting would die of it with
    a traceback; a signal that is blocked when a process is born stays blocked in it. Here it
    waits for the end of the block.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # started first: it lets the signal through again when it is started within
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def ended_with(pool: ProcessPoolExecutor) -> Iterator[None]:
    """End a pool's processes at once when the block fails or is stopped; else let them finish."""
    before = set(active_children())
    whole = False
    try:
        yield
        whole = True
    finally:
        if not whole:
            end(set(active_children()) - before)
        pool.shutdown(wait=True, cancel_futures=True)


def end(processes: Iterable[BaseProcess]) -> None:
    """Tell processes to end, and kill those that do not within their grace."""
    running = list(processes)
    for process in running:
        process.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for process in running:
        process.join(max(0.0, until - time.monotonic()))
    for process in running:
        process.kill()


def begin_worker(parent: int, prepare: Callable[[], None] | None) -> None:
    """Tie a new worker to its parent, and leave Ctrl-C to the parent."""
    # the parent decides, and tells the workers
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_parent(parent)
    if prepare is not None:
        prepare()


def told(number: int, frame: FrameType | None) -> None:
    """Unwind, so that temporary files are removed; a second time is too late for that."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    raise Told


def do_job(work: Callable[[Job], Answer], job: Job) -> Answer:
    """Do a job; a worker that is told to end in the middle of it is gone when it has unwound."""
    try:
        signal.signal(signal.SIGTERM, told)
        return work(job)
    except Told:
        os._exit(128 + signal.SIGTERM)
    finally:
        # between jobs nothing is open, and what unwinds there would be a traceback
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def end_with_parent(parent: int) -> None:
    """End this process when the one that started it is gone, also if that was killed."""
    if sys.platform == "linux":
        # at once, and without a thread of Python; elsewhere the thread below must do
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        os._exit(128 + signal.SIGTERM)
    threading.Thread(target=watch_parent, args=(parent,), daemon=True).start()


def tied(parent: int) -> Callable[[], None]:
    """Give what a program that is started from here must do first, to end with this process."""
    # looked up before the fork: afterwards only plain calls are safe
    call = None
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            call = ctypes.CDLL(None, use_errno=True).prctl

    def tie() -> None:
        if call is not None:
            call(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(128 + signal.SIGTERM)

    return tie


def watch_parent(parent: int) -> None:
    """Wait for the parent's end; give the main thread its grace, then end the process."""
    above = parent_process()
    if above is not None:
        wait([above.sentinel])
    else:
        # started by other means than multiprocessing
        while os.getppid() == parent:
            time.sleep(1.0)
    time.sleep(GRACE_SECONDS)
    os._exit(128 + signal.SIGTERM)
