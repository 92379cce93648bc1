"""Finds what one agent's feedback has changed, for that agent alone.

Only what the record proves: what a version had learned from is kept with it, and an article with the reports it closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from core.own_feedback import Effect, Measure, Taught
from core.registry.bundle import BASE, Registry
from core.store import Store


def effect_of(store: Store, team: str, agent: str, after: datetime | None = None) -> Effect:
    """What this agent's feedback has changed; `after`: only what came after that moment."""
    taught = [one for one in _taught(store, team, agent) if after is None or one.since > after]
    articles = [one for one in store.own_feedback.articles(team, agent) if after is None or one.at > after]
    return Effect(taught, articles)


def whose_feedback_counted(store: Store, team: str) -> set[str]:
    """Every agent of a workspace whom there may be something to tell."""
    versions = [version for version, _ in _serving(store.registry)]
    teachers = {agent for version in versions for agent in store.own_feedback.teachers(team, version)}
    return teachers | {one.agent for one in store.own_feedback.articles(team)}


def _taught(store: Store, team: str, agent: str) -> list[Taught]:
    found = []
    for version, is_challenger in _serving(store.registry):
        own = store.own_feedback.taught(team, agent, version)
        action = "challenger" if is_challenger else "promoted"
        began = [event.at for event in store.registry.log(version) if event.action == action]
        if own and began:
            bundle, lessons = store.registry.bundle(version), store.own_feedback.lessons(version)
            found.append(Taught(version, is_challenger, began[-1], own, lessons, _measures(bundle.metrics)))
    return found


def _serving(registry: Registry) -> list[tuple[int, bool]]:
    aliases = registry.aliases()
    serving = [(aliases.champion, False), *([] if aliases.challenger is None else [(aliases.challenger, True)])]
    return [(version, is_challenger) for version, is_challenger in serving if version != BASE]


def _measures(metrics: Mapping[str, Any]) -> list[Measure]:
    """Those that its trained parts were judged by, each once."""
    names = dict.fromkeys(part["measure"] for part in metrics.get("parts", {}).values() if part)
    known = metrics.get("measures", {})
    return [_measure(name, known[name]) for name in names if name in known]


def _measure(name: str, one: Mapping[str, Any]) -> Measure:
    return Measure(name, one["champion"], one["challenger"], one["low"], one["high"], one["cases"])
