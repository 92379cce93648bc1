"""Which judged snippets stand for and against a question."""

from __future__ import annotations

from training.negatives import judged_questions, like_groups


def row(case, anchor, snippet, label, weight=1.0):
    text = f"Text of {snippet}"
    return {
        "case_id": case, "anchor": anchor, "query": anchor, "snippet_id": snippet, "text": text, "label": label,
        "weight": weight, "context": [],
    }  # fmt: skip


def test_the_snippets_of_one_question_stand_together():
    found = judged_questions(
        [row("c1", "May I bring a dog?", "s1", 1.0), row("c1", "May I bring a dog?", "s2", 0.0, weight=0.5)]
    )

    (question,) = found.questions
    assert [(one.snippet_id, one.weight) for one in question.helpful] == [("s1", 1.0)]
    assert [(one.snippet_id, one.weight) for one in question.irrelevant] == [("s2", 0.5)]
    assert found.dropped == 0


def test_what_helped_with_a_like_question_is_no_negative_of_this_one():
    found = judged_questions(
        [
            row("c1", "May I bring my dog to the flat?", "s1", 1.0),
            row("c2", "Hello! May I bring a dog to the flat?", "s1", 0.0),
            row("c2", "Hello! May I bring a dog to the flat?", "s2", 0.0),
            row("c3", "Where is the refund of my deposit?", "s1", 0.0),
        ]
    )

    assert [[one.snippet_id for one in question.irrelevant] for question in found.questions] == [[], ["s2"], ["s1"]]
    assert found.dropped == 1


def test_a_label_on_which_agents_disagreed_weighs_less_and_an_even_split_nothing():
    found = judged_questions(
        [row("c1", "Dog?", "s1", 0.75), row("c1", "Dog?", "s2", 0.5), row("c1", "Dog?", "s3", 0.0)]
    )

    (question,) = found.questions
    assert [(one.snippet_id, one.weight) for one in question.helpful] == [("s1", 0.5)]
    assert found.dropped == 1


def test_like_questions_share_a_group_also_by_way_of_others():
    texts = [
        "refund deposit cancelled booking host late",
        "the kitchen sink leaks water",
        "refund deposit cancelled booking host",
        "refund deposit cancelled booking",
        "???",
        "???",
    ]

    assert like_groups(texts) == [0, 1, 0, 0, 4, 4]
