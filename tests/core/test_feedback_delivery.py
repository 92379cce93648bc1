"""Clicks may arrive twice, late and out of order: what stands at the end is what was clicked."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.annotations import Preference

# Every example opens a case of its own in the database that the test was given.
THREADS = itertools.count(100)
EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

agents = st.sampled_from(["U_ANN", "U_BEN"])
seconds = st.integers(0, 20)
judgements = st.one_of(
    st.tuples(st.just("prefer"), agents, seconds, st.sampled_from(["a3", "a1", "tie", "b2"])),
    st.tuples(st.just("react"), agents, seconds, st.sampled_from(["a2", "b2"])),
    st.tuples(st.just("unreact"), agents, seconds, st.sampled_from(["a2", "b2"])),
    st.tuples(st.just("mark"), agents, seconds, st.tuples(st.integers(1, 2), st.sampled_from(["helpful", "outdated"]))),
    st.tuples(st.just("clear"), agents, seconds, st.integers(1, 2)),
    st.tuples(st.just("reject"), agents, seconds, st.just("")),
    st.tuples(st.just("gap"), agents, seconds, st.just("")),
    st.tuples(st.just("withdraw"), agents, seconds, st.integers(0, 9)),
)


def judge(world, number, click):
    """One click, as its listener would hand it over."""
    kind, agent, second, what = click
    key, at, where = (
        f"{world.case.id}:{number}",
        world.suggestion.created_at + timedelta(seconds=second),
        world.suggestion.id,
    )
    feedback = world.feedback
    if kind == "prefer":
        feedback.prefer(where, agent, what, "button", key, at=at)
    elif kind == "react":
        feedback.prefer(where, agent, what, "reaction", key, at=at, group=f"{world.case.id}:{agent}:{what}")
    elif kind == "unreact":
        feedback.withdraw_group(f"{world.case.id}:{agent}:{what}", key, at=at)
    elif kind == "mark":
        feedback.mark(where, agent, what[0], what[1], "button", key, at=at)
    elif kind == "clear":
        feedback.mark(where, agent, what, "clear", "button", key, at=at)
    elif kind == "reject":
        feedback.reject(where, agent, ["tone"], None, None, "modal", key, at=at)
    elif kind == "gap":
        feedback.report_gap(where, agent, "Winter", "missing", None, "modal", key, at=at)
    else:
        feedback.withdraw(f"{world.case.id}:{what}", at=at)


def on_record(world):
    """All that is stored about the case, but for the ids that differ between two runs."""
    own = {"id", "case_id", "suggestion_id", "key"}
    return {
        one.key.removeprefix(f"{world.case.id}:"): one.model_dump(exclude=own)
        for one in world.store.annotations.of_case(world.case.id, everything=True)
    }


@pytest.mark.slow
@EXAMPLES
@given(data=st.data(), clicks=st.lists(judgements, max_size=10))
def test_duplicates_and_any_order_end_as_one_run_in_order(new_world, data, clicks):
    numbered = list(enumerate(clicks))
    in_order, disturbed = (new_world(f"{next(THREADS)}.0") for _ in range(2))
    deliveries = data.draw(
        st.permutations(numbered + data.draw(st.lists(st.sampled_from(numbered), max_size=6)) if clicks else [])
    )

    for number, click in sorted(numbered, key=lambda one: one[1][2]):
        judge(in_order, number, click)
    for number, click in deliveries:
        judge(disturbed, number, click)

    assert on_record(disturbed) == on_record(in_order)


@pytest.mark.slow
@EXAMPLES
@given(clicks=st.lists(judgements, max_size=10))
def test_one_choice_of_an_agent_stands_per_topic_and_it_is_the_latest(new_world, clicks):
    world = new_world(f"{next(THREADS)}.0")

    for number, click in enumerate(clicks):
        judge(world, number, click)

    chosen = [
        (second, f"{world.case.id}:{number}")
        for number, (kind, agent, second, _) in enumerate(clicks)
        if agent == "U_ANN" and kind in ("prefer", "react")
    ]
    standing = [
        one.key for one in world.feedback.agent_view(world.suggestion.id, "U_ANN") if isinstance(one, Preference)
    ]
    assert standing in ([], [max(chosen)[1]] if chosen else [])


sends = st.lists(
    st.one_of(
        st.tuples(st.just("adopt"), agents, st.sampled_from(["a", "b"])),
        st.tuples(st.just("anyway"), agents, st.integers(0, 5)),
        st.tuples(st.just("posted"), agents, st.integers(0, 5)),
        st.tuples(st.just("undo"), agents, st.integers(0, 5)),
    ),
    max_size=8,
)


@pytest.mark.slow
@EXAMPLES
@given(data=st.data(), clicks=sends)
def test_sending_twice_sends_once(new_world, data, clicks):
    once, often = (new_world(f"{next(THREADS)}.0") for _ in range(2))
    again = [data.draw(st.lists(st.integers(0, number), max_size=2)) for number in range(len(clicks))]

    for number, click in enumerate(clicks):
        send(once, number, click)
    for number, click in enumerate(clicks):
        send(often, number, click)
        for earlier in again[number]:
            send(often, earlier, clicks[earlier])

    assert sent(often) == sent(once)
    assert on_record(often) == on_record(once)


def send(world, number, click):
    """One click that sends or takes back; `what` names an earlier one by its number."""
    kind, agent, what = click
    key, now = f"{world.case.id}:{number}", world.clock()
    earlier = f"{world.case.id}:{what}"
    replies, feedback = world.store.replies, world.feedback
    if kind == "adopt":
        feedback.adopt(world.suggestion.id, agent, what, "button", key)
        return
    # A button that acts on something appears once that is there.
    reply = replies.by_key(earlier) if what < number else None
    held = world.store.held_replies.by_key(earlier) if what < number else None
    if kind == "posted" and reply is not None:
        replies.mark_posted(earlier, "C1", f"{what}.5", now)
    elif kind == "undo" and reply is not None:
        feedback.undo(earlier, reply.agent_id, now)
    elif kind == "anyway" and held is not None and (held.final or replies.by_key(key) is not None):
        feedback.send_held(held.id, held.agent_id, key)


def sent(world):
    """The replies, who answered, and what is held."""
    case = world.store.cases.get(world.case.id)
    replies = {
        reply.adoption_key.removeprefix(f"{world.case.id}:"): (reply.agent_id, reply.text, reply.state, reply.ts)
        for reply in world.store.replies.of_case(world.case.id)
    }
    return replies, case.status, case.answered_by
