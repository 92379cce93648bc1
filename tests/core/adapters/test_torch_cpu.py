"""What torch is told about this machine."""

from __future__ import annotations

import os

import pytest
import torch

from core.adapters.torch_cpu import every_core, has_bfloat16, set_up_torch


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

    assert training == min(8, os.cpu_count() or 2)
    assert torch.get_num_threads() == max(1, min(8, (os.cpu_count() or 2) // 2))
