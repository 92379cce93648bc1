"""What clicks mean: four kinds of annotation, first send wins, a minute to undo."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.errors import InvalidAnnotation, NotAllowed, TooLate, UnknownAnnotation, UnknownCase, UnknownSuggestion


@pytest.fixture
def feedback(world):
    return world.feedback


@pytest.fixture
def suggestion_id(world):
    return world.suggestion.id


@pytest.mark.parametrize(
    ("choice", "slot", "strength"),
    [("a3", "a", 3), ("a2", "a", 2), ("a1", "a", 1), ("tie", None, 0), ("b1", "b", 1), ("b2", "b", 2), ("b3", "b", 3)],
)
def test_each_choice_says_which_and_by_how_much(feedback, suggestion_id, watch, choice, slot, strength):
    watch.advance(12.5)

    preference = feedback.prefer(suggestion_id, "U_ANN", choice, "button", "k1")

    assert (preference.chosen_slot, preference.strength) == (slot, strength)
    assert (preference.latency_s, preference.source, preference.judge) == (12.5, "button", "pending")
    assert preference.created_at == watch()


def test_a_choice_that_does_not_exist_is_refused(feedback, suggestion_id):
    with pytest.raises(InvalidAnnotation, match="'c2' is no preference"):
        feedback.prefer(suggestion_id, "U_ANN", "c2", "button", "k1")


def test_an_unknown_suggestion_takes_no_feedback(feedback):
    with pytest.raises(UnknownSuggestion, match="sug_nope"):
        feedback.prefer("sug_nope", "U_ANN", "a2", "button", "k1")


def test_one_click_sends_the_draft_without_its_marks(world, feedback, suggestion_id, watch):
    watch.advance(4)

    outcome = feedback.adopt(suggestion_id, "U_ANN", "b", "button", "k1")

    assert outcome.reply.text == "Refund rule number 2 applies. It takes five days."
    assert outcome.reply.state == "pending"
    assert (outcome.adoption.decision, outcome.adoption.slot, outcome.adoption.latency_s) == ("as_is", "b", 4.0)
    assert (outcome.held, outcome.answered_by) == (None, "U_ANN")
    assert world.store.cases.get(world.case.id).status == "answered"


def test_white_space_alone_is_no_edit(feedback, suggestion_id):
    same = "  Refund rule number 2 applies.\n\nIt takes five days. "

    outcome = feedback.adopt(suggestion_id, "U_ANN", "b", "modal", "k1", final=same)

    assert outcome.adoption.decision == "as_is"
    assert outcome.reply.text == same


def test_an_edit_goes_out_as_written_and_is_stored_redacted(world, feedback, suggestion_id):
    final = "Hi Jo, write to help@mail.example, please."

    outcome = feedback.adopt(
        suggestion_id, "U_ANN", "a", "modal", "k1", final=final, reasons=["tone"], rationale="to jo@mail.example"
    )

    assert outcome.reply.text == final
    adoption = outcome.adoption
    assert (adoption.decision, adoption.draft) == ("edited", "Hi! Refund rule number 1 applies.")
    assert adoption.final == "Hi Jo, write to [email], please."
    assert (adoption.reasons, adoption.rationale) == (("tone",), "to [email]")


def test_an_empty_reply_is_not_sent(world, feedback, suggestion_id):
    with pytest.raises(InvalidAnnotation, match="The reply is empty"):
        feedback.adopt(suggestion_id, "U_ANN", "a", "modal", "k1", final=" \n")

    assert world.store.cases.get(world.case.id).status == "open"


def test_a_reason_that_does_not_exist_sends_nothing(world, feedback, suggestion_id):
    with pytest.raises(InvalidAnnotation, match="reasons"):
        feedback.adopt(suggestion_id, "U_ANN", "a", "modal", "k1", final="Hello", reasons=["because"])

    assert world.store.cases.get(world.case.id).status == "open"
    assert world.store.replies.by_key("k1") is None


def test_the_second_sender_is_told_who_was_first_and_may_send_anyway(world, feedback, suggestion_id, watch):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    watch.advance(1)

    second = feedback.adopt(suggestion_id, "U_BEN", "b", "modal", "k2", final="Mine: jo@mail.example", reasons=["tone"])
    assert (second.adoption, second.reply, second.answered_by) == (None, None, "U_ANN")
    sent = feedback.send_held(second.held.id, "U_BEN", "k3")

    assert sent.reply.text == "Mine: jo@mail.example"
    assert (sent.adoption.decision, sent.adoption.reasons, sent.adoption.key) == ("edited", ("tone",), "k3")
    assert sent.answered_by == "U_ANN"
    assert [reply.agent_id for reply in feedback.state(suggestion_id).sent] == ["U_ANN", "U_BEN"]


def test_a_held_reply_of_a_case_that_was_withdrawn_is_not_sent(feedback, suggestion_id, store):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    held = feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2").held
    store.cases.withdraw(held.case_id)

    with pytest.raises(TooLate, match="This case has been withdrawn; nothing was sent"):
        feedback.send_held(held.id, "U_BEN", "k3")


def test_a_held_reply_is_sent_once_and_by_its_own_agent(feedback, suggestion_id):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    held = feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2").held

    with pytest.raises(NotAllowed, match="U_BEN"):
        feedback.send_held(held.id, "U_ANN", "k3")
    first = feedback.send_held(held.id, "U_BEN", "k4")
    assert feedback.send_held(held.id, "U_BEN", "k4").reply == first.reply
    with pytest.raises(TooLate, match="has been sent already"):
        feedback.send_held(held.id, "U_BEN", "k5")


def test_sending_anyway_from_the_start_asks_nobody(feedback, suggestion_id):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")

    outcome = feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2", anyway=True)

    assert outcome.reply is not None
    assert outcome.answered_by == "U_ANN"


def test_a_click_handled_twice_sends_once(world, feedback, suggestion_id):
    first = feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")

    again = feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")

    assert again == first
    assert len(world.store.replies.of_case(world.case.id)) == 1


def test_within_a_minute_a_reply_can_be_undone(world, feedback, suggestion_id, watch):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    world.store.replies.mark_posted("k1", "C1", "5.0", watch())

    undone = feedback.undo("k1", "U_ANN", watch() + timedelta(seconds=60))

    assert (undone.state, undone.ts) == ("undone", "5.0")
    assert world.store.annotations.by_key("k1").withdrawn
    assert world.store.cases.get(world.case.id).status == "open"
    assert feedback.undo("k1", "U_ANN", watch() + timedelta(hours=1)) == undone
    assert feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1").reply.state == "undone"
    assert feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2").answered_by == "U_BEN"


def test_undo_is_for_ones_own_reply_and_for_a_minute(world, feedback, suggestion_id, watch):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    world.store.replies.mark_posted("k1", "C1", "5.0", watch())

    with pytest.raises(NotAllowed, match="U_ANN"):
        feedback.undo("k1", "U_BEN", watch())
    with pytest.raises(TooLate, match="60 seconds"):
        feedback.undo("k1", "U_ANN", watch() + timedelta(seconds=60.5))
    with pytest.raises(UnknownAnnotation):
        feedback.undo("k9", "U_ANN", watch())
    assert world.store.cases.get(world.case.id).status == "answered"


def test_undoing_a_second_answer_leaves_the_first_in_place(world, feedback, suggestion_id, watch):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2", anyway=True)

    feedback.undo("k2", "U_BEN", watch())

    assert world.store.cases.get(world.case.id).answered_by == "U_ANN"


def test_undoing_the_first_answer_leaves_the_case_to_the_second(world, feedback, suggestion_id, watch):
    feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
    feedback.adopt(suggestion_id, "U_BEN", "b", "button", "k2", anyway=True)

    feedback.undo("k1", "U_ANN", watch())

    case = world.store.cases.get(world.case.id)
    assert (case.status, case.answered_by) == ("answered", "U_BEN")
    assert feedback.adopt(suggestion_id, "U_CEM", "a", "button", "k3").answered_by == "U_BEN"


def test_a_refusal_needs_a_reason_unless_it_was_a_reaction(feedback, suggestion_id):
    with pytest.raises(InvalidAnnotation, match="a refusal needs at least one reason"):
        feedback.reject(suggestion_id, "U_ANN", [], None, None, "modal", "k1")

    by_form = feedback.reject(suggestion_id, "U_ANN", ["wrong_fact", "tone"], " ", "Sent: a@b.example", "modal", "k2")
    by_reaction = feedback.reject(suggestion_id, "U_BEN", [], None, None, "reaction", "k3")

    assert (by_form.reasons, by_form.rationale, by_form.final) == (("wrong_fact", "tone"), None, "Sent: [email]")
    assert (by_reaction.decision, by_reaction.reasons) == ("rejected", ())


def test_a_mark_knows_its_snippet_and_whether_it_was_cited(feedback, suggestion_id):
    helpful = feedback.mark(suggestion_id, "U_ANN", 2, "helpful", "button", "k1")
    outdated = feedback.mark(suggestion_id, "U_ANN", 3, "outdated", "button", "k2")

    assert (helpful.snippet_id, helpful.n, helpful.label, helpful.cited) == ("snip_2", 2, "helpful", True)
    assert (outdated.snippet_id, outdated.cited) == ("snip_3", False)


def test_a_cleared_mark_is_unknown_again(feedback, suggestion_id, watch):
    feedback.mark(suggestion_id, "U_ANN", 2, "helpful", "button", "k1")
    feedback.mark(suggestion_id, "U_BEN", 2, "irrelevant", "button", "k2")
    watch.advance(1)

    assert feedback.mark(suggestion_id, "U_ANN", 2, "clear", "button", "k3") is None

    assert feedback.agent_view(suggestion_id, "U_ANN") == []
    assert [one.key for one in feedback.agent_view(suggestion_id, "U_BEN")] == ["k2"]


@pytest.mark.parametrize("n", [0, 4, 9, -1])
def test_a_snippet_that_is_not_on_the_screen_cannot_be_marked(feedback, suggestion_id, n):
    with pytest.raises(InvalidAnnotation, match=f"There is no snippet {n} in this suggestion; it shows 3."):
        feedback.mark(suggestion_id, "U_ANN", n, "helpful", "button", "k1")


def test_a_gap_report_keeps_its_words_redacted(feedback, suggestion_id):
    report = feedback.report_gap(
        suggestion_id, "U_ANN", " Ask jo@mail.example ", "exists_not_found", "https://help.example/a", "modal", "k1"
    )

    assert (report.description, report.kind, report.status) == ("Ask [email]", "exists_not_found", "open")
    assert str(report.link) == "https://help.example/a"
    assert feedback.report_gap(suggestion_id, "U_ANN", "Winter", "missing", "", "modal", "k2").link is None


@pytest.mark.parametrize(
    ("description", "link", "complaint"),
    [("  ", None, "description"), ("Winter", "javascript:alert(1)", "link"), ("Winter", "no link", "link")],
)
def test_a_gap_report_that_cannot_be_used_is_refused(feedback, suggestion_id, description, link, complaint):
    with pytest.raises(InvalidAnnotation, match=complaint):
        feedback.report_gap(suggestion_id, "U_ANN", description, "missing", link, "modal", "k1")


def test_two_gap_reports_of_one_agent_both_stand(feedback, suggestion_id, watch):
    feedback.report_gap(suggestion_id, "U_ANN", "Winter", "missing", None, "modal", "k1")
    watch.advance(1)
    feedback.report_gap(suggestion_id, "U_ANN", "Dogs", "missing", None, "modal", "k2")

    assert [one.description for one in feedback.agent_view(suggestion_id, "U_ANN")] == ["Winter", "Dogs"]


def test_an_own_reply_waits_for_a_confirmation(world, feedback, suggestion_id, watch):
    watch.advance(30)
    adoption = feedback.own_reply(world.case.id, "U_ANN", "Call +1 415 555 0132.", "m1")

    assert (adoption.decision, adoption.final, adoption.confirmed) == ("own_reply", "Call [phone].", False)
    assert (adoption.suggestion_id, adoption.latency_s, adoption.source) == (suggestion_id, 30.0, "message")
    assert feedback.state(suggestion_id).annotated == {}
    assert feedback.confirm("m1", "U_BEN").confirmed
    assert feedback.state(suggestion_id).annotated == {"U_ANN": ("adoption",)}
    assert not feedback.unconfirm("m1").confirmed
    with pytest.raises(UnknownCase):
        feedback.own_reply("case_nope", "U_ANN", "Hello", "m2")
    with pytest.raises(InvalidAnnotation):
        feedback.own_reply(world.case.id, "U_ANN", " ", "m3")


def test_an_old_revision_takes_clicks_made_before_it_was_replaced_and_open_forms(world, feedback, suggestion_id, watch):
    before = watch() + timedelta(seconds=5)
    watch.advance(10)
    world.revise()

    with pytest.raises(TooLate, match="Revision 1 has been replaced"):
        feedback.prefer(suggestion_id, "U_ANN", "a2", "button", "k1")
    with pytest.raises(TooLate):
        feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k2")
    assert feedback.prefer(suggestion_id, "U_ANN", "a2", "button", "k3", at=before).created_at == before
    assert feedback.adopt(suggestion_id, "U_ANN", "a", "modal", "k4", final="My own words").reply is not None
    assert feedback.report_gap(suggestion_id, "U_ANN", "Winter", "missing", None, "modal", "k5").stands


def test_a_withdrawn_suggestion_takes_nothing(world, feedback, suggestion_id, watch):
    world.store.suggestions.retire(suggestion_id, "withdrawn")

    for source in ("button", "modal"):
        with pytest.raises(TooLate, match="has been withdrawn"):
            feedback.adopt(suggestion_id, "U_ANN", "a", source, f"k-{source}", final="Words", at=watch())


def test_a_withdrawn_case_is_not_answered(world, feedback, suggestion_id):
    world.store.cases.withdraw(world.case.id)

    with pytest.raises(TooLate, match="This case has been withdrawn"):
        feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")


def test_the_state_says_who_and_what_kinds_and_what_is_still_open(world, feedback, suggestion_id):
    feedback.mark(suggestion_id, "U_ANN", 1, "helpful", "button", "k1")
    feedback.prefer(suggestion_id, "U_ANN", "a2", "button", "k2")
    feedback.mark(suggestion_id, "U_BEN", 1, "irrelevant", "button", "k3")

    state = feedback.state(suggestion_id)

    assert {agent: set(kinds) for agent, kinds in state.annotated.items()} == {
        "U_ANN": {"relevance", "preference"},
        "U_BEN": {"relevance"},
    }
    assert state.open_kinds == ("adoption", "gap")
    assert (state.closed, state.sent, state.answered_by) == (False, (), None)

    feedback.adopt(suggestion_id, "U_BEN", "a", "button", "k4")
    closed = feedback.state(suggestion_id)
    assert (closed.closed, closed.answered_by, closed.open_kinds) == (True, "U_BEN", ("gap",))
    assert [reply.adoption_key for reply in closed.sent] == ["k4"]


def test_a_reaction_can_be_added_taken_away_and_added_again(feedback, suggestion_id, watch):
    feedback.prefer(suggestion_id, "U_ANN", "a2", "reaction", "r1", group="U_ANN:a")
    watch.advance(1)
    feedback.withdraw_group("U_ANN:a", "r2")
    assert feedback.agent_view(suggestion_id, "U_ANN") == []
    watch.advance(1)

    feedback.prefer(suggestion_id, "U_ANN", "a2", "reaction", "r3", group="U_ANN:a")

    assert [one.key for one in feedback.agent_view(suggestion_id, "U_ANN")] == ["r3"]


def test_withdrawing_takes_one_click_back(feedback, suggestion_id):
    feedback.prefer(suggestion_id, "U_ANN", "a2", "reaction", "k1")

    assert feedback.withdraw("k1").withdrawn
    assert feedback.withdraw("never-seen") is None
    assert feedback.agent_view(suggestion_id, "U_ANN") == []


def test_a_key_never_means_two_kinds_of_click(feedback, suggestion_id):
    feedback.prefer(suggestion_id, "U_ANN", "a2", "button", "k1")

    with pytest.raises(InvalidAnnotation, match="'k1' names another kind"):
        feedback.adopt(suggestion_id, "U_ANN", "a", "button", "k1")
