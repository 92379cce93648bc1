"""The live comparison: real votes in a real database promote a challenger, withdraw it, or keep it waiting."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from core.judge.ruling import Ruling
from core.registry.bundle import NewBundle
from core.registry.deploy import ask_nothing
from core.values import LostQuestion
from training.schedule.comparison import compare_live, live_votes


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """SQLite alone: what is asked of the store here is tested on both elsewhere."""
    shutil.copy(sqlite_template, tmp_path / "aitl.db")
    return f"sqlite:///{tmp_path / 'aitl.db'}"


@pytest.fixture
def challenged(store, watch):
    """Version 1 beside version 0."""
    bundle = store.registry.register(NewBundle(0, {}, "hash", {}, "superior", "Better.", "k1"), [])
    store.registry.challenge(bundle.version, 1.0, "gate", "Better.")
    watch.advance(60)
    return bundle.version


@pytest.fixture
def vote(new_world, store, watch):
    """A case whose draft `challenger` (a slot) is version 1's, and an agent who prefers the draft `preferred`."""
    numbers = iter(range(1, 10_000))

    def say(
        challenger: str,
        preferred: str | None,
        agent: str = "U_ANN",
        judge: str = "accepted",
        bundles=("0", "1"),
        yielded: str | None = None,
    ):
        number = next(numbers)
        world = new_world(f"{number}.0")
        by_slot = {challenger: bundles[1], "b" if challenger == "a" else "a": bundles[0]}
        drafts = tuple(replace(one, bundle=by_slot[one.slot]) for one in world.suggestion.candidates)
        parameters = {"challenge": {"version": 1, "yielded": yielded}}
        suggestion = world.revise(candidates=drafts, bundle="0", parameters=parameters)
        world.feedback.prefer(suggestion.id, agent, f"{preferred}2" if preferred else "tie", "button", f"k{number}")
        _judged(store, f"k{number}", judge)
        watch.advance(1)
        return world, suggestion

    return say


def _judged(store, key: str, verdict: str) -> None:
    store.rulings.add(store.annotations.by_key(key).id, Ruling(verdict, 0.5), "test")


def leads_were_told(store) -> list[str]:
    return [one.arguments["text"] for one in store.outbox.claim("sender", 30, 10) if one.purpose == "leads_notice"]


def test_a_challenger_that_agents_prefer_becomes_champion_and_the_leads_hear_it_once(store, challenged, vote):
    for number in range(20):
        vote("a" if number % 2 else "b", "a" if number % 2 else "b", agent=f"U{number}")
    assert compare_live(store, ask_nothing).call == "promote"

    assert compare_live(store, ask_nothing) is None
    assert store.registry.aliases().champion == challenged
    [event] = [one for one in store.registry.log(challenged) if one.action == "promoted"]
    assert event.by == "agents' preferences"
    assert event.why == "Promoted: the challenger was preferred in 20 of 20 comparisons, 0 against it, 0 ties."
    assert leads_were_told(store) == [
        f"Version 1 is the champion now. {event.why} If it disappoints, `/aitl rollback` brings the version before "
        "back."
    ]


def test_a_challenger_that_agents_do_not_prefer_is_withdrawn(store, challenged, vote):
    for number in range(20):
        vote("a" if number % 2 else "b", "b" if number % 2 else "a", agent=f"U{number}")

    assert compare_live(store, ask_nothing).call == "withdraw"
    aliases = store.registry.aliases()
    assert (aliases.champion, aliases.challenger) == (0, None)
    [told] = leads_were_told(store)
    assert told.startswith("Version 1 is no longer the challenger. Withdrawn: the challenger was preferred in 0 of 20")


def test_a_preferred_challenger_that_would_lose_an_article_is_withdrawn_and_the_leads_hear_why(store, challenged, vote):
    for number in range(20):
        vote("a", "a", agent=f"U{number}")
    lost = [LostQuestion(article, f"exam_{number}", "?") for number, article in enumerate("aabcde")]

    assert compare_live(store, lambda bundle: lost).call == "promote"

    aliases = store.registry.aliases()
    assert (aliases.champion, aliases.challenger) == (0, None)
    assert leads_were_told(store) == [
        "Version 1 is no longer the challenger, though it was preferred. Withdrawn: with it, questions of the exam "
        "would not find articles 'a', 'b', 'c' and 2 more any more."
    ]


def test_few_votes_decide_nothing(store, challenged, vote):
    for number in range(19):
        vote("a", "a", agent=f"U{number}")

    assert compare_live(store, ask_nothing).call == "keep collecting"
    assert store.registry.aliases().challenger == challenged
    assert store.registry.aliases().champion == 0


def test_only_what_may_teach_of_champion_against_challenger_is_a_vote(store, challenged, vote):
    vote("a", "a")
    vote("a", "a", judge="held")
    vote("a", "a", bundles=("0", "0"))  # both by the champion
    vote("a", "a", bundles=("0", "7"))  # by a challenger before
    vote("a", "a", yielded="champion")  # both had the same to say
    vote("b", None, judge="downweighted")
    vote("b", "b")
    store.annotations.withdraw("k7")
    pending_world, pending = vote("b", "b")
    pending_world.feedback.prefer(pending.id, "U_BOB", "a1", "button", "not judged yet")

    votes = live_votes(store, store.registry.aliases(), store.registry.log(challenged)[-1].at)

    assert [(one.challenger, one.preferred) for one in votes] == [("a", "a"), ("b", None), ("b", "b")]


def test_an_agent_has_one_vote_a_case_the_last(store, challenged, vote, watch):
    world, _ = vote("a", "a")
    revised = world.revise()
    world.feedback.prefer(revised.id, "U_ANN", "b3", "button", "again")
    _judged(store, "again", "accepted")

    votes = live_votes(store, store.registry.aliases(), store.registry.log(challenged)[-1].at)

    assert [(one.challenger, one.preferred) for one in votes] == [("a", "b")]


def test_what_was_said_before_it_was_challenger_does_not_count(store, watch, vote):
    bundle = store.registry.register(NewBundle(0, {}, "hash", {}, "superior", "Better.", "k1"), [])
    vote("a", "a")
    store.registry.challenge(bundle.version, 1.0, "gate", "Better.")

    assert compare_live(store, ask_nothing).wins == 0


def test_votes_that_go_by_the_place_raise_an_alarm_once(store, challenged, vote):
    for number in range(24):
        vote("a" if number % 2 else "b", "a", agent=f"U{number}")

    for _ in range(2):
        assert compare_live(store, ask_nothing).call == "keep collecting"

    [told] = leads_were_told(store)
    assert told.startswith("Preferences go by the place: draft A won 24 of 24 comparisons, ")


def test_without_a_challenger_there_is_nothing_to_compare(store):
    assert compare_live(store, ask_nothing) is None
