"""Batches on threads of their own teach what they teach one after the other."""

from __future__ import annotations

import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn.utils.rnn import pad_sequence
from transformers import BertConfig, BertModel

from training.trainers.side_by_side import SideBySide, side_by_side

SHAPE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}


@pytest.fixture
def threads():
    """Torch has three, whatever this machine has."""
    before = torch.get_num_threads()
    torch.set_num_threads(3)
    yield 3
    torch.set_num_threads(before)


class Encoder(torch.nn.Module):
    """A batch in, named outputs out, as the libraries' models do."""

    def __init__(self):
        super().__init__()
        shape = {**SHAPE, "hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
        self.bert = BertModel(BertConfig(vocab_size=40, **shape), add_pooling_layer=False)

    def forward(self, batch):
        return {"first": self.bert(**batch).last_hidden_state[:, 0]}


@pytest.fixture
def model() -> Encoder:
    torch.manual_seed(0)
    return Encoder().train()


LENGTHS = [9, 5, 12, 7, 5, 9, 11, 4] * 7
TEXTS = [
    torch.randint(1, 40, (length,), generator=torch.Generator().manual_seed(n)) for n, length in enumerate(LENGTHS)
]


def batch_of(places):
    texts = [TEXTS[place] for place in places]
    return {
        "input_ids": pad_sequence(texts, batch_first=True),
        "attention_mask": pad_sequence([torch.ones_like(text) for text in texts], batch_first=True),
    }


def gradients(model, read, cast=False):
    """Of a loss in which every text meets every other, by parameter."""
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=cast):
        found = read(model, LENGTHS, batch_of, "first").float()
        loss = torch.logsumexp(found @ found.T, dim=1).sum()
    model.zero_grad()
    loss.backward()
    return {name: one.grad.clone() for name, one in model.named_parameters()}


def test_the_gradients_are_those_of_one_batch_after_the_other(model, threads):
    alone = gradients(model, SideBySide())

    with side_by_side(model) as read:
        together = gradients(model, read)

    assert all(torch.allclose(together[name], alone[name], rtol=1e-4, atol=1e-5) for name in alone)
    assert any(float(one.abs().max()) > 0.01 for one in alone.values())


@pytest.mark.parametrize("cast", [False, True])
def test_they_are_the_same_each_time_to_the_last_bit(model, threads, cast):
    model.forward = torch.autocast("cpu", dtype=torch.bfloat16, enabled=cast)(model.forward)  # as accelerate does

    with side_by_side(model) as read:
        first, *others = [gradients(model, read) for _ in range(20)]

    assert all(torch.equal(one[name], first[name]) for one in others for name in first)


def test_each_thread_computes_in_the_precision_of_the_step(model, threads):
    alone = gradients(model, SideBySide(), cast=True)

    with side_by_side(model) as read:
        together = gradients(model, read, cast=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = read(_Linear(), LENGTHS, batch_of, "out")

    assert found.dtype == torch.bfloat16
    exact = gradients(model, SideBySide())
    off = {name: float((together[name] - alone[name]).abs().max()) for name in alone}
    rounding = {name: float((exact[name] - alone[name]).abs().max()) for name in alone}
    assert max(off.values()) <= max(rounding.values())  # no further apart than bfloat16 is from 32 bits


class _Linear(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(1, 1)

    def forward(self, batch):
        return {"out": self.layer(batch["input_ids"].float()[:, :1])}


def test_parameters_that_do_not_learn_get_no_gradient(model, threads):
    for one in model.bert.embeddings.parameters():
        one.requires_grad_(False)

    with side_by_side(model) as read:
        read(model, LENGTHS, batch_of, "first").pow(2).sum().backward()

    learned = {name for name, one in model.named_parameters() if one.grad is not None}
    assert learned == {name for name, one in model.named_parameters() if one.requires_grad}


def test_every_thread_takes_part_and_torch_is_as_before_afterwards(model, threads):
    seen = set()

    class Noted(_Linear):
        def forward(self, batch):
            seen.add((threading.current_thread().name, torch.get_num_threads()))
            return super().forward(batch)

    with side_by_side(model) as read:
        read(Noted(), LENGTHS, batch_of, "out")

    assert len(seen) == 3 and {count for _, count in seen} == {1}
    assert torch.get_num_threads() == threads
    assert not any(name in {one.name for one in threading.enumerate()} for name, _ in seen)
    new = []
    thread = threading.Thread(target=lambda: new.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    assert new == [threads]


def test_what_a_thread_raises_is_raised_once_all_are_done(model, threads):
    with side_by_side(model) as read, pytest.raises(KeyError, match="nothing of that name"):
        read(model, LENGTHS, batch_of, "nothing of that name")


def test_row_i_is_that_of_text_i(model, threads):
    with side_by_side(model) as read, torch.no_grad():
        found = read(model, LENGTHS, batch_of, "first")
        each = torch.cat([model(batch_of([place]))["first"] for place in range(len(LENGTHS))])

    assert torch.allclose(found, each, atol=1e-5)


@given(st.lists(st.integers(1, 256), min_size=1, max_size=100), st.integers(1, 5))
def test_every_text_is_read_once_among_its_like_and_threads_differ_by_one_text_at_most(lengths, count):
    shares = SideBySide([None] * count).shares(lengths)

    batches = [places for share in shares for places in share]
    assert sorted(place for places in batches for place in places) == list(range(len(lengths)))
    assert max(len(places) for places in batches) <= 16
    read = [lengths[place] for places in batches for place in places]
    assert read == sorted(lengths)
    loads = [sum(lengths[place] for places in share for place in places) for share in shares]
    assert len(shares) <= count
    assert max(loads) <= sum(lengths) / count + max(lengths)
