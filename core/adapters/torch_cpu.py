"""What torch is told about this machine: how many threads, and whether its processor computes bfloat16."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from typing import TypeVar

T = TypeVar("T")

_THREADS_MOST = 8  # more than this only wait for each other on so small a model
# Of the cores. Half where a bot serves: torch's threads wait for the slowest, and on a busy machine all cores are
# slower than half.
_share = 0.5
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # malloc.h


@contextmanager
def every_core() -> Iterator[None]:
    """Inside it, torch computes on all cores: for a process that trains, in which nobody waits for a draft.

    On two cores forty training steps of a reranker took 48 s instead of 78. It also keeps the memory that it once had,
    for good.
    """
    global _share
    before, _share = _share, 1.0
    _keep_memory()
    try:
        yield
    finally:
        _share = before


def _keep_memory() -> None:
    """Have glibc keep what is freed: a training step asks for the same large blocks over and over, and each time the
    kernel would have to hand out zeroed pages. On two cores a step took 1.58 s instead of 1.85. Elsewhere nothing.
    """
    with suppress(OSError, AttributeError):  # another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_M_MMAP_THRESHOLD, 1 << 30)
        mallopt(_M_TRIM_THRESHOLD, (1 << 31) - 1)


def give_back_memory() -> None:
    """What is free but was kept goes back to the system, of all threads: between two things that need much of it."""
    with suppress(OSError, AttributeError):  # another C library
        ctypes.CDLL(None).malloc_trim(0)


def set_up_torch() -> None:
    """Before a model is loaded. Doing it again changes nothing."""
    # Forked workers and a parallel tokenizer deadlock; the hub need not know who loads what.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    # Read when torch is first imported. A thread that waits for the others by turning round takes the core from the
    # one it waits for: beside one busy process, training steps on two cores took 58 s so, and 9 s when waiting sleeps.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()  # its bar would also be drawn into pipes
    torch.set_num_threads(max(1, min(_THREADS_MOST, int(cores() * _share))))


@contextmanager
def threads_of_their_own(count: int) -> Iterator[list[ThreadPoolExecutor]]:
    """So many executors of one thread each, which share out the threads that torch has for one thing at a time.

    What is submitted to the same one runs on the same thread. None where torch has fewer threads than that, or `count`
    is one: then there is nothing to share.
    """
    import torch

    all_threads = torch.get_num_threads()
    executors = [ThreadPoolExecutor(1, f"own-{n}") for n in range(count if 1 < count <= all_threads else 0)]
    try:
        for executor in executors:
            executor.submit(_use, all_threads // count).result()
        if executors:
            torch.set_num_threads(all_threads)  # those threads changed what all new ones would get
        yield executors
    finally:
        for executor in executors:
            executor.shutdown()


def at_once(works: Sequence[Callable[[], T]]) -> list[T]:
    """What each makes, all of them at the same time where torch has threads enough, else one after the other.

    Raises what one of them raised, once all are done.
    """
    with threads_of_their_own(len(works)) as executors:
        return on_each(executors, works) if executors else [work() for work in works]


def on_each(executors: Sequence[ThreadPoolExecutor], works: Sequence[Callable[[], T]]) -> list[T]:
    """What each makes on the executor of its place. Raises what one of them raised, once all are done."""
    running = [executor.submit(work) for executor, work in zip(executors, works, strict=False)]
    wait(running)
    return [one.result() for one in running]


def _use(threads: int) -> None:
    """On the thread that calls, torch uses so many, and never throws away the weights that all have cast."""
    import torch

    torch.get_num_threads()  # a thread's first question gives it the number of all
    torch.set_num_threads(threads)
    # Who leaves autocast last clears what is cast for all threads: then how another one adds up would be chance.
    torch.autocast_increment_nesting()


def cores() -> int:
    """How many this process may use: in a container or under `taskset` fewer than the machine has."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # only Linux tells
        return os.cpu_count() or 1


def computes_bfloat16() -> bool:
    """True where the processor multiplies bfloat16 itself; elsewhere torch emulates it, slower than 32 bits."""
    import torch

    return has_bfloat16(torch.cpu.get_capabilities())


def has_bfloat16(capabilities: Mapping[str, object]) -> bool:
    """Read off what torch says of a processor."""
    return any(capabilities.get(name) is True for name in ("avx512_bf16", "amx_bf16"))
