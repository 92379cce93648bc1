"""The live comparison at work: agents' preferences between champion and challenger decide which one stays.

Looked at again and again, which the test allows (see `training/live.py`). Each agent has one vote a case, their last.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

from core.annotations import Preference
from core.challenge import is_contest
from core.registry.bundle import Aliases, Event
from core.registry.deploy import Examine
from core.store.store import Store
from core.values import Slot, Suggestion
from training.live import ALPHA, Comparison, Vote, compare, davidson, evidence
from training.schedule.leads import tell_leads

BY = "agents' preferences"
LOST_SHOWN = 3


def compare_live(store: Store, examine: Examine) -> Comparison | None:
    """Promote the challenger, withdraw it, or keep collecting, and tell the leads; None without a challenger.

    `examine`: asked before it is promoted, for articles and questions have come since the gate let it through.
    """
    aliases = store.registry.aliases()
    challenged = _challenged(store, aliases)
    if challenged is None:
        return None
    votes = live_votes(store, aliases, challenged.at)
    found = compare(votes)
    key = f"{challenged.version}:{challenged.at.isoformat()}"
    if found.call == "promote":
        _promote(store, challenged.version, key, found, examine)
    elif found.call == "withdraw" and store.registry.withdraw(BY, found.in_words):
        tell_leads(
            store, f"withdrawn:{key}", f"Version {challenged.version} is no longer the challenger. {found.in_words}"
        )
    alarm = place_alarm(votes)
    if alarm:
        tell_leads(store, f"place:{key}", alarm)
    return found


def _promote(store: Store, version: int, key: str, found: Comparison, examine: Examine) -> None:
    lost = examine(store.registry.bundle(version))
    if lost:
        ids = list(dict.fromkeys(one.article_id for one in lost))
        why = f"Withdrawn: with it, questions of the exam would not find {_listed(ids)} any more."
        if store.registry.withdraw(BY, why):
            tell_leads(
                store, f"lost:{key}", f"Version {version} is no longer the challenger, though it was preferred. {why}"
            )
    elif store.registry.promote(version, BY, found.in_words):
        tell_leads(store, f"promoted:{key}", f"Version {version} is the champion now. {found.in_words} {_BACK}")


def _listed(article_ids: Sequence[str]) -> str:
    shown = ", ".join(repr(one) for one in article_ids[:LOST_SHOWN])
    more = len(article_ids) - LOST_SHOWN
    return f"article{'s' * (len(article_ids) > 1)} {shown}" + (f" and {more} more" if more > 0 else "")


_BACK = "If it disappoints, `/aitl rollback` brings the version before back."


def live_votes(store: Store, aliases: Aliases, since: datetime) -> list[Vote]:
    """What may teach of what agents preferred since then, where one draft was the challenger's and one the champion's.

    One vote for each agent and case, the last one made; in the order in which they were made.
    """
    last: dict[tuple[str, str], Vote] = {}
    for said in store.annotations.all("preference", since):
        if not isinstance(said, Preference) or not said.stands or said.judge not in ("accepted", "downweighted"):
            continue
        if said.suggestion_id is None:
            continue
        slot = challengers_slot(store.suggestions.as_shown(said.suggestion_id), aliases)
        if slot is not None:
            last.pop((said.agent_id, said.case_id), None)
            last[said.agent_id, said.case_id] = Vote(slot, said.chosen_slot)
    return list(last.values())


def challengers_slot(suggestion: Suggestion, aliases: Aliases) -> Slot | None:
    """Which slot the challenger wrote; None where not one draft is its and the other the champion's.

    None, too, where both would have written the same and one gave way.
    """
    by_bundle = {candidate.bundle: candidate.slot for candidate in suggestion.candidates}
    if by_bundle.keys() != {str(aliases.champion), str(aliases.challenger)} or not is_contest(suggestion):
        return None
    return by_bundle[str(aliases.challenger)]


def place_alarm(votes: list[Vote]) -> str | None:
    """A sentence where the votes go by the place of a draft, whoever wrote it; None where nothing speaks for that.

    The places are drawn at random, so that between equals, and between unequals too, each wins half of the votes. The
    same test as for the bundles, so that looking again and again raises no false alarm either.
    """
    first = sum(vote.preferred == "a" for vote in votes)
    second = sum(vote.preferred == "b" for vote in votes)
    if max(evidence(first, second), evidence(second, first)) < 2 / ALPHA:  # two sides, half of ALPHA for each
        return None
    place, times = ("A", first) if first > second else ("B", second)
    factor = math.exp(abs(davidson(votes).first_place))
    return (
        f"Preferences go by the place: draft {place} won {times} of {first + second} comparisons, {factor:.1f} times "
        "as often as its words explain. The places are drawn at random, so some agents may choose without reading both."
    )


def _challenged(store: Store, aliases: Aliases) -> Event | None:
    """When and why the challenger that serves now became it; None without one."""
    if aliases.challenger is None:
        return None
    events = [event for event in store.registry.log(aliases.challenger) if event.action == "challenger"]
    return events[-1] if events else None
