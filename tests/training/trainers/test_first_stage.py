"""What a reranker will be read beside: what the first stage finds, with what is known of it."""

from __future__ import annotations

from core.ports import Retrieved
from core.retrieval.focus import Earlier
from core.values import RankedSnippet, Snippet, Turn
from training.negatives import Judged, Question
from training.trainers.first_stage import READ, FirstStage, found_lists

HELPFUL, WRONG = Judged("s1", "Title. Text 1", 0.5, first_stage=-1.0), Judged("s99", "Title. Text 99", 1.0)
QUESTION = Question("c1", "Open?", "Open?", (HELPFUL,), (WRONG,), 0, (Earlier("The Belfry.", True, 1),))


def found(turns, first=0):
    """Snippets by falling score, the first scored far above the others."""
    snippets = [
        RankedSnippet(
            Snippet(f"s{n}", f"a{n}", 1, "Title", "", None, f"Text {n}"), n + 1, 9.0 if n == first else -n / 9
        )
        for n in range(first, first + 75)
    ]
    return Retrieved("\n".join(turn.text for turn in turns), tuple(snippets), "gen_1")


def test_it_is_asked_with_all_turns_and_what_it_finds_first_is_read():
    (one,) = found_lists([QUESTION], FirstStage("v", found))

    assert one.query == "The Belfry.\nOpen?"
    assert len(one.texts) == len(one.scores) == READ
    assert one.scores[0] > 4.0 > one.scores[1]
    assert one.weights == (-0.1, 0.5, *[-0.1] * 10)  # what nobody judged counts a little; s99 is not among the first


def test_a_question_whose_answer_is_not_among_the_first_says_nothing():
    assert not list(found_lists([QUESTION], FirstStage("v", lambda turns: found(turns, first=2))))


def test_without_a_first_stage_the_rows_say_how_the_judged_were_found():
    (one,) = found_lists([QUESTION], None)

    assert (one.query, one.texts) == ("Open?", ("Title. Text 1", "Title. Text 99"))
    assert (one.scores, one.weights) == ((-1.0, 0.0), (0.5, -1.0))


def test_turns_are_those_of_the_conversation():
    assert QUESTION.turns == [Turn("customer", "The Belfry."), Turn("customer", "Open?")]
