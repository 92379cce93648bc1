"""A newer generation is opened beside the live one."""

from __future__ import annotations

import threading

import pytest

from core.adapters.bm25s import Bm25Index
from core.errors import EmptyKnowledge
from core.retrieval.live import LiveGeneration


class Gate:
    """Builds lexical indexes, once it has been opened."""

    def __init__(self):
        self.open = threading.Event()
        self.open.set()
        self.asked = 0

    def __call__(self, documents):
        self.asked += 1
        assert self.open.wait(60)
        return Bm25Index(documents)


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.open.set()


@pytest.fixture
def live(shelf, gate):
    shelf.publish("gen_1", {"Pets": "Dogs are welcome."})
    return LiveGeneration(shelf.knowledge, shelf.indexes, gate, shelf.embedder, patience_s=0.05)


def test_while_the_next_one_is_being_opened_the_one_before_answers(shelf, live, gate):
    assert live.get().record.id == "gen_1"
    gate.open.clear()
    shelf.publish("gen_2", {"Pets": "Dogs are welcome.", "Keys": "The keys are in the box."})

    meanwhile = [live.get().record.id for _ in range(5)]
    gate.open.set()

    assert meanwhile == ["gen_1"] * 5
    assert eventually(lambda: live.get().record.id, "gen_2") == "gen_2"
    assert gate.asked == 2  # once for each generation, however often it was asked for


def test_a_newer_one_that_opens_quickly_is_seen_at_once(shelf, gate):
    shelf.publish("gen_1", {"Pets": "Dogs are welcome."})
    live = LiveGeneration(shelf.knowledge, shelf.indexes, gate, shelf.embedder, patience_s=60)
    live.get()

    shelf.publish("gen_2", {"Keys": "The keys are in the box."})

    assert live.get().record.id == "gen_2"


def test_the_first_one_is_waited_for_and_opened_once_for_all_who_ask(live, gate):
    gate.open.clear()
    seen = []
    threads = [threading.Thread(target=lambda: seen.append(live.get().record.id)) for _ in range(4)]
    for thread in threads:
        thread.start()

    gate.open.set()
    for thread in threads:
        thread.join(60)

    assert seen == ["gen_1"] * 4
    assert gate.asked == 1


def test_nothing_to_search_is_said_at_once_and_what_comes_later_is_found(shelf, gate):
    live = LiveGeneration(shelf.knowledge, shelf.indexes, gate, shelf.embedder)
    with pytest.raises(EmptyKnowledge):
        live.get()

    shelf.publish("gen_1", {"Pets": "Dogs are welcome."})

    assert live.get().record.id == "gen_1"


def test_what_was_forgotten_is_opened_anew(live, gate):
    live.get()
    live.forget()

    assert live.get().record.id == "gen_1"
    assert gate.asked == 2


def eventually(look, wanted, tries=600):
    """What is seen once it is `wanted`, or after a minute."""
    pause = threading.Event()
    for _ in range(tries):
        if look() == wanted:
            break
        pause.wait(0.1)
    return look()
