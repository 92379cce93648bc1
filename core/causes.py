"""What to fix first: the cause of every bad outcome, and the weekly list of causes by topic.

A cause is found by replaying the suggestion with one stage swapped for the known right answer (training/causes/): the
one swap that repairs it names it. Nothing here quotes a customer or an agent: it outlives their words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal, get_args

Outcome = Literal["refused", "passed_over", "edited", "irrelevant"]
Cause = Literal["query", "retrieval", "ranking", "drafting", "knowledge_gap", "policy", "taste", "unknown"]
CAUSES: tuple[Cause, ...] = get_args(Cause)

TITLES: Mapping[Cause, str] = {
    "query": "Query",
    "retrieval": "Retrieval",
    "ranking": "Ranking",
    "drafting": "Drafting",
    "knowledge_gap": "Knowledge gap",
    "policy": "Policy",
    "taste": "Taste",
    "unknown": "Unknown",
}
# Nobody can fix these at once, however many they are.
_LAST: tuple[Cause, ...] = ("taste", "unknown")
EXAMPLES = 3
DAYS = 7


@dataclass(frozen=True, slots=True)
class Attribution:
    """Why one suggestion came to a bad end.

    `evidence`: one sentence. `topic`: the title of an article, with its id; both "" where nothing was found at all.
    `report_id`: the report of missing knowledge that says so, where there is one. `basis`: names what was said when
    the cause was found; once it is another, the cause is looked for again. `version`: of the models that replayed it.
    """

    suggestion_id: str
    outcome: Outcome
    cause: Cause
    evidence: str
    topic: str
    article_id: str
    report_id: str | None
    said_at: datetime
    basis: str
    version: int


@dataclass(frozen=True, slots=True)
class Listed:
    """An attribution with its case, and where its suggestion stands in Slack; `channel` and `ts` "" where nowhere."""

    attribution: Attribution
    case_id: str
    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class Gap:
    """The gap that a report is in, as long as it waits for its article; `title`: "" where its words were removed."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One cause on one topic. `lever`: what to do about it, a sentence. `examples`: the newest, at most three."""

    cause: Cause
    topic: str
    article_id: str
    count: int
    lever: str
    examples: tuple[Listed, ...]


def lines_of(listed: Iterable[Listed], gaps: Mapping[str, Gap]) -> list[Line]:
    """The most frequent cause first, its topics by count; taste and what is unknown last.

    `gaps`: by report id. A gap is a topic of its own; every other topic is an article.
    """
    groups: dict[tuple[Cause, str, str], list[Listed]] = defaultdict(list)
    for one in listed:
        gap = gaps.get(one.attribution.report_id or "")
        groups[one.attribution.cause, "" if gap else one.attribution.article_id, gap.id if gap else ""].append(one)
    lines = [_line(cause, some, gaps) for (cause, _, _), some in groups.items()]
    of_cause = counts_of(lines)

    def urgency(line: Line) -> tuple[object, ...]:
        return line.cause in _LAST, -of_cause[line.cause], CAUSES.index(line.cause), -line.count, line.topic

    return sorted(lines, key=urgency)


def by_cause(lines: Sequence[Line]) -> list[tuple[Cause, list[Line]]]:
    """The lines of each cause, in their order."""
    return [(cause, list(some)) for cause, some in groupby(lines, key=lambda one: one.cause)]


def counts_of(lines: Iterable[Line]) -> Counter[Cause]:
    """How many bad outcomes have each cause."""
    counts: Counter[Cause] = Counter()
    for line in lines:
        counts[line.cause] += line.count
    return counts


def in_words(lines: Sequence[Line]) -> str:
    """How many there are, and of which causes: "5 bad outcomes (ranking 4, taste 1)"."""
    counts = counts_of(lines)
    of_each = ", ".join(f"{TITLES[cause].lower()} {counts[cause]}" for cause in CAUSES if counts[cause])
    total = counts.total()
    return f"{total} bad outcome{'' if total == 1 else 's'} ({of_each})"


def message_url(api_url: str, channel: str, ts: str) -> str | None:
    """Where a message can be read, given the base URL of the Web API; None for one that stands nowhere."""
    if not channel or not ts:
        return None
    return f"{api_url.removesuffix('api/')}archives/{channel}/p{ts.replace('.', '')}"


def _line(cause: Cause, some: Sequence[Listed], gaps: Mapping[str, Gap]) -> Line:
    newest = sorted(some, key=lambda one: (one.attribution.said_at, one.attribution.suggestion_id), reverse=True)
    first = newest[0].attribution
    gap = gaps.get(first.report_id or "")
    topic = gap.title if gap and gap.title else first.topic or "(nothing was found)"
    lever = f"Write the article: aitl gaps draft {gap.id}" if gap else _LEVERS[cause].format(topic=topic)
    return Line(cause, topic, first.article_id, len(some), lever, tuple(newest[:EXAMPLES]))


_LEVERS: Mapping[Cause, str] = {
    "query": "Say in “{topic}” what customers call it; the search finds it when it is asked plainly.",
    "retrieval": "Retrain the retriever: aitl train --only retriever",
    "ranking": "Retrain the reranker: aitl train --only reranker",
    "drafting": "Retrain who writes and who chooses the drafts: aitl train --only generator,ranker",
    "knowledge_gap": "Write what is missing, here or beside it; aitl gaps lists what was reported.",
    "policy": "Retrain, so that the confidence is measured anew: aitl train",
    "taste": "No fault of the models: agree on a tone, or let it be.",
    "unknown": "Read the examples: no single stage explains them.",
}
