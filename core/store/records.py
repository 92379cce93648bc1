"""What the store hands out besides the product's own values: replies on their way, and work to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from core.annotations import ReasonCode, Surface
from core.values import Slot

ReplyState = Literal["pending", "posted", "undone"]
SuggestionState = Literal["pending", "live", "superseded", "withdrawn"]


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


@dataclass(frozen=True, slots=True)
class Work:
    """One inbox entry, claimed. `attempts` counts this one."""

    id: int
    key: str
    kind: str
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    received_at: datetime
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """One outbox entry, claimed. `attempts` counts this one.

    `unknown_outcome`: an earlier attempt may have taken effect; look before doing it again.
    An update (`coalesced`) has no arguments: it is rendered when it is sent.
    """

    id: int
    key: str
    method: str
    arguments: Mapping[str, Any]
    subject: str
    purpose: str
    order_key: str
    coalesced: bool
    attempts: int
    unknown_outcome: bool
    created_at: datetime
    error: str | None = None
