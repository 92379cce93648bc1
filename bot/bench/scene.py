"""A local Slack with several case channels, and somebody who posts cases into them and waits for the drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

from bot import ids
from bot.sandbox import Person, Sandbox, wait_for
from bot.sandbox.journal import CallRecord
from core.settings import Secret, Settings

# Slack takes one post a second per channel: spread over these, pacing is not what is measured.
CHANNELS = 12
DRAFTED_WITHIN_S = 300.0


@dataclass(frozen=True)
class Scene:
    """The sandbox, the settings that point a bot at it, and one full member who posts."""

    sandbox: Sandbox
    settings: Settings
    author: Person
    channels: tuple[str, ...]
    _next: Iterator[str] = field(repr=False)

    def post(self, text: str) -> tuple[str, str]:
        """A case into the next channel by turns: channel and ts."""
        channel = next(self._next)
        return channel, self.author.post(channel, text)

    def drafted(self, thread_ts: str) -> CallRecord:
        """The call that posted the first drafts of this thread, once it was made."""
        return wait_for(lambda: self.drafts().get(thread_ts), DRAFTED_WITHIN_S, f"the drafts of case {thread_ts}")

    def drafts(self) -> dict[str, CallRecord]:
        """Every call that posted drafts, by its thread."""
        return {record.args["thread_ts"]: record for record in self.sandbox.calls if _posts_drafts(record)}


@contextmanager
def open_scene(home: Path) -> Iterator[Scene]:
    """A sandbox whose case channels the bot has joined; the database and the index lie in `home`."""
    with Sandbox() as sandbox:
        lead, author = sandbox.person("lea"), sandbox.person("ben")
        channels = []
        for number in range(CHANNELS):
            channel = lead.create_channel(f"cases-{number}")
            lead.invite(channel, sandbox.bot_user_id)
            lead.invite(channel, author.user_id)
            channels.append(channel)
        settings = Settings(
            home=home,
            database_url=f"sqlite:///{home / 'aitl.db'}",
            slack_api_url=sandbox.api_url,
            slack_bot_token=Secret(sandbox.bot_token),
            slack_app_token=Secret(sandbox.app_token),
            slack_signing_secret=Secret(sandbox.signing_secret),
            case_channels=tuple(channels),
            leads=(lead.user_id,),
        )
        yield Scene(sandbox, settings, author, tuple(channels), cycle(channels))


def _posts_drafts(record: CallRecord) -> bool:
    metadata = record.args.get("metadata") or {}
    return (
        record.method == "chat.postMessage"
        and bool(record.response.get("ok"))
        and isinstance(metadata, dict)
        and metadata.get("event_type") == ids.SUGGESTION_EVENT
    )
