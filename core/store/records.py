"""Work that the store hands out: what came in, and what is to go out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Work:
    """One inbox entry. Claimed, `attempts` counts this one; `not_before` is when it was or is due, None: at once."""

    id: int
    key: str
    kind: str
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    received_at: datetime
    error: str | None = None
    not_before: datetime | None = None


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
