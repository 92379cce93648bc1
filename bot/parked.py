"""Work that was given up: told to whoever runs us without a word of anybody's, and tried again when they ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import reference
from bot.housekeeping import KEPT
from core.store import Store

TOLD = 5


@dataclass(frozen=True, slots=True)
class Parked:
    """One piece: what it is, its reference as in the log and in threads, how long it waits, and why."""

    kind: str
    reference: str
    age_s: float
    reason: str


def parked_work(store: Store, now: datetime) -> list[Parked]:
    """Everything that was given up, oldest first."""
    came_in = [(work.received_at, work.kind, work.key, work.error) for work in store.inbox.parked()]
    to_go_out = [
        (one.created_at, f"sending {(one.purpose or one.method).replace('_', ' ')}", one.key, one.error)
        for one in store.outbox.parked()
    ]
    return [
        Parked(kind, reference(key), (now - at).total_seconds(), error or "no reason is known")
        for at, kind, key, error in sorted(came_in + to_go_out, key=lambda one: one[0])
    ]


def retry_parked(store: Store, now: datetime) -> tuple[int, int]:
    """Has it all tried again by the running bot, or the next one; what is a day old is dropped instead.

    Its words are forgotten by then, and its customers answered otherwise. Tells how many of each.
    """
    since = now - KEPT
    with store.transaction():
        tried, dropped = store.inbox.retry_parked(since)
        sent, dropped_too = store.outbox.retry_parked(since)
    return tried + sent, dropped + dropped_too


def describe(parked: list[Parked]) -> str:
    """The newest few, one after the other."""
    told = [f"{one.kind}, {_age(one.age_s)} old (ref {one.reference}): {one.reason[:160]}" for one in parked[-TOLD:]]
    more = f"; and {len(parked) - TOLD} more" if len(parked) > TOLD else ""
    return "; ".join(reversed(told)) + more


def _age(age_s: float) -> str:
    minutes = int(age_s // 60)
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
