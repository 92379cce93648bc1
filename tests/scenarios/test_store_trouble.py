"""The database is locked, or its disk is full: what is not kept is not acknowledged, and later nothing is missing."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from bot.sandbox import Sandbox
from bot.sandbox.patience import Patience
from core.store import database
from tests.scenarios.conftest import payload_of, said
from tests.scenarios.harness.hasty_clock import HastyClock

ACK_WITHIN_MS = 2500
HASTE_MS = 2000
PLENTY = 1_000_000


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Its retries after a minute come after three seconds; what it delivers waits as long as ever for the database."""
    monkeypatch.setattr(database, "HASTE_MS", HASTE_MS)
    with Sandbox(clock=HastyClock()) as sandbox:
        yield sandbox


@pytest.fixture
def forgiven() -> frozenset[str]:
    """What cannot be kept is not acknowledged."""
    return frozenset({"unacked"})


@contextmanager
def locked(scene: Any) -> Iterator[None]:
    """Somebody else writes into the database and does not end."""
    other = sqlite3.connect(scene.parts.settings.home / "aitl.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def disk(scene: Any) -> Callable[[str], None]:
    """Makes the disk "full" or gives it "space" again."""
    pages = [PLENTY]

    @event.listens_for(scene.store.engine, "checkout")
    def limit(connection: Any, record: Any, proxy: Any) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages[0]}")

    def change(state: str) -> None:
        pages[0] = 1 if state == "full" else PLENTY  # below what is in use it means: not one more

    return change


def suggestions(scene: Any, thread_ts: str) -> int:
    messages = scene.person("ada").messages("support-cases", thread_ts)
    return sum(bool(payload_of(one, "aitl_suggestion")) for one in messages)


def late(slack: Sandbox) -> list[Any]:
    return [
        one for one in slack.deliveries if one.acked_ms is not None and one.acked_ms > ACK_WITHIN_MS * Patience.times
    ]


@pytest.mark.slow
def test_a_case_that_comes_while_the_database_is_locked_is_delivered_again(scene: Any, slack: Sandbox) -> None:
    with locked(scene):
        thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
        scene.eventually(lambda: len(_attempts(slack, thread_ts)) >= 2, "a second delivery")
        assert [one.acked_ms for one in _attempts(slack, thread_ts)[:1]] == [None]

    scene.suggestion(thread_ts)
    scene.quiet()
    assert (scene.store.cases.count(), suggestions(scene, thread_ts)) == (1, 1)
    assert late(slack) == []


@pytest.mark.slow
def test_a_click_while_the_database_is_locked_fails_before_the_agents_eyes_and_is_not_done(
    scene: Any, slack: Sandbox
) -> None:
    thread_ts, message = scene.post_case()
    scene.quiet()
    with locked(scene):
        answer = scene.person("ada").click(scene.cases, message["ts"], "preference.a3")
        told = scene.note("ada", thread_ts, "the database did not answer")
    assert answer["acked"] is False
    assert "(ref " in told["text"]

    scene.click("ada", message, "preference.b2")

    scene.note("ada", thread_ts, "B is better")
    scene.quiet()
    (preference,) = list(scene.store.annotations.all("preference"))
    assert preference.chosen_slot == "b"
    assert late(slack) == []


def test_a_short_lock_only_makes_a_click_wait(scene: Any, slack: Sandbox) -> None:
    thread_ts, message = scene.post_case()
    scene.quiet()
    with ThreadPoolExecutor(1) as ada, locked(scene):
        click = ada.submit(scene.click, "ada", message, "preference.a3")
        time.sleep(1.0)

    assert click.result()["acked"]
    scene.note("ada", thread_ts, "A is much better")
    assert late(slack) == []


@pytest.mark.slow
def test_work_at_hand_when_the_database_is_locked_is_done_soon_afterwards(scene: Any, caplog: Any) -> None:
    locks: list[Any] = []

    def lock_while_drafting(case: Any) -> None:
        if not locks:
            locks.append(locked(scene))
            locks[0].__enter__()

    scene.parts.suggester.before = lock_while_drafting
    thread_ts = scene.person("ben").post("support-cases", "When will I get my refund?")
    scene.eventually(lambda: "working off the inbox failed" in caplog.text, "a worker to be unable to note its failure")
    locks[0].__exit__(None, None, None)

    message = scene.suggestion(thread_ts)
    scene.click("ada", message, "use.a")
    scene.reply(thread_ts, lambda one: bool(payload_of(one, "aitl_reply")))
    scene.quiet()
    assert scene.bot.faults() == []
    assert suggestions(scene, thread_ts) == 1


@pytest.mark.slow
def test_what_comes_while_the_disk_is_full_is_there_when_it_has_space_again(
    scene: Any, slack: Sandbox, disk: Callable[[str], None]
) -> None:
    first_ts, message = scene.post_case()
    scene.quiet()

    disk("full")
    second_ts = scene.person("ben").post("support-cases", "How do I cancel a booking?" + " Please!" * 700)
    scene.eventually(lambda: len(_attempts(slack, second_ts)) >= 2, "a second delivery")
    answer = scene.person("ada").click(scene.cases, message["ts"], "use.a")
    disk("space")

    scene.suggestion(second_ts)
    scene.quiet()
    assert suggestions(scene, second_ts) == 1
    kept = list(scene.store.annotations.all("adoption"))
    assert len(kept) == (1 if answer["acked"] else 0)
    scene.click("ben", message, "use.b")
    scene.quiet()
    assert scene.store.inbox.parked() == []
    assert scene.store.outbox.parked() == []
    assert "Sent" in said(scene.message(message["ts"], lambda one: "Sent" in said(one)))
    assert first_ts


def _attempts(slack: Sandbox, ts: str) -> list[Any]:
    return [one for one in slack.deliveries if one.payload.get("event", {}).get("ts") == ts]
