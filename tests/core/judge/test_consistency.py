"""What somebody says against what they did, and against what others say."""

from __future__ import annotations

import pytest

from core.judge.consistency import contradiction, disagreement, reason_against_edit, relevance_against_citation


@pytest.mark.parametrize(("choice", "weight"), [("a3", 0.0), ("a2", 0.3)])
def test_preferring_one_draft_and_sending_the_other_contradicts_itself(desk, evidence_on, choice, weight):
    preference = desk.prefers(choice)
    desk.sends("b")

    found = contradiction(evidence_on(preference))

    assert found is not None
    assert (found.check, found.weight) == ("contradiction", weight)
    assert "sent B as it was" in found.reason


@pytest.mark.parametrize("choice", ["b3", "b1", "a1", "tie"])
def test_a_preference_that_fits_what_was_sent_or_is_slight_does_not(desk, evidence_on, choice):
    preference = desk.prefers(choice)
    desk.sends("b")

    assert contradiction(evidence_on(preference)) is None


def test_what_another_agent_sent_contradicts_nobody(desk, evidence_on):
    preference = desk.prefers("a3")
    desk.sends("b", agent_id="U_BOB")
    desk.sends("b", final="Something quite different from the draft.")

    assert contradiction(evidence_on(preference)) is None


@pytest.mark.parametrize(
    ("reasons", "final", "said"),
    [
        (
            ("too_long",),
            "Refunds reach your bank within five working days after we have sent them, as I said.",
            "long",
        ),
        (("incomplete",), "Refunds reach your bank.", "missing"),
        (("tone",), "refunds reach your bank within five working days after we have sent them!", "no word"),
    ],
)
def test_a_reason_that_the_edit_belies_is_doubted(desk, evidence_on, reasons, final, said):
    found = reason_against_edit(evidence_on(desk.sends("a", final=final, reasons=reasons)))

    assert found is not None
    assert found.weight == 0.5
    assert said in found.reason


@pytest.mark.parametrize(
    ("reasons", "final"),
    [
        (("too_long",), "Within five working days."),
        (
            ("incomplete",),
            "Refunds reach your bank within five working days after we have sent them, at most.",
        ),
        (("wrong_fact",), "Refunds reach your bank within seven working days after we have sent them."),
        ((), "refunds reach your bank within five working days after we have sent them!"),
    ],
)
def test_a_reason_that_fits_the_edit_is_not(desk, evidence_on, reasons, final):
    assert reason_against_edit(evidence_on(desk.sends("a", final=final, reasons=reasons))) is None


@pytest.mark.parametrize("label", ["irrelevant", "outdated"])
def test_calling_the_only_source_of_what_one_sent_irrelevant_is_doubted(desk, evidence_on, label):
    mark = desk.marks(1, label)
    desk.sends("a")

    found = relevance_against_citation(evidence_on(mark))

    assert found is not None
    assert found.weight == 0.3


def test_one_of_two_sources_or_an_edited_reply_is_not(desk, evidence_on):
    of_two, helpful = desk.marks(1, "irrelevant"), desk.marks(1, "helpful")
    sent = desk.sends("b")

    assert relevance_against_citation(evidence_on(of_two)) is None
    assert relevance_against_citation(evidence_on(helpful, around=(sent,))) is None
    edited = desk.sends("a", final="Refunds take a while.")
    assert relevance_against_citation(evidence_on(of_two, around=(edited,))) is None


def test_the_more_others_say_the_opposite_the_less_is_left(desk, evidence_on):
    mine = desk.prefers("a2")
    desk.prefers("b1", agent_id="U_BOB")
    one_against = disagreement(evidence_on(mine))
    desk.prefers("b3", agent_id="U_EVE")
    two_against = disagreement(evidence_on(mine))

    assert one_against is not None
    assert two_against is not None
    assert (one_against.weight, two_against.weight) == (0.5, pytest.approx(1 / 3))
    assert two_against.reason == "2 of 2 other agents say the opposite"


def test_with_most_others_on_ones_side_a_single_voice_against_says_nothing(desk, evidence_on):
    mine = desk.prefers("a2")
    desk.prefers("a1", agent_id="U_BOB")
    desk.prefers("a3", agent_id="U_EVE")
    desk.prefers("b3", agent_id="U_SAM")

    assert disagreement(evidence_on(mine)) is None


def test_a_tie_is_no_opposite(desk, evidence_on):
    mine = desk.prefers("a2")
    tie = desk.prefers("tie", agent_id="U_BOB")

    assert disagreement(evidence_on(mine)) is None
    assert disagreement(evidence_on(tie)) is None


def test_helpful_and_not_helpful_are_opposites_but_irrelevant_and_outdated_are_not(desk, evidence_on):
    outdated = desk.marks(4, "outdated")
    desk.marks(4, "irrelevant", agent_id="U_BOB")
    desk.marks(5, "helpful", agent_id="U_BOB")
    assert disagreement(evidence_on(outdated)) is None

    desk.marks(4, "helpful", agent_id="U_EVE")
    found = disagreement(evidence_on(outdated))

    assert found is not None
    assert found.weight == 0.5
