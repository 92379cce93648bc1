"""The bench of attentions measures each of them at each length."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from training.bench.attention import LENGTHS, main


@pytest.mark.slow
def test_it_prints_a_row_for_each_attention_and_a_column_for_each_length():
    done = CliRunner().invoke(main, ["--times", "1"])

    head, fused, eager = (line.split() for line in done.stdout.splitlines())
    assert head == ["tokens", *map(str, LENGTHS)]
    assert (fused[0], eager[0]) == ("sdpa", "eager")
    assert all(float(one) > 0 for one in [*fused[1:], *eager[1:]])
