"""kill -9 at random moments, twenty cases in flight and clicks arriving: nothing is lost, nothing is done twice.

`pytest tests/scenarios/test_kill.py --seeds 20` tries twenty different sequences of moments; without it, three.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import Person, Sandbox, wait_for
from core.annotations import Adoption, Annotation, MissingKnowledge, Preference, Relevance
from core.bootstrap import open_store
from core.settings import Settings
from core.store import Store
from core.values import Case
from tests.scenarios.harness.bot_process import BotProcess
from tests.scenarios.harness.clickers import Click, Clicker
from tests.scenarios.harness.hasty_clock import HastyClock
from tests.scenarios.harness.quiet import is_quiet

CASES, CHANNELS, KILLS = 20, 5, 6


@dataclass(frozen=True)
class Field:
    """Where it happens: the local Slack, its case channels, the bot's environment and log."""

    slack: Sandbox
    channels: tuple[str, ...]
    environ: dict[str, str]
    log: Path


@pytest.fixture
def field(tmp_path: Path) -> Iterator[Field]:
    # The bot paces itself per process: Slack's own count over all processes would only make the test slow.
    with Sandbox(clock=HastyClock(), rate_limits=False) as slack:
        channels = tuple(_channel(slack, f"cases-{n}") for n in range(CHANNELS))
        environ = {
            "AITL_HOME": str(tmp_path),
            "AITL_SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "AITL_CASE_CHANNELS": ",".join(channels),
        }
        yield Field(slack, channels, environ, tmp_path / "bot.log")


def _channel(slack: Sandbox, name: str) -> str:
    lea = slack.person("lea")
    channel = lea.create_channel(name)
    for one in ("ada", "ben", "customer"):
        lea.invite(channel, slack.user(one).id)
    lea.invite(channel, slack.bot_user_id)
    return channel


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_bot_that_is_killed_again_and_again_loses_nothing_and_doubles_nothing(field: Field, seed: int) -> None:
    clickers = [Clicker(field.slack, field.slack.person(name), seed) for name in ("ada", "ben")]

    with ThreadPoolExecutor(len(clickers)) as people:
        threads = _post_cases(field.slack.person("customer"), field.channels, seed)
        busy = [people.submit(_work_all, clicker, threads[n::2]) for n, clicker in enumerate(clickers)]
        _kill_again_and_again(field, seed)
        with BotProcess(field.environ, field.log) as survivor:
            survivor.wait_until_ready()
            for one in busy:
                one.result()
            _all_has_come_to_its_end(field, survivor, clickers)
    assert field.slack.violations == []


def _all_has_come_to_its_end(field: Field, survivor: BotProcess, clickers: list[Clicker]) -> None:
    clicks = [click for clicker in clickers for click in clicker.clicks]
    with open_store(Settings.from_environment(field.environ)) as store:
        wait_for(lambda: store.cases.count() == CASES and is_quiet(store), 180, "all work to be done")
        wait_for(lambda: all(_traces(store, click) for click in clicks if click.acked), 60, "every acknowledged click")
        wait_for(lambda: is_quiet(store), 60, "all work to be done")
        assert survivor.stop() == 0
        _nothing_is_parked(store)
        _every_revision_stands_once(store, field.slack)
        _every_click_left_one_trace_or_none(store, clicks)
        _every_adoption_is_one_reply(store, field.slack)


def _post_cases(customer: Person, channels: tuple[str, ...], seed: int) -> list[tuple[str, str]]:
    """Channel and thread of each: all there before the first drafts are."""
    questions = ("When will I get my refund?", "How do I cancel a booking?", "When is my deposit released?")
    chance = random.Random(seed)
    places = [channels[n % len(channels)] for n in range(CASES)]
    return [(place, customer.post(place, f"{chance.choice(questions)} ({n})")) for n, place in enumerate(places)]


def _work_all(clicker: Clicker, threads: list[tuple[str, str]]) -> None:
    for channel, thread_ts in threads:
        clicker.work(channel, thread_ts)


def _kill_again_and_again(field: Field, seed: int) -> None:
    """Mostly while it works, now and then while it starts."""
    chance = random.Random(f"kill {seed}")
    for _ in range(KILLS):
        with BotProcess(field.environ, field.log) as process:
            if chance.random() < 0.2:
                time.sleep(chance.uniform(0.3, 2.0))
            else:
                process.wait_until_ready()
                time.sleep(chance.uniform(0.0, 2.0))


def _cases(store: Store) -> list[Case]:
    return store.cases.recent(CASES + 1)


def _nothing_is_parked(store: Store) -> None:
    assert store.inbox.parked() == []
    assert store.outbox.parked() == []


def _every_revision_stands_once(store: Store, slack: Sandbox) -> None:
    ada = slack.person("ada")
    assert store.cases.count() == CASES
    for case in _cases(store):
        revisions = [suggestion.revision for suggestion in store.suggestions.of_case(case.id)]
        assert revisions == list(range(1, len(revisions) + 1))
        thread = ada.messages(case.channel, case.thread_ts)
        shown = Counter(payload["revision"] for one in thread if (payload := _payload(one, "aitl_suggestion")))
        assert shown[revisions[-1]] == 1, (case.id, shown)
        assert set(shown.values()) == {1}, (case.id, shown)


def _every_click_left_one_trace_or_none(store: Store, clicks: list[Click]) -> None:
    assert len(clicks) >= CASES
    for click in clicks:
        traces = _traces(store, click)
        assert traces == 1 if click.acked else traces <= 1, (click, traces)


def _traces(store: Store, click: Click) -> int:
    """How often the database says that this was done."""
    suggestion = store.suggestions.get(click.suggestion_id)
    if click.kind == "again":
        return sum(one.revision == suggestion.revision + 1 for one in store.suggestions.of_case(suggestion.case_id))
    said = store.annotations.of_case(suggestion.case_id, everything=True)
    return sum(one.agent_id == click.agent and _is_trace(one, click) for one in said)


def _is_trace(annotation: Annotation, click: Click) -> bool:
    match annotation:
        case Preference(source="reaction"):
            return click.kind == "reaction"
        case Preference():
            side = "tie" if annotation.chosen_slot is None else f"{annotation.chosen_slot}{annotation.strength}"
            return click.kind == "preference" and side == click.token
        case Relevance():
            return click.kind == "relevance" and f"{annotation.n}:{annotation.label}" == click.token
        case MissingKnowledge():
            return click.kind == "gap" and click.token in annotation.description
        case Adoption(decision="as_is"):
            return click.kind == "use" and annotation.slot == click.token
        case Adoption():
            return click.kind == "edit" and click.token in str(annotation.final)
    return False


def _every_adoption_is_one_reply(store: Store, slack: Sandbox) -> None:
    """And no reply stands that nobody sent."""
    ada = slack.person("ada")
    for case in _cases(store):
        adoptions = [one for one in store.annotations.of_case(case.id, everything=True) if isinstance(one, Adoption)]
        replies = [reply.ts for reply in store.replies.of_case(case.id)]
        shown = [one["ts"] for one in ada.messages(case.channel, case.thread_ts) if _payload(one, "aitl_reply")]
        assert len(adoptions) == len(replies) == len(shown), (case.id, adoptions, replies, shown)
        assert set(replies) == set(shown), case.id


def _payload(message: dict[str, Any], event_type: str) -> dict[str, Any]:
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}) if metadata.get("event_type") == event_type else {}
