"""What served a case: which versions drafted, since when and by whom they were let, and how much taught them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.registry.bundle import Event, Registry
from core.values import Suggestion


@dataclass(frozen=True, slots=True)
class Provenance:
    """One version behind a suggestion.

    `let_serve`: the event, as champion or challenger, by which it served at that moment; None for what came with the
    product. `lessons`: ids of the annotations that taught it.
    """

    version: int
    let_serve: Event | None
    lessons: tuple[str, ...]


def provenance(registry: Registry, suggestion: Suggestion) -> list[Provenance]:
    """The versions that drafted it, ascending; empty for one from before there were versions.

    Raises UnknownBundle where the registry does not know one of them.
    """
    named = {suggestion.bundle, *(candidate.bundle for candidate in suggestion.candidates)}
    versions = sorted(int(name) for name in named if name.isdecimal())
    return [
        Provenance(version, _let_serve(registry.log(version), suggestion), tuple(registry.lessons(version)))
        for version in versions
    ]


def described(registry: Registry, suggestion: Suggestion) -> dict[str, Any]:
    """The same as one JSON object, with the ids of all annotations that taught each version."""
    return {
        "suggestion_id": suggestion.id,
        "revision": suggestion.revision,
        "created_at": suggestion.created_at.isoformat(),
        "versions": [_described(registry, one) for one in provenance(registry, suggestion)],
    }


def _described(registry: Registry, one: Provenance) -> dict[str, Any]:
    bundle, event = registry.bundle(one.version), one.let_serve
    return {
        "version": one.version,
        "parent": bundle.parent,
        "parts": {name: part.sha256 for name, part in bundle.parts.items()},
        "data_hash": bundle.data_hash,
        "serves_as": None if event is None else "champion" if event.action == "promoted" else "challenger",
        "since": None if event is None else event.at.isoformat(),
        "by": None if event is None else event.by,
        "why": None if event is None else event.why,
        "lessons": list(one.lessons),
    }


def _let_serve(events: Iterable[Event], suggestion: Suggestion) -> Event | None:
    """The last time before the suggestion that the version was put into service."""
    before = [
        event for event in events if event.action in ("promoted", "challenger") and event.at <= suggestion.created_at
    ]
    return before[-1] if before else None
