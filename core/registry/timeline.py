"""Which version answered the cases from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.registry.bundle import BASE, Event


@dataclass(frozen=True, slots=True)
class Served:
    """`since` None: from the beginning; `until` None: to this day."""

    version: int
    since: datetime | None
    until: datetime | None


def timeline(log: Iterable[Event]) -> list[Served]:
    """The champions one after the other, oldest first, never empty; the last one serves now. `log`: oldest first."""
    spans = [Served(BASE, None, None)]
    before = [BASE]  # the champions that a rollback would go through
    for event in log:
        if event.action == "promoted":
            before.append(event.version)
        elif event.action == "rolled back":
            before.pop()
        else:
            continue
        ended = spans[-1]
        spans[-1] = Served(ended.version, ended.since, event.at)
        spans.append(Served(before[-1], event.at, None))
    return spans
