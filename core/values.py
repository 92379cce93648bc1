"""What the product talks about: conversations, snippets, candidates, suggestions.

All are immutable. Work on them lives elsewhere, in functions named by verbs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Role = Literal["customer", "agent"]
Slot = Literal["a", "b"]
CaseStatus = Literal["open", "answered", "withdrawn"]
DraftSource = Literal["knowledge", "solved_case", "no_answer"]

SLOTS: tuple[Slot, Slot] = ("a", "b")
SNIPPETS_RETRIEVED = 75
SNIPPETS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a conversation, plain text as a person reads it (no Slack markup)."""

    role: Role
    text: str
    key: str = ""  # unique inside its case: the message's timestamp, so that a redelivery adds nothing
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's question and all that was said about it since."""

    id: str
    team: str
    channel: str
    thread_ts: str
    author: str  # user or bot id of the root message: the customer's side as far as messages go
    turns: tuple[Turn, ...]  # oldest first, never empty
    status: CaseStatus
    created_at: datetime
    answered_by: str | None = None

    @property
    def text(self) -> str:
        """The first turn: what the case was opened with."""
        return self.turns[0].text


@dataclass(frozen=True, slots=True)
class Article:
    """One document of the knowledge base, in one version."""

    id: str  # stable over versions
    version: int  # 1, 2, ...: counts changes seen by ingest
    title: str
    url: str | None
    text: str  # Markdown
    content_hash: str
    source: str  # where it was read from
    retired: bool = False
    attributes: Mapping[str, str] = field(default_factory=dict)  # front matter: audience, topic, updated, ...

    @property
    def superseded_by(self) -> str | None:
        """The article that takes its place, where it names one."""
        return self.attributes.get("superseded_by") or None


@dataclass(frozen=True, slots=True)
class Snippet:
    """A chunk of one article version: what is retrieved, shown, cited and labelled.

    The id is a hash of article id, section and text: unchanged content keeps its id over re-ingestion.
    """

    id: str
    article_id: str
    article_version: int
    title: str
    section: str  # heading path inside the article, "" at its top
    url: str | None
    text: str  # clean prose: no headings, no boilerplate; list items keep "- "


@dataclass(frozen=True, slots=True)
class RankedSnippet:
    """A snippet at a place in a ranking: rank counts from 1, a higher score is better.

    `n` on the screen is the rank among the (at most eight) shown.
    """

    snippet: Snippet
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class LostQuestion:
    """An exam question that finds its article now, and would not after a change."""

    article_id: str
    question_id: str
    words: str  # the customer's last, on one line, cut where they are long


@dataclass(frozen=True, slots=True)
class SentenceCheck:
    """The checker's mark for one sentence of a candidate."""

    text: str  # without its [n] marks
    citations: tuple[int, ...]
    supported: bool  # also True for a sentence that states no fact (a greeting, a question)
    states_fact: bool
    grants: bool  # promises something: refund, waiver, credit, an amount
    reason: str  # why, in words a person can read


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Three separate marks, never one blended score."""

    sentences: tuple[SentenceCheck, ...]
    citations_valid: bool  # every [n] points to something that is on the screen and says what is claimed
    answers_question: bool

    @property
    def supported(self) -> bool:
        """True when every sentence that states a fact is supported by what it cites."""
        return all(sentence.supported for sentence in self.sentences)

    @property
    def passed(self) -> bool:
        """True when all three marks are."""
        return self.supported and self.citations_valid and self.answers_question


@dataclass(frozen=True, slots=True)
class Draft:
    """A reply before it has a slot: text with `[n]` marks that point into the shown snippets."""

    text: str
    style: str  # how it was made: "direct", "complete", "solved_case", "no_answer", ...
    source: DraftSource
    report: CheckReport
    solved_case_id: str | None = None
    notice: str | None = None  # one sentence for the agent, where it stands in for what was wanted


@dataclass(frozen=True, slots=True)
class Candidate:
    """A draft in its slot on the screen."""

    slot: Slot
    text: str  # with [n] marks, at most 2,800 characters
    style: str
    source: DraftSource
    bundle: str  # the version that wrote it
    report: CheckReport
    solved_case_id: str | None = None

    @property
    def citations(self) -> tuple[int, ...]:
        """The snippet numbers it cites, ascending, each once."""
        return tuple(sorted({n for sentence in self.report.sentences for n in sentence.citations}))


@dataclass(frozen=True, slots=True)
class SolvedCase:
    """An adopted reply remembered with the snippets it rested on."""

    case_id: str
    question: str
    reply: str  # as sent, redacted, without [n] marks
    snippet_ids: tuple[str, ...]  # cited by the adopted text; empty for a reply of the agent's own
    similarity: float = 0.0  # cosine to the question asked now


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two candidates and the snippets they rest on, with all that is needed to replay them.

    Immutable once stored. `retrieved` is the whole first stage (up to 75), `shown` the eight on the screen.
    """

    id: str
    case_id: str
    revision: int
    turns: tuple[Turn, ...]  # the conversation as it was
    query: str
    retrieved: tuple[RankedSnippet, ...]
    shown: tuple[RankedSnippet, ...]
    candidates: tuple[Candidate, ...]  # two; fewer only where the knowledge base is empty
    similar: tuple[SolvedCase, ...]
    bundle: str  # the champion's version in the registry, such as "3"
    parameters: Mapping[str, object]  # seeds, model names, fusion weights, index generation
    timings_s: Mapping[str, float]
    created_at: datetime
    forgotten: bool = False  # its words were removed after the retention time: texts are empty, labels stay
    notice: str | None = None  # one sentence for the agent, e.g. "The knowledge base is empty ..."

    def candidate(self, slot: Slot) -> Candidate:
        """The candidate in that slot. Raises KeyError where there is none."""
        for candidate in self.candidates:
            if candidate.slot == slot:
                return candidate
        raise KeyError(slot)
