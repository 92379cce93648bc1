"""The first stage as a reranker will meet it: what its retriever finds for a question, and what is known about that."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.knowledge.chunking import embedding_text
from core.ports import Retrieved
from core.retrieval.blend import standardized
from core.values import Turn
from training.negatives import Judged, Question

READ = 12  # snippets of a question: the eight that are shown, and those that would come up
# What nobody judged counts as wrong, as when bundles are measured, but little: some of it would have helped.
_UNJUDGED = 0.1


@dataclass(frozen=True, slots=True)
class FirstStage:
    """`find`: what stands before the reranker when it serves. `version`: changes with what it finds."""

    version: str
    find: Callable[[Sequence[Turn]], Retrieved]


@dataclass(frozen=True, slots=True)
class FoundList:
    """What the reranker reads of one question. Per text: standardized score, and weight, below 0 if irrelevant."""

    query: str
    texts: tuple[str, ...]
    scores: tuple[float, ...]
    weights: tuple[float, ...]


def found_lists(questions: Sequence[Question], first_stage: FirstStage | None) -> Iterator[FoundList]:
    """One per question of which something helpful stands among the first.

    Without a first stage: the judged snippets alone, with the scores of the retriever that found them once.
    """
    for question in questions:
        found = _as_rows_say(question) if first_stage is None else _as_found(question, first_stage)
        if max(found.weights, default=0.0) > 0:
            yield found


def _as_rows_say(question: Question) -> FoundList:
    judged = question.judged
    scores = tuple(_first_stage(one) for one in judged)
    return FoundList(question.query, tuple(one.text for one in judged), scores, question.signed)


def _first_stage(judged: Judged) -> float:
    # What another retriever found stood below all that this one did, or it would have been among them.
    return judged.first_stage if judged.first_stage is not None else 0.0


def _as_found(question: Question, first_stage: FirstStage) -> FoundList:
    found = first_stage.find(question.turns)
    scores = standardized([one.score for one in found.snippets])[:READ]
    known = {one.snippet_id: weight for one, weight in zip(question.judged, question.signed, strict=True)}
    return FoundList(
        query=found.query,
        texts=tuple(embedding_text(one.snippet) for one in found.snippets[:READ]),
        scores=tuple(float(one) for one in scores),
        weights=tuple(known.get(one.snippet.id, -_UNJUDGED) for one in found.snippets[:READ]),
    )
