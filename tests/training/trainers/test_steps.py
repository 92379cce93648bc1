"""What is done to an encoder before it is trained changes how fast it learns, not what."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from transformers import AutoModel, BertConfig, BertModel

from training.trainers.retriever import RetrieverOptions
from training.trainers.steps import make_ready, passes

IDS = torch.arange(2 * 7).reshape(2, 7) + 1
MASK = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a two-layer encoder of random weights."""
    torch.manual_seed(0)
    shape = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=40, **shape)).save_pretrained(tmp_path / "small")
    return tmp_path / "small"


def gradients(model: torch.nn.Module) -> list[torch.Tensor]:
    first = model(input_ids=IDS, attention_mask=MASK).last_hidden_state[:, 0]
    first.pow(3).sum().backward()
    return [one.grad for one in model.parameters() if one.grad is not None]


def test_without_dropout_it_learns_what_the_fused_attention_would_have_taught(small):
    ready, plain = AutoModel.from_pretrained(small).train(), AutoModel.from_pretrained(small).eval()

    make_ready(ready, dropout=0.0)

    pairs = list(zip(gradients(ready), gradients(plain), strict=True))
    assert len(pairs) > 30
    assert all(torch.allclose(one, other, atol=1e-5) for one, other in pairs)


def test_dropout_is_what_was_asked_for_in_every_layer(small):
    model = AutoModel.from_pretrained(small).train()

    make_ready(model, dropout=0.5)

    assert {one.p for one in model.modules() if isinstance(one, torch.nn.Dropout)} == {0.5}


def test_what_is_saved_does_not_say_with_which_attention_it_was_trained(small, tmp_path):
    model = AutoModel.from_pretrained(small)
    make_ready(model, dropout=0.0)

    model.save_pretrained(tmp_path / "trained")

    before, after = (json.loads((one / "config.json").read_text("utf-8")) for one in (small, tmp_path / "trained"))
    assert after == before
    assert AutoModel.from_pretrained(tmp_path / "trained").config._attn_implementation == "sdpa"


@pytest.mark.parametrize(("rows", "times"), [(0, 2), (100, 2), (4_000, 2), (5_000, 1.6), (8_000, 1), (30_000, 1)])
def test_what_few_have_said_is_read_twice_and_what_many_have_said_once(rows, times):
    assert passes(rows, RetrieverOptions(epochs=2, read_most=8_000)) == times
