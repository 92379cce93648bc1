"""Housekeeping: within a day nothing that a person wrote is kept as it was written."""

from __future__ import annotations

from datetime import timedelta

from bot.catch_up import OLDEST
from bot.housekeeping import EVERY_S, KEPT, REMEMBERED, Housekeeping

WORDS = "Write to jo@mail.example."


def test_nothing_raw_grows_older_than_a_day_even_when_a_round_fails():
    assert KEPT + 2 * timedelta(seconds=EVERY_S) < timedelta(hours=24)


def test_a_round_forgets_what_came_in_and_what_was_to_go_out(store, watch):
    store.inbox.put("in", "message", "events", {"text": WORDS})
    store.inbox.put("ours", "draft", "drafts", {"case_id": "case_1"})
    store.outbox.put("out", "chat.postMessage", {"channel": "C1", "text": WORDS})
    watch.advance(KEPT.total_seconds() + 1)

    Housekeeping(store, watch).tidy()

    assert [work.key for work in store.inbox.parked()] == ["in"]
    assert [sending.key for sending in store.outbox.parked()] == ["out"]
    assert store.inbox.pending("drafts") == 1


def test_a_reply_that_could_not_be_posted_in_time_is_not_posted_redacted(world, store, watch):
    outcome = world.feedback.adopt(world.suggestion.id, "U_ANN", "a", "modal", "k1", final=WORDS)
    store.outbox.put("reply", "chat.postMessage", {}, subject="k1", purpose="reply")
    assert outcome.reply.text == WORDS
    watch.advance(KEPT.total_seconds() + 1)

    Housekeeping(store, watch).tidy()

    assert store.replies.by_key("k1").text == "Write to [email]."
    assert store.cases.get(world.case.id).status == "open"  # nobody has answered it
    assert [sending.key for sending in store.outbox.parked()] == ["reply"]
    assert store.outbox.claim("s1", 30) == []


def test_old_cases_lose_their_words_where_that_is_set(world, store, watch):
    watch.advance(31 * 24 * 3600)

    Housekeeping(store, watch).tidy()
    assert store.cases.get(world.case.id).text == "Where is my refund?"

    Housekeeping(store, watch, retention_days=30).tidy()
    assert store.cases.get(world.case.id).text == ""


def test_what_was_received_and_sent_is_remembered_longer_than_anybody_looks_back(store, watch):
    store.inbox.put("in", "message", "events", {})
    [work] = store.inbox.claim("events", "w1", 30)
    store.inbox.finish(work.id)
    store.outbox.put("out", "chat.postMessage", {})
    [sending] = store.outbox.claim("s1", 30)
    store.outbox.finish(sending.id)

    watch.advance(OLDEST.total_seconds() * 1.5)
    Housekeeping(store, watch).tidy()
    again = (store.inbox.put("in", "message", "events", {}), store.outbox.put("out", "chat.postMessage", {}))
    watch.advance(REMEMBERED.total_seconds())
    Housekeeping(store, watch).tidy()

    assert again == (False, False)
    assert store.inbox.put("in", "message", "events", {})
    assert store.outbox.put("out", "chat.postMessage", {})


def test_a_round_counts_the_days_that_are_over_so_that_nobody_who_asks_waits(world, store, watch):
    watch.advance(12 * 86400)

    Housekeeping(store, watch).tidy()

    assert store.metrics.keep_days(1) == 0
