"""The pipeline: a conversation becomes two cited candidates.

conversation → query → 75 snippets → 8 → similar solved cases → drafts, each checked → two shown.
Which drafts are shown and in which slot each stands are drawn independently from a stored seed,
so that a suggestion can be replayed and preferences carry no position or style bias.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from core.clock import Clock
from core.glossary import english_keywords
from core.ids import new_id
from core.ports import DraftRequest, Embedder, Generator, Ranker, Reranker, Retrieved, Retriever
from core.registry.bundle import BASE
from core.retrieval.confidence import Confidence
from core.solved_cases import SolvedCaseMemory, question_of
from core.values import (
    SLOTS,
    SNIPPETS_RETRIEVED,
    SNIPPETS_SHOWN,
    Candidate,
    Case,
    Draft,
    RankedSnippet,
    Slot,
    SolvedCase,
    Suggestion,
    Turn,
)

Timings = dict[str, float]
"""Seconds by stage."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the first stage found, and the eight (or fewer) that the second chose of it.

    `chances`: per snippet of `shown`, see DraftRequest; () for a bundle that has learned nothing of that.
    """

    retrieved: Retrieved
    shown: tuple[RankedSnippet, ...]
    chances: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """Drafts in the generator's order, and the ranker's score of each; higher is better."""

    drafts: tuple[Draft, ...]
    scores: tuple[float, ...]

    @property
    def best_first(self) -> list[int]:
        """The places of the drafts by score; of equal ones the generator's earlier one first."""
        return sorted(range(len(self.scores)), key=lambda place: -self.scores[place])


class FirstDraftsRanker:
    """The response ranker until one has been trained: keeps the generator's own order."""

    version = "generator-order"

    def score(self, request: DraftRequest, drafts: Sequence[Draft]) -> list[float]:
        """0 for the first draft, -1 for the second, and so on."""
        return [-float(place) for place in range(len(drafts))]


@dataclass(frozen=True)
class Suggester:
    """Everything one bundle needs to answer a case."""

    retriever: Retriever
    reranker: Reranker
    memory: SolvedCaseMemory
    generator: Generator
    ranker: Ranker
    embedder: Embedder
    clock: Clock
    version: int = BASE
    confidence: Confidence | None = None
    seeds: random.Random = field(default_factory=random.SystemRandom)

    @property
    def bundle(self) -> str:
        """Its version in the registry, stored with every suggestion."""
        return str(self.version)

    @property
    def parts(self) -> dict[str, str]:
        """The versions of its parts by name."""
        return {
            "retriever": self.retriever.version,
            "reranker": self.reranker.version,
            "generator": self.generator.version,
            "ranker": self.ranker.version,
        }

    def warm(self) -> None:
        """Load the model, open the index and remember solved cases now, so that the first case does not wait."""
        self.embedder.embed(["warm"])
        self.retriever.warm()
        self.memory.warm()
        self.generator.warm()

    def refresh(self) -> str | None:
        """One bundle for good: there is no other to look for."""
        return None

    def suggest(self, case: Case, revision: int, seed: int | None = None) -> Suggestion:
        """Two candidates for the conversation as it stands.

        The same case, knowledge, solved cases and seed give the same suggestion but for its id and times.
        Raises EmptyKnowledge where there is nothing to answer from.
        """
        seed = self.seeds.getrandbits(32) if seed is None else seed
        timings: Timings = {}
        found = self.find(case, timings)
        similar = self.similar(case, timings)
        query, chances = found.retrieved.query, found.chances
        request = DraftRequest(case.turns, query, found.shown, similar, seed, chances, language=case.language)
        written = self.write(request, timings)
        drawn = draw_drafts(written.scores, seed)
        parameters = {
            "seed": seed,
            "parts": self.parts,
            "index_generation": found.retrieved.generation,
            "drafts": _record(written, drawn),
        }
        drafts = [(written.drafts[place], self.bundle) for place in drawn]
        return self.made(case, revision, found, similar, drafts, parameters, timings)

    def find(self, case: Case, timings: Timings) -> Found:
        """The first and the second stage. Raises EmptyKnowledge."""
        with timed(timings, "retrieve"):
            retrieved = self.retriever.search(with_english_keywords(case.turns), SNIPPETS_RETRIEVED)
        with timed(timings, "rerank"):
            shown = self.reranker.rerank(retrieved.query, retrieved.snippets, SNIPPETS_SHOWN)
        return Found(retrieved, tuple(shown), self.chances(shown))

    def chances(self, shown: Sequence[RankedSnippet]) -> tuple[float, ...]:
        """How likely the article of each helps, of the eight as this bundle chose them; () where it cannot tell."""
        return self.confidence.chances(shown) if self.confidence else ()

    def similar(self, case: Case, timings: Timings) -> tuple[SolvedCase, ...]:
        """Solved cases like this one, most similar first."""
        with timed(timings, "similar"):
            return tuple(self.memory.similar(question_of(case.turns), besides=case.id))

    def write(self, request: DraftRequest, timings: Timings, drafts: Sequence[Draft] | None = None) -> Written:
        """Drafts and what the ranker thinks of them; of those given, where this request has been drafted already."""
        if drafts is None:
            with timed(timings, "draft"):
                drafts = self.generator.draft(request)
        with timed(timings, "rank"):
            return Written(tuple(drafts), tuple(self.ranker.score(request, drafts)))

    def made(
        self,
        case: Case,
        revision: int,
        found: Found,
        similar: tuple[SolvedCase, ...],
        drafts: Sequence[tuple[Draft, str]],
        parameters: Mapping[str, object],
        timings: Timings,
    ) -> Suggestion:
        """The suggestion, with this bundle as the one that answers for it.

        `drafts`: those to be shown in the order of the slots, each with the bundle that wrote it.
        """
        return Suggestion(
            id=new_id("sug"),
            case_id=case.id,
            revision=revision,
            turns=case.turns,
            query=found.retrieved.query,
            retrieved=found.retrieved.snippets,
            shown=found.shown,
            candidates=tuple(_candidate(slot, *draft) for slot, draft in zip(SLOTS, drafts, strict=False)),
            similar=similar,
            bundle=self.bundle,
            parameters={**parameters, **({"language": case.language} if case.language else {})},
            timings_s=timings,
            created_at=self.clock(),
            notice=notice_of([draft for draft, _ in drafts]),
        )


def notice_of(drafts: Sequence[Draft]) -> str | None:
    """What the agent is told besides, where one of these drafts stands in for what was wanted."""
    return next((draft.notice for draft in drafts if draft.notice), None)


def draw_drafts(scores: Sequence[float], seed: int) -> tuple[int, ...]:
    """The places of the drafts to show, in the order of the slots: the best-scored one and one of the rest.

    Which of the rest, and who stands first, are drawn from streams of their own: a slot tells nothing about a style.
    """
    order = sorted(range(len(scores)), key=lambda place: -scores[place])
    shown = order[:1]
    if len(order) > 1:
        shown.append(random.Random(f"{seed}:second").choice(order[1:]))
    random.Random(f"{seed}:slots").shuffle(shown)
    return tuple(shown)


def _candidate(slot: Slot, draft: Draft, bundle: str) -> Candidate:
    return Candidate(slot, draft.text, draft.style, draft.source, bundle, draft.report, draft.solved_case_id)


def _record(written: Written, drawn: Sequence[int]) -> list[dict[str, object]]:
    """Every draft as it stood for the draw: style, score, how likely it was to be shown, and its slot if it was."""
    best = max(range(len(written.scores)), key=lambda place: written.scores[place], default=0)
    slots = dict(zip(drawn, SLOTS, strict=False))
    return [
        {
            "style": draft.style,
            "score": score,
            "probability": 1.0 if place == best else 1 / (len(written.drafts) - 1),
            "slot": slots.get(place),
        }
        for place, (draft, score) in enumerate(zip(written.drafts, written.scores, strict=True))
    ]


def with_english_keywords(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """What is searched for: in place of a customer's turn in another language, the English words for it."""
    return tuple(
        replace(turn, text=keywords) if turn.role == "customer" and (keywords := english_keywords(turn.text)) else turn
        for turn in turns
    )


@contextmanager
def timed(timings: Timings, stage: str) -> Iterator[None]:
    """Add what the block took to this stage's time."""
    start = time.perf_counter()
    yield
    timings[stage] = timings.get(stage, 0.0) + time.perf_counter() - start
