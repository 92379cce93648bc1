"""What happened while the bot was away is found in the channels: once, oldest first, as it stands now."""

from __future__ import annotations

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from bot.app import Bot
from bot.http_mode import Address, over_http
from tests.scenarios.harness.word_overlap import WordOverlapSuggester

QUESTIONS = ("When will I get my refund?", "How do I cancel my booking?", "When is my deposit released?")


@pytest.fixture
def leave(play: Callable[..., Any]) -> Callable[..., Any]:
    """A bot that has been here, and is gone again."""

    def run(**changes: Any) -> Any:
        scene = play(**changes)
        scene.eventually(lambda: scene.store.marks.of(team(scene)), "the first mark")
        scene.quiet()
        scene.bot.stop()
        return scene

    return run


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def events_lost(slack: Any) -> Iterator[None]:
    """Whatever happens inside is never delivered."""
    slack.hold_events()
    yield
    slack.release_events(copies=0)


def team(scene: Any) -> str:
    return str(scene.bot._desk.identity.team_id)


def suggestions(scene: Any, thread_ts: str) -> list[int]:
    """The revisions that stand in a thread."""
    metadata = [one.get("metadata") or {} for one in scene.person("ada").messages("support-cases", thread_ts)]
    return [one["event_payload"]["revision"] for one in metadata if one.get("event_type") == "aitl_suggestion"]


def test_cases_posted_while_it_was_away_are_drafted_oldest_first(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    with events_lost(slack):
        threads = [away.person("ben").post("support-cases", question) for question in QUESTIONS]

    back = play()

    for thread_ts in threads:
        back.suggestion(thread_ts)
    assert [case.thread_ts for case in reversed(back.store.cases.recent(10))] == threads


def test_the_event_that_still_arrives_changes_nothing(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    slack.hold_events()
    thread_ts = away.person("ben").post("support-cases", QUESTIONS[0])
    back = play()
    back.suggestion(thread_ts)

    slack.release_events(copies=3)
    back.eventually(lambda: sum(one.payload["event"].get("ts") == thread_ts for one in slack.deliveries) == 3, "events")
    back.quiet()

    assert back.store.cases.count() == 1
    assert suggestions(back, thread_ts) == [1]


def test_where_it_never_was_before_the_time_begins_now(play: Any, slack: Any) -> None:
    with events_lost(slack):
        slack.person("ben").post("support-cases", QUESTIONS[0])

    scene = play()
    scene.eventually(lambda: scene.store.marks.of(team(scene)), "the first mark")
    thread_ts, _ = scene.post_case(QUESTIONS[1])

    assert [case.thread_ts for case in scene.store.cases.recent(10)] == [thread_ts]


def test_a_customer_who_wrote_again_meanwhile_gets_new_drafts(leave: Any, play: Any, slack: Any) -> None:
    scene = play()
    thread_ts, _ = scene.post_case(QUESTIONS[0])
    scene.quiet()
    scene.bot.stop()
    with events_lost(slack):
        scene.person("ben").post("support-cases", "It was paid by card.", thread_ts)
        scene.person("ada").post("support-cases", "Let me look into it.", thread_ts)

    back = play()

    back.suggestion(thread_ts, revision=2)
    back.quiet()
    (case,) = back.store.cases.recent(10)
    assert [(turn.role, turn.text) for turn in case.turns] == [
        ("customer", QUESTIONS[0]),
        ("customer", "It was paid by card."),
        ("agent", "Let me look into it."),
    ]


def test_a_case_and_what_its_customer_added_are_found_together(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    with events_lost(slack):
        thread_ts = away.person("ben").post("support-cases", QUESTIONS[0])
        away.person("ben").post("support-cases", "It was paid by card.", thread_ts)

    back = play()

    def drafted() -> list[str]:
        cases = back.store.cases.recent(10)
        latest = back.store.suggestions.latest(cases[0].id) if cases else None
        return [turn.text for turn in latest.turns] if latest else []

    back.eventually(lambda: drafted() == [QUESTIONS[0], "It was paid by card."], "drafts for both messages")


def test_what_was_edited_meanwhile_is_taken_as_it_stands(leave: Any, play: Any, slack: Any) -> None:
    scene = play()
    known, _ = scene.post_case(QUESTIONS[0])
    scene.quiet()
    scene.bot.stop()
    ben = scene.person("ben")
    with events_lost(slack):
        unknown = ben.post("support-cases", "How do I")
        ben.edit("support-cases", unknown, QUESTIONS[1])
        ben.edit("support-cases", known, QUESTIONS[2])

    back = play()

    back.suggestion(unknown)
    back.suggestion(known, revision=2)
    back.quiet()
    texts = {case.thread_ts: case.turns[0].text for case in back.store.cases.recent(10)}
    assert texts == {unknown: QUESTIONS[1], known: QUESTIONS[2]}


def test_what_was_deleted_meanwhile_is_withdrawn_or_never_seen(leave: Any, play: Any, slack: Any) -> None:
    scene = play()
    known, _ = scene.post_case(QUESTIONS[0])
    scene.quiet()
    scene.bot.stop()
    ben = scene.person("ben")
    with events_lost(slack):
        ben.delete("support-cases", ben.post("support-cases", QUESTIONS[1]))
        ben.delete("support-cases", known)

    back = play()

    back.eventually(lambda: [one.status for one in back.store.cases.recent(10)] == ["withdrawn"], "the withdrawal")


def test_a_case_whose_message_is_gone_without_a_trace_is_withdrawn(play: Any, slack: Any) -> None:
    def fail(case: Any) -> None:
        raise RuntimeError("not now")

    scene = play(suggester=WordOverlapSuggester(before=fail))
    scene.eventually(lambda: scene.store.marks.of(team(scene)), "the first mark")
    thread_ts = scene.person("ben").post("support-cases", QUESTIONS[0])
    scene.eventually(lambda: scene.store.cases.count() == 1, "the case")
    scene.bot.stop()
    with events_lost(slack):
        scene.person("ben").delete("support-cases", thread_ts)

    back = play(suggester=WordOverlapSuggester(before=lambda case: time.sleep(2)))

    back.eventually(lambda: [one.status for one in back.store.cases.recent(10)] == ["withdrawn"], "the withdrawal")
    back.quiet()


def test_only_watched_channels_are_read_and_one_it_is_not_in_is_left_alone(leave: Any, play: Any, slack: Any) -> None:
    ada = slack.person("ada")
    elsewhere, unwatched = ada.create_channel("elsewhere"), ada.create_channel("unwatched")
    ada.invite(unwatched, slack.bot_user_id)
    watched = {"case_channels": (slack.channel("support-cases").id, elsewhere)}
    away = leave(**watched)
    with events_lost(slack):
        ada.post(elsewhere, QUESTIONS[0])
        ada.post(unwatched, QUESTIONS[0])
        thread_ts = away.person("ben").post("support-cases", QUESTIONS[1])

    back = play(**watched)

    back.suggestion(thread_ts)
    assert back.store.cases.count() == 1
    read = {call.args["channel"] for call in slack.calls if call.method == "conversations.history"}
    assert read == {slack.channel("support-cases").id, elsewhere}


def test_many_pages_are_read_at_the_pace_that_slack_allows(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    with events_lost(slack):
        first = away.person("ben").post("support-cases", QUESTIONS[0])
        for number in range(410):
            away.person("helpdesk").post("support-cases", f"Just talking, {number}")
    slack.fail_next("conversations.history", error="ratelimited", retry_after_s=2)

    back = play()
    back.eventually(lambda: back.store.cases.by_thread(team(back), back.cases, first), "the case")

    pages = [call for call in slack.calls if call.method == "conversations.history" and call.response["ok"]]
    assert len(pages) == 3


def test_what_a_stop_interrupts_is_read_again_by_the_next_start(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    with events_lost(slack):
        thread_ts = away.person("ben").post("support-cases", QUESTIONS[0])
    slack.fail_next("conversations.history", status=500, times=1)
    interrupted = play()
    interrupted.eventually(lambda: any(call.method == "conversations.history" for call in slack.calls), "the attempt")
    interrupted.bot.stop()

    back = play()

    back.suggestion(thread_ts)


def test_a_bot_that_receives_over_http_looks_too(leave: Any, open_parts: Any, slack: Any, free_port: int) -> None:
    away = leave()
    with events_lost(slack):
        thread_ts = away.person("ben").post("support-cases", QUESTIONS[0])
    parts = open_parts()
    bot = Bot(parts.settings, parts, over_http(Address("127.0.0.1", free_port)))

    bot.start()
    try:
        away.suggestion(thread_ts)
    finally:
        bot.stop()


def test_a_channel_that_cannot_be_read_is_tried_again(leave: Any, play: Any, slack: Any) -> None:
    away = leave()
    with events_lost(slack):
        thread_ts = away.person("ben").post("support-cases", QUESTIONS[0])
    slack.fail_next("conversations.history", error="internal_error")

    back = play()

    back.suggestion(thread_ts)


@pytest.mark.slow
def test_what_the_database_could_not_keep_is_found_once_it_answers_again(
    scene: Any, slack: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.catch_up.EVERY_S", 0.5)
    scene.eventually(lambda: scene.store.marks.of(team(scene)), "the first mark")
    scene.quiet()
    other = sqlite3.connect(scene.parts.settings.home / "aitl.db", isolation_level=None)
    with closing(other), events_lost(slack):
        other.execute("BEGIN IMMEDIATE")
        scene.bot.catch_up()  # the next round is near
        thread_ts = scene.person("ben").post("support-cases", QUESTIONS[0])
        scene.eventually(lambda: "catching up failed" in caplog.text, "a round that fails")
        other.execute("ROLLBACK")

    scene.suggestion(thread_ts)


def test_clicks_do_not_wait_for_it(leave: Any, play: Any, slack: Any) -> None:
    scene = play()
    _, message = scene.post_case(QUESTIONS[0])
    scene.quiet()
    scene.bot.stop()
    slack.fail_next("conversations.history", delay_s=8)
    back = play()

    back.click("ada", message, "preference.a3")

    back.eventually(lambda: list(back.store.annotations.all("preference")), "the preference")


def test_after_a_time_without_any_connection_it_looks_too(
    play: Any, slack: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.socket_mode.GAP_S", 0.5)
    scene = play()
    scene.eventually(lambda: scene.store.marks.of(team(scene)), "the first mark")
    slack.fail_next("apps.connections.open", error="ratelimited", retry_after_s=3)
    with events_lost(slack):
        slack.disconnect_sockets(abrupt=True)
        thread_ts = scene.person("ben").post("support-cases", QUESTIONS[0])

    scene.suggestion(thread_ts)
