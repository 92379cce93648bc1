"""Replies and messages on their way into a thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.annotations import ReasonCode, Surface
from core.values import Slot

ReplyState = Literal["pending", "posted", "undone"]
SuggestionState = Literal["pending", "live", "superseded", "withdrawn", "forgotten"]


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """Where and when a suggestion stands in Slack."""

    channel: str
    ts: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply that an agent sent with one click.

    `text` is as written while it waits to be posted, and redacted from then on.
    """

    id: str
    case_id: str
    suggestion_id: str | None
    adoption_key: str
    agent_id: str
    text: str
    state: ReplyState = "pending"
    channel: str | None = None
    ts: str | None = None
    posted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldReply:
    """A reply that was not sent because somebody had answered already; "send anyway" takes it.

    `final` is exactly what would be sent.
    """

    id: str
    case_id: str
    suggestion_id: str
    agent_id: str
    slot: Slot
    final: str
    reasons: tuple[ReasonCode, ...]
    rationale: str | None
    source: Surface
    key: str
