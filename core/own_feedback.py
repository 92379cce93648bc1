"""What became of one agent's feedback: versions that it taught and that serve, articles that answer their reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.annotations import AnnotationKind


@dataclass(frozen=True, slots=True)
class Measure:
    """How a version did before it served, on cases later than what it learned from.

    `before`: the version it came from, on the same cases; the change lies between `low` and `high` with 95 %.
    """

    name: str
    before: float
    after: float
    low: float
    high: float
    cases: int


@dataclass(frozen=True, slots=True)
class Taught:
    """A version that serves. `own`: how many of this agent's clicks taught it by kind; `lessons`: of all agents'.

    `since`: when it last began to serve as what it is.
    """

    version: int
    is_challenger: bool
    since: datetime
    own: Mapping[AnnotationKind, int]
    lessons: int
    measures: Sequence[Measure]


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An article of the knowledge base that answers a report of this agent.

    `was_missing`: it was written for it; False: it was there, and the search finds it now.
    """

    agent: str
    article_id: str
    title: str
    url: str | None
    was_missing: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """The champion first; articles newest first. False where there is nothing to tell."""

    taught: Sequence[Taught]
    articles: Sequence[OwnArticle]

    def __bool__(self) -> bool:
        return bool(self.taught or self.articles)
