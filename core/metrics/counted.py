"""What the figures of one period are computed from: counts and durations of one workspace, nobody named.

Only what stands counts, and nothing of a withdrawn case or of withdrawn drafts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.annotations import Decision, Verdict
from core.judge.agreement import Audited
from core.values import DraftSource, Slot

# The decision, the slot that was used, and where the drafts A and B came from.
Adopted = tuple[Decision, Slot | None, DraftSource | None, DraftSource | None]
# The preferred slot (None: a tie), and the slot of the challenger's draft where champion and challenger competed.
Preferred = tuple[Slot | None, Slot | None]


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases by when they came, annotations by when they were given, audits by when they were answered."""

    adoptions: Mapping[Adopted, int] = field(default_factory=dict)
    edits: tuple[float, ...] = ()  # edit distances of edited replies, in [0, 1]
    preferences: Mapping[Preferred, int] = field(default_factory=dict)
    marks: Mapping[tuple[int, int], int] = field(default_factory=dict)  # (helpful, marked) of a suggestion -> how many
    outdated: int = 0  # of the marks
    verdicts: Mapping[Verdict, int] = field(default_factory=dict)
    audited: tuple[Audited, ...] = ()
    annotation_s: tuple[float, ...] = ()  # from the drafts on the screen to each annotation
    drafted: int = 0  # cases with drafts on the screen
    unanswerable: int = 0  # of these: no article answers, said the first drafts
    annotated: int = 0  # of these: somebody has said something about them
    suggestion_s: tuple[float, ...] = ()  # from the case to its first drafts
    reply_s: tuple[float, ...] = ()  # from the case to the first reply sent through us
