"""Reports of missing knowledge that mean the same are one gap: pure grouping and ranking, nothing stored.

A report that has a group keeps it; a new one joins the group it is most like, or opens one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.annotations import GapStatus, MissingKnowledge
from core.ports import Embedder
from core.words import overlap

# From this likeness on two reports are taken for one gap. MiniLM on the sample cases' questions: so it joins two
# questions that different articles answer twice in a thousand pairs. Descriptions, which agents write, are clearer.
ALIKE = 0.6
_OF_WORDS = 0.5  # an overlap of words counts so much beside the cosine


@dataclass(frozen=True, slots=True)
class GapReport:
    """What is compared of one report: the agent's description, and the question of the case it was made in."""

    id: str
    case_id: str
    description: str  # "" where it was removed after the retention time
    question: str
    at: datetime

    @property
    def words(self) -> str:
        """What is compared; "" where nothing is left."""
        return f"{self.description}\n{self.question}".strip()


@dataclass(frozen=True, slots=True)
class GapGroup:
    """One gap: reports that mean the same, oldest first, never empty; none of those taken back.

    `article_id`: the article that closes it, or that its draft will be. `assigned_to`: who is to write it.
    `channel`, `ts`: the message that shows it to the leads, once it stands. `changed_by`: who changed it last, if
    anybody.
    """

    id: str
    team: str
    name: str  # what a person calls it, "" where nobody has named it
    status: GapStatus
    reason: str  # why it is not needed, where it is not
    article_id: str | None
    assigned_to: str | None
    reports: tuple[MissingKnowledge, ...]
    changed_by: str = ""
    channel: str | None = None
    ts: str | None = None

    @property
    def title(self) -> str:
        """Its name, or else the oldest description that has words; "" where all were removed."""
        return self.name or next((one.description for one in self.reports if one.description), "")

    @property
    def cases(self) -> tuple[str, ...]:
        """The ids of the cases it touches, each once, the oldest report's first."""
        return tuple(dict.fromkeys(one.case_id for one in self.reports))

    @property
    def is_divisible(self) -> bool:
        """True where it has more than one report."""
        return len(self.reports) > 1

    @property
    def since(self) -> datetime:
        """When it was first reported."""
        return self.reports[0].created_at


@dataclass(frozen=True, slots=True)
class IndexCheck:
    """What a search for a case's question found of the article that a report says exists.

    `rank`: from 1 to 75, at most 8 where it would be shown; None where it was not among the 75.
    """

    article_id: str
    rank: int | None
    bundle: str
    at: datetime


def ranked(groups: Iterable[GapGroup]) -> list[GapGroup]:
    """Those that touch most cases first; of equal ones the one reported first."""
    return sorted(groups, key=lambda one: (-len(one.cases), one.since, one.id))


def place_reports(
    new: Sequence[GapReport],
    groups: Mapping[str, Sequence[GapReport]],
    embedder: Embedder,
    make_id: Callable[[], str],
) -> dict[str, str]:
    """By id of each new report its group: one of `groups`, or a fresh one named by `make_id`.

    Reports are taken oldest first, and a later one may join the group that an earlier one has opened. How like a group
    is: the mean over its members of cosine + half the overlap of words. A report without words is alone.
    """
    ordered = sorted(new, key=lambda one: (one.at, one.id))
    vectors = _vectors([*(one for members in groups.values() for one in members), *ordered], embedder)
    members = {group: list(some) for group, some in groups.items()}
    placed: dict[str, str] = {}
    for report in ordered:
        likeness = {group: _likeness(report, some, vectors) for group, some in members.items()}
        best = max(likeness, key=lambda group: likeness[group], default=None)
        group = best if best is not None and likeness[best] >= ALIKE else make_id()
        members.setdefault(group, []).append(report)
        placed[report.id] = group
    return placed


def _vectors(reports: Sequence[GapReport], embedder: Embedder) -> dict[str, NDArray[np.float32]]:
    texts = {one.id: one.words for one in reports if one.words}
    return dict(zip(texts, embedder.embed(list(texts.values())), strict=True)) if texts else {}


def _likeness(report: GapReport, members: Sequence[GapReport], vectors: Mapping[str, NDArray[np.float32]]) -> float:
    """In [-1, 1.5]; -1 where either side has no words."""
    known = [one for one in members if one.id in vectors]
    if report.id not in vectors or not known:
        return -1.0
    return float(np.mean([_alike(report, one, vectors) for one in known]))


def _alike(one: GapReport, other: GapReport, vectors: Mapping[str, NDArray[np.float32]]) -> float:
    cosine = float(np.vecdot(vectors[one.id], vectors[other.id]))
    return cosine + _OF_WORDS * overlap(one.words, other.words)


def address(url: str) -> str:
    """An address without what differs between two copies of it: a fragment, a query, a slash at the end."""
    return url.split("#")[0].split("?")[0].rstrip("/").lower()
