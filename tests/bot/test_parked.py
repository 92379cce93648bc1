"""Work that was given up: what is told of it, and what becomes of it when it is tried again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import NotYet, Unsendable, cause
from bot.parked import describe, parked_work, retry_parked
from core.errors import ModelUnavailable
from core.store import Store

SECRET = "xoxb-and-the-words-of-a-customer"


def give_up(claim: Callable[[], list[Any]], fail: Callable[..., None]) -> None:
    for _ in range(5):
        (one,) = claim()
        fail(one.id, "ModelUnavailable: there is none", -1.0)


def give_up_both(store: Store) -> None:
    give_up(lambda: store.inbox.claim("events", "w", 60), store.inbox.fail)
    give_up(lambda: store.outbox.claim("s", 60), store.outbox.fail)


def test_what_was_given_up_is_told_by_kind_age_reference_and_reason(store: Store, watch: Any) -> None:
    store.inbox.put("k1", "message", "events", {"text": SECRET})
    watch.advance(60 * 60)
    store.outbox.put("k2", "chat.postMessage", {"text": SECRET}, purpose="notice")
    give_up_both(store)
    watch.advance(60 * 90)

    told = describe(parked_work(store, watch()))

    assert told == (
        "sending notice, 90 min old (ref 015f): ModelUnavailable: there is none; "
        "message, 2 h old (ref 6ab9): ModelUnavailable: there is none"
    )


def test_only_the_newest_few_are_told_one_by_one(store: Store, watch: Any) -> None:
    for number in range(7):
        store.inbox.put(f"k{number}", f"kind{number}", "events", {})
        give_up(lambda: store.inbox.claim("events", "w", 60), store.inbox.fail)

    told = describe(parked_work(store, watch()))

    assert told.startswith("kind6,")
    assert told.endswith("; and 2 more")


def test_young_work_is_tried_again_and_old_work_is_dropped(store: Store, watch: Any) -> None:
    store.inbox.put("old", "message", "events", {"text": "old"})
    store.outbox.put("old", "chat.postMessage", {"text": "old"})
    give_up_both(store)
    watch.advance(60 * 60 * 23)
    store.inbox.put("young", "message", "events", {"text": "young"})
    store.outbox.put("young", "chat.postMessage", {"text": "young"})
    give_up_both(store)

    assert retry_parked(store, watch()) == (2, 2)

    assert parked_work(store, watch()) == []
    (work,) = store.inbox.claim("events", "w", 60, limit=9)
    assert (work.key, work.attempts, work.payload) == ("young", 1, {"text": "young"})
    (sending,) = store.outbox.claim("s", 60, limit=9)
    assert (sending.key, sending.attempts, sending.arguments) == ("young", 1, {"text": "young"})
    assert retry_parked(store, watch()) == (0, 0)


def test_an_update_that_waits_again_already_is_made_once(store: Store, watch: Any) -> None:
    store.outbox.put_update("sug_1", "suggestion_update", "sug_1")
    give_up(lambda: store.outbox.claim("s", 60), store.outbox.fail)
    store.outbox.put_update("sug_1", "suggestion_update", "sug_1")

    assert retry_parked(store, watch()) == (1, 0)

    assert len(store.outbox.claim("s", 60, limit=9)) == 1


def test_work_whose_words_are_forgotten_is_not_tried_again(store: Store, watch: Any) -> None:
    store.inbox.put("k", "message", "events", {"text": "words"})
    give_up(lambda: store.inbox.claim("events", "w", 60), store.inbox.fail)
    store.inbox.purge(watch() + timedelta(seconds=1))

    assert retry_parked(store, watch()) == (0, 1)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            SlackApiError(f"about {SECRET}", {"ok": False, "error": "restricted_action"}),
            "Slack answered 'restricted_action'",
        ),
        (ModelUnavailable("the model is not there"), "ModelUnavailable: the model is not there"),
        (NotYet("it is being stored"), "NotYet: it is being stored"),
        (Unsendable("/blocks/0/text: too long"), "Unsendable: /blocks/0/text: too long"),
        (KeyError(SECRET), "KeyError (the log has more)"),
    ],
)
def test_a_cause_never_quotes_a_payload(error: Exception, said: str) -> None:
    assert cause(error) == said
