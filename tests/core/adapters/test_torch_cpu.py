"""What torch is told about this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading

import pytest
import torch

from core.adapters.torch_cpu import at_once, cores, every_core, has_bfloat16, set_up_torch, threads_of_their_own


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [
        ({"avx512_bf16": True}, True),
        ({"amx_bf16": True}, True),
        ({"avx512_bf16": False, "avx2": True}, False),
        ({}, False),
    ],
)
def test_bfloat16_is_used_where_the_processor_has_it(capabilities, expected):
    assert has_bfloat16(capabilities) is expected


def test_half_the_cores_are_left_to_others_except_where_nobody_waits():
    with every_core():
        set_up_torch()
        training = torch.get_num_threads()
    set_up_torch()

    assert training == min(8, cores())
    assert torch.get_num_threads() == max(1, min(8, cores() // 2))


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="only Linux binds a process to cores")
def test_a_process_that_is_bound_to_one_core_computes_on_that_one():
    bound = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    asks = "from core.adapters.torch_cpu import cores, every_core, set_up_torch"
    says = "import torch; print(cores(), torch.get_num_threads())"
    program = f"{bound}\n{asks}\nwith every_core(): set_up_torch()\n{says}"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "1 1\n"


@pytest.fixture
def four_threads():
    """Torch has four, whatever this machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(4)
    yield
    torch.set_num_threads(before)


def counts_threads() -> tuple[str, int]:
    return threading.current_thread().name, torch.get_num_threads()


def test_what_is_done_at_once_shares_the_threads_and_they_are_back_afterwards(four_threads):
    meet = threading.Barrier(2, timeout=30)

    def waits_for_the_other() -> tuple[str, int]:
        meet.wait()
        return counts_threads()

    (one, its), (other, others) = at_once([waits_for_the_other, waits_for_the_other])

    assert one != other
    assert (its, others) == (2, 2)
    assert counts_threads() == ("MainThread", 4)
    assert one not in {thread.name for thread in threading.enumerate()}


def test_a_new_thread_has_all_of_them_meanwhile(four_threads):
    seen: list[tuple[str, int]] = []
    with threads_of_their_own(2):
        thread = threading.Thread(target=lambda: seen.append(counts_threads()), name="new")
        thread.start()
        thread.join()

    assert seen == [("new", 4)]


def test_with_fewer_threads_than_works_one_follows_the_other_in_the_same_thread(four_threads):
    assert at_once([counts_threads] * 5) == [("MainThread", 4)] * 5
    assert at_once([counts_threads]) == [("MainThread", 4)]
    assert at_once([]) == []


def test_what_one_of_them_raises_is_raised_once_the_others_are_done(four_threads):
    done = threading.Event()

    def fails() -> None:
        raise KeyError("it")

    with pytest.raises(KeyError, match="it"):
        at_once([fails, done.set])
    assert done.is_set()
