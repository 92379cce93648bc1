"""What torch is told about this machine: how many threads, and whether its processor computes bfloat16."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

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
