"""A whole bot against the local Slack: real sockets, a real SQLite file, a small working suggester."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import Bot
from bot.receiver import MakeReceiver
from bot.sandbox import Person, Sandbox, wait_for
from bot.socket_mode import open_sockets
from core.clock import Clock
from core.feedback import Feedback
from core.gap_queue import GapQueue
from core.judge.notes import NoteReader
from core.redaction import redact
from core.registry.bundle import MODELS_FOLDER
from core.settings import Secret, Settings
from core.store import Store, make_engine, upgrade
from tests.scenarios.harness.quiet import is_quiet
from tests.scenarios.harness.small_gap_queue import small_gap_queue
from tests.scenarios.harness.word_overlap import WordOverlapSuggester


@dataclass(frozen=True)
class Parts:
    """What the bot is handed."""

    settings: Settings
    store: Store
    feedback: Feedback
    clock: Clock
    suggester: WordOverlapSuggester
    gaps: GapQueue
    notes: NoteReader | None = None


@dataclass
class Scene:
    """The local Slack with the bot in it, and words for what tests do again and again."""

    slack: Sandbox
    parts: Parts
    bot: Bot
    people: dict[str, Person] = field(default_factory=dict)
    farewells: list[str] = field(default_factory=list)  # why the bot gave up

    @property
    def store(self) -> Store:
        return self.parts.store

    @property
    def cases(self) -> str:
        return self.slack.channel("support-cases").id

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = self.slack.person(name)
        return self.people[name]

    def post_case(self, text: str = "When will I get my refund?", by: str = "ben") -> tuple[str, dict[str, Any]]:
        """The case's thread, and its suggestion message."""
        thread_ts = self.person(by).post("support-cases", text)
        return thread_ts, self.suggestion(thread_ts)

    def suggestion(self, thread_ts: str, revision: int = 1) -> dict[str, Any]:
        """The suggestion message of a revision."""
        return self.reply(thread_ts, lambda one: payload_of(one, "aitl_suggestion").get("revision") == revision)

    def reply(self, thread_ts: str, wanted: Callable[[dict[str, Any]], bool], by: str = "ada") -> dict[str, Any]:
        return self.person(by).wait_for_reply("support-cases", thread_ts, wanted, timeout_s=20)

    def note(self, by: str, thread_ts: str, words: str) -> dict[str, Any]:
        """A private message to this person."""
        return self.reply(thread_ts, lambda one: bool(one.get("is_ephemeral")) and words in said(one), by)

    def whispers(self, by: str) -> list[dict[str, Any]]:
        """What only this person sees in the channel itself, such as answers to commands."""
        return [one for one in self.person(by).messages("support-cases") if one.get("is_ephemeral")]

    def whisper(self, by: str, words: str) -> dict[str, Any]:
        """One of them, once it is there."""

        def look() -> dict[str, Any] | None:
            return next((one for one in self.whispers(by) if words in said(one)), None)

        return wait_for(look, 20, f"{words!r} for {by}")

    def click(self, by: str, message: dict[str, Any], action: str, value: Any = None) -> dict[str, Any]:
        answer = self.person(by).click(message.get("channel", self.cases), message["ts"], action, value)
        assert answer["acked"], answer
        return answer

    def message(self, ts: str, wanted: Callable[[dict[str, Any]], bool], by: str = "ada") -> dict[str, Any]:
        """A message, once it has become as wanted."""

        def look() -> dict[str, Any] | None:
            message = self.person(by).message("support-cases", ts)
            return message if wanted(message) else None

        return wait_for(look, 20, f"message {ts} to change")

    def eventually(self, look: Callable[[], Any], what: str) -> Any:
        return wait_for(look, 20, what)

    def quiet(self) -> None:
        """Wait until all work is done."""
        wait_for(lambda: is_quiet(self.store), 20, "all work to be done")


def payload_of(message: dict[str, Any], event_type: str) -> dict[str, Any]:
    """The metadata of our own messages; {} for others."""
    metadata = message.get("metadata") or {}
    return metadata.get("event_payload", {}) if metadata.get("event_type") == event_type else {}


def said(message: dict[str, Any]) -> str:
    """All words of a message."""
    parts = [message.get("text", "")]

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("text"), str):
                parts.append(part["text"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for item in part:
                walk(item)

    walk(message.get("blocks"))
    return "\n".join(parts)


def actions_of(message: dict[str, Any]) -> list[str]:
    """The action ids of a message, in order."""
    blocks = message.get("blocks") or []
    controls = [control for block in blocks for control in (*block.get("elements", ()), block.get("accessory") or {})]
    return [control["action_id"] for control in controls if "action_id" in control]


@pytest.fixture
def slack() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def settings(slack: Sandbox, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'aitl.db'}",
        slack_api_url=slack.api_url,
        slack_bot_token=Secret(slack.bot_token),
        slack_app_token=Secret(slack.app_token),
        slack_signing_secret=Secret(slack.signing_secret),
        case_channels=(slack.channel("support-cases").id,),
        leads=(slack.user("lea").id,),
        audit_share=0.0,  # what is drawn depends on ids that are different each time
    )


@pytest.fixture
def open_parts(settings: Settings) -> Iterator[Callable[..., Parts]]:
    """Makes the services of one bot; several bots of one test share the database file."""
    engine = make_engine(settings.database_url)
    upgrade(engine)

    def make(**changes: Any) -> Parts:
        clock: Clock = lambda: datetime.now(UTC)  # noqa: E731
        store = Store(engine, clock, models=settings.home / MODELS_FOLDER)
        changed = replace(settings, **changes)
        gaps = small_gap_queue(changed, store, clock)
        return Parts(changed, store, Feedback(store, clock, redact), clock, WordOverlapSuggester(), gaps)

    yield make
    engine.dispose()


@pytest.fixture
def forgiven() -> frozenset[str]:
    """The rules of Slack that a test makes the bot break; a file of such tests overrides this."""
    return frozenset()


@pytest.fixture
def play(slack: Sandbox, open_parts: Callable[..., Parts], forgiven: frozenset[str]) -> Iterator[Callable[..., Scene]]:
    """Starts a bot with these settings; stopped at the end, after which no other rule of Slack may be broken."""
    if forgiven:
        slack.expect_violations(*forgiven)
    scenes: list[Scene] = []

    def start(
        suggester: WordOverlapSuggester | None = None, make_receiver: MakeReceiver = open_sockets, **changes: Any
    ) -> Scene:
        parts = open_parts(**changes)
        if suggester is not None:
            parts = replace(parts, suggester=suggester)
        farewells: list[str] = []
        bot = Bot(parts.settings, parts, make_receiver, give_up=farewells.append)
        bot.start()
        scenes.append(Scene(slack, parts, bot, farewells=farewells))
        return scenes[-1]

    yield start
    for scene in scenes:
        scene.bot.stop()
        for person in scene.people.values():
            person.close()


@pytest.fixture
def scene(play: Callable[..., Scene], caplog: pytest.LogCaptureFixture) -> Scene:
    caplog.set_level(logging.INFO, "aitl")
    return play()
