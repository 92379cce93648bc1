"""Many times the data makes nothing many times slower: what is asked for every case, click and page.

Times of one run are compared with each other, in processor time, which other programs disturb least.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bot.bench.synthetic_cases import fill_cases
from bot.bench.synthetic_knowledge import publish_synthetic, synthetic_questions
from core.adapters.bm25s import Bm25Index
from core.adapters.chroma import EmbeddedChroma
from core.clock import utc_now
from core.feedback import Feedback
from core.hashed_words import HashedWordsEmbedder
from core.retrieval.retriever import ConversationRetriever
from core.solved_cases import SolvedCaseMemory
from core.store import Store, make_engine, upgrade
from core.values import Turn

FEW_SNIPPETS, MANY_SNIPPETS = 250, 10_000
FEW_CASES, MANY_CASES = 25, 2_500
# Times slower. What is found by an index hardly changes; a search also adds up scores of all snippets.
MOST_OF_CASES, MOST_OF_SNIPPETS = 2.5, 5.0
REPEATS = 15
EMBEDDER = HashedWordsEmbedder()
Piece = Callable[[], object]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    """One with few cases, one with a hundred times as many."""
    made = [empty_store(tmp_path_factory.mktemp("cases")) for _ in range(2)]
    for store, count in zip(made, (FEW_CASES, MANY_CASES), strict=True):
        fill_cases(store, count, (EMBEDDER.version, EMBEDDER.dim))
    yield made[0], made[1]
    for store in made:
        store.engine.dispose()


def empty_store(home: Path) -> Store:
    engine = make_engine(f"sqlite:///{home / 'aitl.db'}")
    upgrade(engine)
    return Store(engine, utc_now)


def slowdown(few: Piece, many: Piece) -> float:
    """How many times slower: the medians of runs that take turns, after two that warm up."""
    seconds: dict[Piece, list[float]] = {few: [], many: []}
    for _ in range(REPEATS + 2):
        for piece, taken in seconds.items():
            start = time.process_time()
            piece()
            taken.append(time.process_time() - start)
    return float(np.median(seconds[many][2:]) / np.median(seconds[few][2:]))


def search(home: Path, count: int) -> Piece:
    store, indexes = empty_store(home), EmbeddedChroma(home / "index")
    snippets = publish_synthetic(store, indexes, EMBEDDER.version, EMBEDDER.dim, count)
    retriever = ConversationRetriever(store.knowledge, indexes, EMBEDDER, Bm25Index)
    questions = itertools.cycle(synthetic_questions(snippets, REPEATS))
    return lambda: retriever.search(next(questions), 75)


def page(store: Store) -> Piece:
    case = store.cases.recent(1)[0]
    feedback = Feedback(store, utc_now, str)
    return lambda: [feedback.state(one.id) for one in store.suggestions.of_case(case.id)]


def click(store: Store) -> Piece:
    [suggestion] = store.suggestions.of_case(store.cases.recent(1)[0].id)
    feedback, keys = Feedback(store, utc_now, str), itertools.count()

    def once() -> None:
        key = f"new click:{next(keys)}"
        store.inbox.put(key, "preference", "clicks", {})
        for work in store.inbox.claim("clicks", "worker", 30):
            feedback.prefer(suggestion.id, f"U_{key}", "a2", "reaction", key, group="the same reaction")
            store.inbox.finish(work.id)

    return once


def event(store: Store) -> Piece:
    case, numbers = store.cases.recent(1)[0], itertools.count()

    def once() -> None:
        found = store.cases.by_thread("T1", "C1", case.thread_ts)
        assert found is not None
        turn = Turn("customer", "And when?", f"{case.thread_ts}:{next(numbers)}")
        store.cases.remove_turn(found.id, turn.key if store.cases.add_turn(found.id, turn) else "")
        store.inbox.claim("events", "worker", 30)

    return once


def call(store: Store) -> Piece:
    numbers = itertools.count()

    def once() -> None:
        store.outbox.put(f"new call:{next(numbers)}", "chat.postMessage", {}, order_key="thread")
        for sending in store.outbox.claim("sender", 30):
            store.outbox.finish(sending.id)

    return once


def idling(store: Store) -> Piece:
    return lambda: (store.inbox.claim("clicks", "worker", 30), store.outbox.claim("sender", 30))


def reaction_taken_away(store: Store) -> Piece:
    keys = itertools.count()
    return lambda: store.annotations.withdraw_group("a reaction", f"away:{next(keys)}")


def similar(store: Store) -> Piece:
    memory = SolvedCaseMemory(store.solved, store.knowledge, EMBEDDER)
    memory.warm()
    return lambda: memory.similar("When does my card refund arrive?", besides="")


def gaps(store: Store) -> Piece:
    return lambda: store.gaps.open(2)


PIECES = (page, click, event, call, idling, reaction_taken_away, similar, gaps)


@pytest.mark.slow
def test_a_search_among_forty_times_the_snippets(tmp_path):
    few = search(tmp_path / "few", FEW_SNIPPETS)
    many = search(tmp_path / "many", MANY_SNIPPETS)

    assert slowdown(few, many) < MOST_OF_SNIPPETS


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.__name__)
def test_work_among_a_hundred_times_the_cases(stores, piece):
    few, many = (piece(store) for store in stores)

    assert slowdown(few, many) < MOST_OF_CASES
