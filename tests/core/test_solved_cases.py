"""Which adopted replies are remembered for a question."""

from __future__ import annotations

from core.hashed_words import HashedWordsEmbedder
from core.solved_cases import SolvedCaseMemory, question_of
from core.values import SolvedCase, Turn


class Solved:
    """Solved cases in memory, and a knowledge base in which only the snippet "current" stands."""

    def __init__(self, *cases: SolvedCase) -> None:
        self.cases = list(cases)

    def solved_cases(self) -> list[SolvedCase]:
        return self.cases

    def is_current(self, snippet_ids: tuple[str, ...]) -> bool:
        return all(one == "current" for one in snippet_ids)


def memory(*cases: SolvedCase) -> SolvedCaseMemory:
    solved = Solved(*cases)
    return SolvedCaseMemory(solved, solved, HashedWordsEmbedder())  # type: ignore[arg-type]


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
