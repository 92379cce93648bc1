"""The pipeline: a conversation becomes two cited candidates.

conversation → query → 75 snippets → 8 → similar solved cases → drafts, each checked → two shown.
Which drafts are shown and in which slot each stands are drawn independently from a stored seed,
so that a suggestion can be replayed and preferences carry no position or style bias.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from core.clock import Clock
from core.ids import new_id
from core.ports import DraftRequest, Embedder, Generator, Ranker, Reranker, Retriever
from core.solved_cases import SolvedCaseMemory
from core.values import (
    SLOTS,
    SNIPPETS_RETRIEVED,
    SNIPPETS_SHOWN,
    Candidate,
    Case,
    Draft,
    RankedSnippet,
    Suggestion,
    Turn,
)


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
    seeds: random.Random = field(default_factory=random.SystemRandom)

    @property
    def bundle(self) -> str:
        """One name for all parts together, stored with every suggestion."""
        parts = (self.retriever.version, self.reranker.version, self.generator.version, self.ranker.version)
        return "+".join(parts)

    def warm(self) -> None:
        """Load the model now, so that the first case does not wait for it."""
        self.embedder.embed(["warm"])

    def suggest(self, case: Case, revision: int, seed: int | None = None) -> Suggestion:
        """Two candidates for the conversation as it stands.

        The same case, knowledge, solved cases and seed give the same suggestion but for its id and times.
        Raises EmptyKnowledge where there is nothing to answer from.
        """
        seed = self.seeds.getrandbits(32) if seed is None else seed
        timings: dict[str, float] = {}
        with _timed(timings, "retrieve"):
            query = self.retriever.query(case.turns)
            retrieved = self.retriever.retrieve(case.turns, SNIPPETS_RETRIEVED)
        with _timed(timings, "rerank"):
            shown = self.reranker.rerank(query, retrieved, SNIPPETS_SHOWN)
        with _timed(timings, "similar"):
            similar = self.memory.similar(_question(case.turns), besides=case.id)
        request = DraftRequest(case.turns, query, tuple(shown), tuple(similar), seed)
        with _timed(timings, "draft"):
            drafts = self.generator.draft(request)
        with _timed(timings, "rank"):
            scores = self.ranker.score(request, drafts)
        return self._suggestion(case, revision, request, retrieved, drafts, scores, timings)

    def _suggestion(
        self,
        case: Case,
        revision: int,
        request: DraftRequest,
        retrieved: Sequence[RankedSnippet],
        drafts: Sequence[Draft],
        scores: Sequence[float],
        timings: dict[str, float],
    ) -> Suggestion:
        candidates = draw_candidates(drafts, scores, random.Random(request.seed))
        return Suggestion(
            id=new_id("sug"),
            case_id=case.id,
            revision=revision,
            turns=case.turns,
            query=request.query,
            retrieved=tuple(retrieved),
            shown=request.shown,
            candidates=candidates,
            similar=request.similar,
            bundle=self.bundle,
            parameters={
                "seed": request.seed,
                "index_generation": self.retriever.generation,
                "drafts": [{"style": draft.style, "score": score} for draft, score in zip(drafts, scores, strict=True)],
            },
            timings_s=timings,
            created_at=self.clock(),
        )


def draw_candidates(drafts: Sequence[Draft], scores: Sequence[float], draw: random.Random) -> tuple[Candidate, ...]:
    """The best-scored draft and one drawn from the rest, each in a slot drawn by a fair coin."""
    order = sorted(range(len(drafts)), key=lambda place: -scores[place])
    chosen = [drafts[order[0]], *([drafts[draw.choice(order[1:])]] if len(order) > 1 else [])]
    draw.shuffle(chosen)
    return tuple(
        Candidate(slot, draft.text, draft.style, draft.source, draft.bundle, draft.report, draft.solved_case_id)
        for slot, draft in zip(SLOTS, chosen, strict=False)
    )


def _question(turns: Sequence[Turn]) -> str:
    """What the customer asked last: what a solved case is compared by."""
    said = [turn.text for turn in turns if turn.role == "customer" and turn.text.strip()]
    return said[-1] if said else turns[-1].text


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - start
