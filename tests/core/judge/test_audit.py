"""A sample of rulings goes before a second person, whose word counts, and measures the judge."""

from __future__ import annotations

import pytest

from core.channel_settings import ChannelSettings
from core.judge.audit import is_open, measured, settle
from core.judge.judge import Judge
from core.judge.ruling import Ruling
from core.judge.sampling import is_drawn, put_before_people


def judge_with(store, share=1.0, daily_budget=20):
    return Judge(store, put_before_people(store, share, daily_budget))


def asked(store):
    return [(one.purpose, one.subject) for one in store.outbox.claim("sender", 30, 100)]


def latest(store, annotation):
    ruling = store.rulings.latest(annotation.id)
    return ruling.verdict, ruling.weight


@pytest.fixture
def world(world, watch):
    """A minute after the drafts came."""
    watch.advance(60)
    return world


@pytest.fixture
def accepted(world, store):
    """A preference that nothing speaks against, drawn."""
    preference = world.feedback.prefer(world.suggestion.id, "U_ANN", "b2", "button", "k1")
    judge_with(store).round()
    return preference


@pytest.fixture
def held(world, store):
    """A preference that is held, drawn; the reply that holds it is drawn too."""
    preference = world.feedback.prefer(world.suggestion.id, "U_ANN", "a3", "button", "k1")
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k2")
    judge_with(store).round()
    return preference


def test_about_so_many_are_drawn_as_the_share_says_and_always_the_same(desk):
    said = [desk.prefers("a2") for _ in range(2000)]
    first = [is_drawn(one, Ruling("accepted", 1.0), 0.05) for one in said]

    assert 60 <= sum(first) <= 140  # 100 expected, sigma 9.7
    assert first == [is_drawn(one, Ruling("downweighted", 0.3), 0.05) for one in said]
    assert first != [is_drawn(one, Ruling("held", 0.0), 0.05) for one in said]
    assert not any(is_drawn(one, Ruling("accepted", 1.0), 0.0) for one in said)


def test_a_channel_whose_budget_is_nought_puts_nothing_before_people(world, store):
    store.channels.set_settings("T1", "C1", ChannelSettings(daily_budget=0), "U_LEAD")
    world.feedback.prefer(world.suggestion.id, "U_ANN", "b2", "button", "k1")

    judge_with(store).round()

    assert asked(store) == []


def test_reports_of_missing_knowledge_and_what_teaches_nothing_are_never_drawn(desk):
    report, withdrawn = desk.reports("Fees in winter."), desk.prefers("a2", withdrawn=True)
    unconfirmed = desk.refuses("Off.", confirmed=False)

    assert not any(is_drawn(one, Ruling("accepted", 1.0), 1.0) for one in (report, withdrawn, unconfirmed))


def test_what_is_drawn_is_asked_about_once_and_not_put_before_the_leads_with_its_reasons(held, store):
    assert ("audit", held.id) in (first := asked(store))
    assert {purpose for purpose, _ in first} == {"audit"}

    put_before_people(store, 1.0, 20)(held, Ruling("held", 0.0))

    assert asked(store) == []


def test_what_is_held_and_not_drawn_goes_to_the_leads(world, store):
    preference = world.feedback.prefer(world.suggestion.id, "U_ANN", "a3", "button", "k1")
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k2")

    judge_with(store, share=0.0).round()

    assert ("held", preference.id) in asked(store)
    assert store.audits.asked(preference.id) is None


def test_no_more_are_asked_about_in_a_day_than_the_budget_says(new_world, store, watch):
    for number in range(4):
        world = new_world(f"{number + 5}.0")
        watch.advance(60)
        world.feedback.prefer(world.suggestion.id, f"U{number}", "b2", "button", f"k{number}")
        watch.advance(60)
    judge_with(store, daily_budget=3).round()
    first = set(asked(store))
    assert len(first) == 3

    watch.advance(86400)
    world.feedback.mark(world.suggestion.id, "U_BOB", 1, "helpful", "button", "later")
    judge_with(store, daily_budget=3).round()

    assert len(set(asked(store)) - first) == 1


@pytest.mark.parametrize(("may_teach", "stands"), [(True, ("accepted", 1.0)), (False, ("held", 0.0))])
def test_the_second_opinion_counts_for_what_was_accepted(accepted, world, store, may_teach, stands):
    assert settle(store, accepted.id, may_teach, "U_LEA")

    assert latest(store, accepted) == stands
    assert store.annotations.get(accepted.id).judge == stands[0]
    assert not settle(store, accepted.id, not may_teach, "U_SAM")
    assert [(one.verdict, one.may_teach) for one in store.audits.answered()] == [("accepted", may_teach)]
    world.feedback.mark(world.suggestion.id, "U_ANN", 3, "helpful", "button", "k9")
    Judge(store).round()
    assert latest(store, accepted) == stands


@pytest.mark.parametrize(("may_teach", "stands"), [(True, ("accepted", 1.0)), (False, ("held", 0.0))])
def test_the_second_opinion_decides_about_what_was_held(held, store, may_teach, stands):
    assert settle(store, held.id, may_teach, "U_LEA")

    assert latest(store, held) == stands
    assert not store.rulings.decide(held.id, not may_teach, "U_SAM")


def test_a_doubt_stays_where_the_second_person_would_let_it_teach(world, store):
    mine = world.feedback.prefer(world.suggestion.id, "U_ANN", "a2", "button", "k1")
    world.feedback.prefer(world.suggestion.id, "U_BOB", "b2", "button", "k2")
    judge_with(store).round()

    assert settle(store, mine.id, True, "U_LEA")

    assert latest(store, mine) == ("downweighted", 0.5)


def test_nobody_is_asked_any_more_once_it_was_taken_back_or_the_judge_thinks_otherwise(accepted, world, store, watch):
    world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "button", "k2")  # against "B is better"
    world.feedback.prefer(world.suggestion.id, "U_ANN", "b3", "button", "k3")
    assert not is_open(store, accepted.id)  # replaced
    changed = store.annotations.by_key("k3")
    judge_with(store).round()
    assert is_open(store, changed.id)

    world.feedback.undo("k2", "U_ANN", watch())
    Judge(store).round()

    assert latest(store, changed) == ("accepted", 1.0)
    assert not settle(store, changed.id, True, "U_LEA")
    assert store.audits.answered() == []


def test_what_was_accepted_and_is_held_before_anybody_answered_goes_to_the_leads(world, store):
    preference = world.feedback.prefer(world.suggestion.id, "U_ANN", "a3", "button", "k1")
    judge_with(store).round()
    assert asked(store) == [("audit", preference.id)]
    world.feedback.adopt(world.suggestion.id, "U_ANN", "b", "button", "k2")

    judge_with(store).round()

    assert ("held", preference.id) in asked(store)


def test_the_judge_is_measured_in_words_once_enough_was_answered(new_world, store, watch):
    assert measured(store) == []
    for number in range(20):
        world = new_world(f"{number + 5}.0")
        said = world.feedback.prefer(world.suggestion.id, f"U{number}", "b2", "button", f"k{number}")
        judge_with(store, daily_budget=100).round()
        assert settle(store, said.id, number >= 2, "U_LEA")
        if number == 18:
            assert "not enough data: 19 of the 20 audits needed" in measured(store)[0]

    of_all, of_preferences = measured(store)

    assert of_all.startswith("The judge on all annotations: people agree with 90% (75% to 100%, n = 20) of what")
    assert "(not enough data: 0 of the 20 audits needed) of what it holds" in of_all
    assert of_preferences.startswith("The judge on preferences: people agree with 90%")
