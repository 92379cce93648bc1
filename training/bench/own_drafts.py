"""Does a trained ranker put the draft first that is nearest to the human reply? On the product's own drafts.

A scripted agent with a known taste prefers, of two drafts drawn as the product draws them, the one whose meaning is
nearer to the reply that a person wrote; the nearer by, the stronger. What was learned from some sample cases is
measured on the others.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from core.citations import without_marks
from core.exports import conversation
from core.ports import DraftRequest, Embedder, Ranker
from core.response_ranker.ranker import LearnedRanker, load_ranker
from core.sample import SampleCase
from core.solved_cases import question_of
from core.suggest import FirstDraftsRanker, Suggester, draw_drafts, with_english_keywords
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Draft
from training.evaluation.metrics import Estimate, bootstrap_interval
from training.lessons.ranking_rows import Row
from training.lessons.screens import screen_of
from training.trainers.artefact import Job
from training.trainers.ranker import train_ranker

_SEED = 20260601
_HELD_OUT = 0.3
_SLIGHTLY, _CLEARLY = 0.02, 0.08  # differences of cosine from which on a preference has strength 2 and 3


@dataclass(frozen=True, slots=True)
class Written:
    """One case: its drafts in the order of writing, each one's cosine to the human reply, and how long they took."""

    id: str
    request: DraftRequest
    drafts: tuple[Draft, ...]
    nearness: tuple[float, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class OwnDrafts:
    """`first`: mean cosine of the first-ranked draft to the human reply, by who ranks. `gain`: trained minus written.

    `learned_from`: preferences. `cost`: seconds of ranking for each second of drafting, vectors being remembered.
    """

    cases: int
    learned_from: int
    first: Mapping[str, Estimate]
    gain: Estimate
    accuracy: float  # of the ranker, on pairs left out while training
    cost: float


def measure_own_drafts(suggester: Suggester, cases: Sequence[SampleCase], folder: Path) -> OwnDrafts:
    """Write drafts for all cases, learn from most of them, measure on the rest."""
    embedder = suggester.embedder
    written = [_written(suggester, case, embedder) for case in cases]
    random.Random(_SEED).shuffle(written)
    cut = round(len(written) * _HELD_OUT)
    rows = [row for number, one in enumerate(written[cut:]) if (row := _preference(one, number))]
    artefact = train_ranker(rows, embedder, Job(folder / "ranker", parent=0, data_hash="sample"))
    trained, later = load_ranker(artefact.folder, embedder), written[:cut]
    as_written, learned = _first(FirstDraftsRanker(), later), _first(trained, later)
    ids = [one.id for one in later]
    return OwnDrafts(
        cases=len(later),
        learned_from=len(rows),
        first={
            "as written": bootstrap_interval(as_written, ids),
            "trained ranker": bootstrap_interval(learned, ids),
            "nearest of all": bootstrap_interval([max(one.nearness) for one in later], ids),
        },
        gain=bootstrap_interval([new - old for new, old in zip(learned, as_written, strict=True)], ids),
        accuracy=artefact.manifest["metrics"]["accuracy"],
        cost=_cost(trained, later),
    )


def _written(suggester: Suggester, case: SampleCase, embedder: Embedder) -> Written:
    found = suggester.retriever.search(with_english_keywords(case.turns), SNIPPETS_RETRIEVED)
    shown = suggester.reranker.rerank(found.query, found.snippets, SNIPPETS_SHOWN)
    similar = suggester.memory.similar(question_of(case.turns), besides=case.id)
    request = DraftRequest(case.turns, found.query, tuple(shown), tuple(similar), _SEED)
    start = time.perf_counter()
    drafts = tuple(suggester.generator.draft(request))
    seconds = time.perf_counter() - start
    vectors = embedder.embed([case.reply, *(without_marks(one.text) for one in drafts)])
    return Written(case.id, request, drafts, tuple(float(one) for one in vectors[1:] @ vectors[0]), seconds)


def _preference(one: Written, number: int) -> Row | None:
    """What the scripted agent says about two of the drafts; None where both are as near."""
    first, second = draw_drafts([-float(place) for place in range(len(one.drafts))], _SEED + number)
    if one.nearness[first] == one.nearness[second]:
        return None
    chosen, rejected = sorted((first, second), key=lambda place: -one.nearness[place])
    nearer = one.nearness[chosen] - one.nearness[rejected]
    return {
        "prompt": conversation(one.request.turns),
        "chosen": without_marks(one.drafts[chosen].text),
        "rejected": without_marks(one.drafts[rejected].text),
        "margin": (1 + (nearer >= _SLIGHTLY) + (nearer >= _CLEARLY)) / 3,
        "weight": 1.0,
        "case_id": one.id,
        "chosen_slot": "a" if chosen == first else "b",
        "chosen_draft": _value(one.drafts[chosen], chosen),
        "rejected_draft": _value(one.drafts[rejected], rejected),
        "screen": screen_of(one.request),
    }


def _value(draft: Draft, place: int) -> Row:
    return {"text": draft.text, "style": draft.style, "source": draft.source, "place": place}


def _first(ranker: Ranker, cases: Sequence[Written]) -> list[float]:
    """How near the first-ranked draft of each case is to the human reply."""
    return [one.nearness[int(np.argmax(ranker.score(one.request, one.drafts)))] for one in cases]


def _cost(ranker: LearnedRanker, cases: Sequence[Written]) -> float:
    """The vectors of these screens are remembered, as they are when the drafting stage has just asked for them."""
    start = time.perf_counter()
    for one in cases:
        ranker.score(one.request, one.drafts)
    return (time.perf_counter() - start) / sum(one.seconds for one in cases)
