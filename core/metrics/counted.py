"""What the figures of one period are computed from: counts and durations of one workspace, nobody named.

Only what stands counts, and nothing of a withdrawn case or of withdrawn drafts. What was counted of two periods that
follow each other adds up to what is counted of both: nothing is kept apart that only the whole period could tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from itertools import chain
from typing import Any

from core.annotations import Decision, ReasonCode, Verdict
from core.judge.agreement import Audited
from core.values import DraftSource, Slot

# The decision, the slot that was used, and where the drafts A and B came from.
Adopted = tuple[Decision, Slot | None, DraftSource | None, DraftSource | None]
# The preferred slot (None: a tie), and the slot of the challenger's draft where champion and challenger competed.
Preferred = tuple[Slot | None, Slot | None]
# The decision, and the reasons that were given with it.
Given = tuple[Decision, tuple[ReasonCode, ...]]
# (hits, rows) of what belongs together -> how often it is so.
Groups = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases by when they came, annotations by when they were given, audits by when they were answered."""

    adoptions: Mapping[Adopted, int] = field(default_factory=dict)
    reasons: Mapping[Given, int] = field(default_factory=dict)  # of refusals and edits
    edits: tuple[float, ...] = ()  # edit distances of edited replies, in [0, 1]
    preferences: Mapping[Preferred, int] = field(default_factory=dict)
    marks: Groups = field(default_factory=dict)  # (helpful, marked) of a suggestion on a day, UTC
    outdated: int = 0  # of the marks
    known: Groups = field(default_factory=dict)  # (shown at first, known to help) of a case about which some is known
    facts: Groups = field(default_factory=dict)  # (borne out by what they cite, stated) of a case's first drafts
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    audited: tuple[Audited, ...] = ()
    said: int = 0  # annotations; an agent's own reply is one once somebody has confirmed it
    annotation_s: tuple[float, ...] = ()  # from the drafts on the screen to each annotation
    between_s: tuple[float, ...] = ()  # from an agent's annotation to their next one on the same drafts
    drafted: int = 0  # cases with drafts on the screen
    unanswerable: int = 0  # of these: no article answers, said the first drafts
    annotated: int = 0  # of these: somebody has said something about them
    suggestion_s: tuple[float, ...] = ()  # from the case to its first drafts
    reply_s: tuple[float, ...] = ()  # from the case to the first reply sent through us


def together(parts: Sequence[Counted]) -> Counted:
    """Of periods or workspaces that do not overlap, what is counted of all."""
    parts = [Counted(), *parts]
    return Counted(**{one.name: _sum([getattr(part, one.name) for part in parts]) for one in fields(Counted)})


def _sum(values: Sequence[Any]) -> Any:
    """Numbers are added up, counts by what is counted, and rows put one behind the other; at least one value."""
    if isinstance(values[0], int):
        return sum(values)
    if isinstance(values[0], tuple):
        return tuple(chain.from_iterable(values))
    total: Counter[Any] = Counter()
    for one in values:
        total.update(one)
    return dict(total)
