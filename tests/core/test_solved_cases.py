"""Which adopted replies are remembered for a question."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from core.errors import StoreUnavailable
from core.hashed_words import HashedWordsEmbedder
from core.solved_cases import SolvedCaseMemory, question_of
from core.solved_in_memory import SolvedCasesInMemory
from core.values import SolvedCase, Turn


class Knowledge:
    """A knowledge base in which only the snippet "current" stands."""

    def is_current(self, snippet_ids: tuple[str, ...]) -> bool:
        return all(one == "current" for one in snippet_ids)


class CountingEmbedder(HashedWordsEmbedder):
    """Remembers what it was asked to embed."""

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return super().embed(texts)


def over(store: SolvedCasesInMemory, embedder: HashedWordsEmbedder | None = None) -> SolvedCaseMemory:
    return SolvedCaseMemory(store, Knowledge(), embedder or HashedWordsEmbedder())  # type: ignore[arg-type]


def memory(*cases: SolvedCase) -> SolvedCaseMemory:
    return over(SolvedCasesInMemory(cases))


REFUND = SolvedCase("one", "When does my card refund arrive?", "Within a week.", ("current",))


def test_the_most_similar_comes_first_with_its_similarity() -> None:
    near = SolvedCase("two", "When does the refund on my card arrive at the bank?", "Soon.", ("current",))

    found = memory(near, REFUND).similar("When does my card refund arrive?", besides="three")

    assert [case.case_id for case in found] == ["one", "two"]
    assert found[0].similarity > found[1].similarity >= 0.6


def test_a_case_is_not_similar_to_itself() -> None:
    assert memory(REFUND).similar(REFUND.question, besides="one") == []


def test_what_rests_on_a_retired_source_is_left_out() -> None:
    retired = SolvedCase("two", REFUND.question, "Old.", ("current", "retired"))

    assert memory(retired).similar(REFUND.question, besides="x") == []


def test_the_same_reply_comes_once() -> None:
    twin = SolvedCase("two", REFUND.question, REFUND.reply, ("current",))

    assert len(memory(REFUND, twin).similar(REFUND.question, besides="x")) == 1


def test_something_else_is_not_similar() -> None:
    assert memory(REFUND).similar("Can I bring a dog to the cabin?", besides="x") == []
    assert memory().similar("anything", besides="x") == []


def test_a_last_turn_of_few_words_is_compared_with_what_came_before() -> None:
    turns = (Turn("customer", "Where is my refund?"), Turn("agent", "When did you cancel?"), Turn("customer", "Monday"))

    assert question_of(turns) == "Where is my refund?\nMonday"
    assert question_of((Turn("agent", "Hello"),)) == "Hello"


def test_of_equally_similar_cases_the_newest_comes_first() -> None:
    older = SolvedCase("older", REFUND.question, "Older.", ())
    newer = SolvedCase("newer", REFUND.question, "Newer.", ())

    found = memory(older, newer).similar(REFUND.question, besides="x", k=1)

    assert [case.case_id for case in found] == ["newer"]


def test_what_arrives_later_is_found_and_what_stands_no_more_drops_out_at_once() -> None:
    store = SolvedCasesInMemory([REFUND])
    remembered = over(store)
    assert [case.case_id for case in remembered.similar(REFUND.question, besides="x")] == ["one"]

    store.cases.append(SolvedCase("two", REFUND.question, "Soon.", ()))
    store.cases[0] = None

    assert [case.case_id for case in remembered.similar(REFUND.question, besides="x")] == ["two"]


def test_a_question_is_embedded_once_also_over_restarts_and_for_each_version_anew() -> None:
    store, first, second, third = SolvedCasesInMemory([REFUND]), *(CountingEmbedder() for _ in range(3))
    third.version = "hashed-words@2"

    for embedder in (first, second, third):
        over(store, embedder).warm()

    assert [one.embedded for one in (first, second, third)] == [[REFUND.question], [], [REFUND.question]]


def test_one_that_could_not_be_kept_is_taken_in_the_next_time() -> None:
    class Full(SolvedCasesInMemory):
        full = True

        def keep_vectors(self, vectors: Mapping[int, NDArray[np.float32]], embedder: str) -> None:
            if self.full:
                raise StoreUnavailable("The disk is full.")
            super().keep_vectors(vectors, embedder)

    store = Full([REFUND])
    remembered = over(store)
    with pytest.raises(StoreUnavailable):
        remembered.similar(REFUND.question, besides="x")

    store.full = False

    assert len(remembered.similar(REFUND.question, besides="x")) == 1


def test_many_are_taken_in_portion_by_portion_and_a_start_takes_them_all() -> None:
    cases = [SolvedCase(f"case-{n}", f"Question about item{n} please", f"Reply {n}.", ()) for n in range(300)]
    embedder = CountingEmbedder()
    remembered = over(SolvedCasesInMemory(cases), embedder)

    remembered.similar("Question about item299 please", besides="x")
    at_first = len(embedder.embedded)
    remembered.warm()

    assert at_first == 64 + 1  # the newest, and the question itself
    assert len(embedder.embedded) == 300 + 1
    assert remembered.similar("Question about item0 please", besides="x", k=1)[0].case_id == "case-0"


def test_threads_may_share_it() -> None:
    cases = [SolvedCase(f"case-{n}", f"Question about item{n} please", f"Reply {n}.", ()) for n in range(200)]
    remembered, found = memory(*cases), []

    def ask(n: int) -> None:
        found.append(remembered.similar(f"Question about item{n} please", besides="x", k=1)[0].case_id == f"case-{n}")

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(190, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [True] * 10
