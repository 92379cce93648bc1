"""One model shared by many threads: what is encoded once, what goes through together, what is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import EmptyText, ModelUnavailable
from core.hashed_words import HashedWordsEmbedder
from core.shared_embedder import SharedEmbedder


class SlowModel(HashedWordsEmbedder):
    """Remembers what it was asked for; waits before each answer until it may go on. One thread at a time."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.entered, self.may_go_on = Event(), Event()
        self.may_go_on.set()
        self.fails = False

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls.append(list(texts))
        self.entered.set()
        assert self.may_go_on.wait(60)
        if self.fails:
            raise ModelUnavailable("no model here")
        return super().embed(texts)


def in_threads(shared: SharedEmbedder, model: SlowModel, requests: list[list[str]]) -> dict[str, object]:
    """Ask for all requests at once, the first one first; what came of each, by its first text."""
    answers: dict[str, object] = {}

    def ask(texts: list[str]) -> None:
        try:
            answers[texts[0]] = shared.embed(texts)
        except ModelUnavailable as error:
            answers[texts[0]] = error

    model.may_go_on.clear()
    threads = [Thread(target=ask, args=(texts,)) for texts in requests]
    threads[0].start()
    assert model.entered.wait(60)
    for thread in threads[1:]:
        thread.start()
    while len(shared._queue) < len(requests) - 1:  # the others wait for the model
        Event().wait(0.01)
    model.may_go_on.set()
    for thread in threads:
        thread.join(60)
    return answers


def test_a_text_is_encoded_once():
    model = SlowModel()
    shared = SharedEmbedder(model)

    first = shared.embed(["refund", "dog", "refund"])
    second = shared.embed(["dog", "key"])

    assert model.calls == [["refund", "dog"], ["key"]]
    assert np.array_equal(first, HashedWordsEmbedder().embed(["refund", "dog", "refund"]))
    assert np.array_equal(second, HashedWordsEmbedder().embed(["dog", "key"]))


def test_the_least_recently_used_is_forgotten_first():
    model = SlowModel()
    shared = SharedEmbedder(model, kept=2)

    for text in ("refund", "dog", "refund", "key", "refund", "dog"):
        shared.embed([text])

    assert model.calls == [["refund"], ["dog"], ["key"], ["dog"]]


def test_what_gathers_while_the_model_works_goes_through_together_and_once():
    model = SlowModel()
    shared = SharedEmbedder(model)

    answers = in_threads(shared, model, [["refund"], ["dog", "key"], ["cat", "key"]])

    assert model.calls[0] == ["refund"]
    assert [sorted(call) for call in model.calls[1:]] == [["cat", "dog", "key"]]
    assert np.array_equal(answers["cat"], HashedWordsEmbedder().embed(["cat", "key"]))
    assert np.array_equal(answers["dog"], HashedWordsEmbedder().embed(["dog", "key"]))


def test_a_long_request_goes_through_alone():
    model = SlowModel()
    shared = SharedEmbedder(model)
    long = [f"word{number}" for number in range(64)]

    in_threads(shared, model, [["refund"], long, ["dog"]])

    assert sorted(len(call) for call in model.calls) == [1, 1, 64]


def test_every_thread_hears_that_the_model_failed_and_the_next_one_asks_again():
    model = SlowModel()
    shared = SharedEmbedder(model)
    model.fails = True

    answers = in_threads(shared, model, [["refund"], ["dog"], ["key"]])
    model.fails = False

    assert [type(answer) for answer in answers.values()] == [ModelUnavailable] * 3
    assert shared.embed(["dog"]).shape == (1, 256)


def test_a_vector_that_somebody_changes_does_not_change_what_is_remembered():
    shared = SharedEmbedder(HashedWordsEmbedder())

    shared.embed(["refund"])[:] = 0.0

    assert np.linalg.norm(shared.embed(["refund"])) == pytest.approx(1.0)


def test_a_blank_text_is_refused_before_the_model_is_asked():
    model = SlowModel()

    with pytest.raises(EmptyText):
        SharedEmbedder(model).embed(["refund", " "])

    assert model.calls == []
