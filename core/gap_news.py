"""What people hear about missing knowledge: rows of the outbox, put into the transaction that they tell of.

A key is put once for good, so that nobody hears a thing twice; what is said is read when it is sent.
"""

from __future__ import annotations

from core.annotations import MissingKnowledge
from core.knowledge.gaps import GapGroup
from core.store import Store

# Purposes of outbox rows. The first shows a gap to the leads, the next two stand in its thread: their subject is the
# gap, and for who asked the report.
SHOWN = "gap"
WHO_ASKED = "gap_who_asked"
ASKED_AGAIN = "gap_asked_again"
# To whoever reported it, privately: the gap and the person, or a report of something that the search had missed.
NOW_THERE = "gap_now_there"
NOW_FOUND = "gap_now_found"


def show(store: Store, group: GapGroup) -> None:
    """The leads see the gap as it then is."""
    store.outbox.put_update(group.id, SHOWN, _order(group.id), team=group.team)


def tell_who_asked(store: Store, group_id: str, report_id: str, team: str) -> None:
    """A report joined the gap."""
    store.outbox.put_update(group_id, SHOWN, _order(group_id), team=team)
    _put(store, WHO_ASKED, f"{group_id}:{report_id}", report_id, _order(group_id), team)


def tell_of_the_article(store: Store, group: GapGroup, by: str) -> None:
    """The gap is closed by an article and its cases have asked again; whoever closed it needs no news of it."""
    show(store, group)
    _put(store, ASKED_AGAIN, group.id, group.id, _order(group.id), group.team)
    for agent_id in dict.fromkeys(report.agent_id for report in group.reports):
        if agent_id != by:
            _put(store, NOW_THERE, f"{group.id}:{agent_id}", about(group.id, agent_id), "", group.team)


def tell_that_it_is_found(store: Store, report: MissingKnowledge) -> None:
    """What was there and not found is found by now."""
    _put(store, NOW_FOUND, report.id, report.id, "", store.gaps.team_of(report))


def about(group_id: str, agent_id: str) -> str:
    """The subject of a row about a gap and a person."""
    return f"{group_id} {agent_id}"


def _put(store: Store, purpose: str, key: str, subject: str, order_key: str, team: str) -> None:
    store.outbox.put(f"{purpose}:{key}", "", {}, subject=subject, purpose=purpose, order_key=order_key, team=team)


def _order(group_id: str) -> str:
    """A gap's message stands before what is said in its thread."""
    return f"gap:{group_id}"
