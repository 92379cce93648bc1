"""What torch is told about this machine."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import torch

from core.adapters.torch_cpu import cores, every_core, has_bfloat16, set_up_torch


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
