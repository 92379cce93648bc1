"""What torch is told about this machine."""

from __future__ import annotations

import pytest

from core.adapters.torch_cpu import has_bfloat16


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
