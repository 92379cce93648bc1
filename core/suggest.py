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
from dataclasses import dataclass, field, replace

from core.clock import Clock
from core.glossary import english_keywords
from core.ids import new_id
from core.ports import DraftRequest, Embedder, Generator, Ranker, Reranker, Retrieved, Retriever
from core.registry.bundle import BASE
from core.solved_cases import SolvedCaseMemory, question_of
from core.values import (
    SLOTS,
    SNIPPETS_RETRIEVED,
    SNIPPETS_SHOWN,
    Candidate,
    Case,
    Draft,
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
    version: int = BASE
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

    def suggest(self, case: Case, revision: int, seed: int | None = None) -> Suggestion:
        """Two candidates for the conversation as it stands.

        The same case, knowledge, solved cases and seed give the same suggestion but for its id and times.
        Raises EmptyKnowledge where there is nothing to answer from.
        """
        seed = self.seeds.getrandbits(32) if seed is None else seed
        timings: dict[str, float] = {}
        with _timed(timings, "retrieve"):
            retrieved = self.retriever.search(with_english_keywords(case.turns), SNIPPETS_RETRIEVED)
        with _timed(timings, "rerank"):
            shown = self.reranker.rerank(retrieved.query, retrieved.snippets, SNIPPETS_SHOWN)
        with _timed(timings, "similar"):
            similar = self.memory.similar(question_of(case.turns), besides=case.id)
        request = DraftRequest(case.turns, retrieved.query, tuple(shown), tuple(similar), seed)
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
        retrieved: Retrieved,
        drafts: Sequence[Draft],
        scores: Sequence[float],
        timings: dict[str, float],
    ) -> Suggestion:
        drawn = draw_drafts(scores, request.seed)
        return Suggestion(
            id=new_id("sug"),
            case_id=case.id,
            revision=revision,
            turns=case.turns,
            query=request.query,
            retrieved=retrieved.snippets,
            shown=request.shown,
            candidates=_candidates(drafts, drawn, self.bundle),
            similar=request.similar,
            bundle=self.bundle,
            parameters={
                "seed": request.seed,
                "parts": self.parts,
                "index_generation": retrieved.generation,
                "drafts": _record(drafts, scores, drawn),
            },
            timings_s=timings,
            created_at=self.clock(),
            notice=notice_of([drafts[place] for place in drawn]),
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


def _candidates(drafts: Sequence[Draft], drawn: Sequence[int], bundle: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(slot, draft.text, draft.style, draft.source, bundle, draft.report, draft.solved_case_id)
        for slot, draft in zip(SLOTS, [drafts[place] for place in drawn], strict=False)
    )


def _record(drafts: Sequence[Draft], scores: Sequence[float], drawn: Sequence[int]) -> list[dict[str, object]]:
    """Every draft as it stood for the draw: style, score, how likely it was to be shown, and its slot if it was."""
    best = max(range(len(scores)), key=lambda place: scores[place], default=0)
    slots = dict(zip(drawn, SLOTS, strict=False))
    return [
        {
            "style": draft.style,
            "score": score,
            "probability": 1.0 if place == best else 1 / (len(drafts) - 1),
            "slot": slots.get(place),
        }
        for place, (draft, score) in enumerate(zip(drafts, scores, strict=True))
    ]


def with_english_keywords(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """What is searched for: in place of a customer's turn in another language, the English words for it."""
    return tuple(
        replace(turn, text=keywords) if turn.role == "customer" and (keywords := english_keywords(turn.text)) else turn
        for turn in turns
    )


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - start
