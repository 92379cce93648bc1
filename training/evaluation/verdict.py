"""From what was measured to what is decided: the primary measure, the guards, and what must never happen.

Each trained part has a measure of its own: retriever and reranker nDCG@10, the response ranker pairwise accuracy, the
generator helpfulness. Where several were trained, their rows are judged together, and each of them is a guard.

Of a search only what a champion showed has labels, so every measure leans to one side. nDCG@10 of the judged snippets
alone decides and guards; nDCG@10 with the unjudged ones by their chance (estimates.py) leans against a candidate that
finds much of what was never shown, and only doubts. By simulation (`python -m training.bench.gate`), how often of 40
times a candidate was refused / shown on a fifth of the cases / shown on all:

    true change of nDCG@10     a third of the eight marked     only cited snippets known     both
    +0.24  much better                    0 /  0 / 40                   0 /  0 / 40           0 /  0 / 40
    +0.05  better                         0 / 12 / 28                   0 /  8 / 32           0 /  5 / 35
     0.00  equal                          2 / 25 / 13                   0 / 33 /  7           2 / 28 / 10
    -0.04  worse                          7 / 29 /  4                   0 / 40 /  0          18 / 22 /  0
    -0.14  much worse                    31 /  9 /  0                  10 / 30 /  0          40 /  0 /  0

The first candidate of `aitl bench flywheel` on DSTC11 was +.03 [.02, .04] by the judged, -.02 [-.04, .01] with the
unjudged as wrong, +.08 [.07, .10] by their chances, and +.15 in truth.

precision@8, recall@75 and MRR guard nothing: of judged snippets alone the first eight hold nearly all, whoever ranks
them; of what the champion showed the champion has found everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from core.registry.bundle import Part
from training.evaluation.evaluate import Evaluation
from training.evaluation.gate import Decision, Scores, decide
from training.evaluation.measures import (
    CHOICE,
    CITATIONS,
    CLOSENESS,
    HELPFULNESS,
    RANKING_ESTIMATED,
    RANKING_OF_JUDGED,
    SLOWEST,
    WORDS,
)

# The first of these that enough cases have is what the part is judged by.
MEASURES: Mapping[Part, tuple[str, ...]] = {
    "retriever": (RANKING_OF_JUDGED, CLOSENESS),
    "reranker": (RANKING_OF_JUDGED, CLOSENESS),
    "ranker": (CHOICE, CLOSENESS),
    "generator": (HELPFULNESS, CLOSENESS),
}
GUARDS = (RANKING_OF_JUDGED, CHOICE, CITATIONS, HELPFULNESS, CLOSENESS)
# Leans against a candidate that finds other snippets: it may make nobody sure, and refuses nothing.
DOUBTS = (RANKING_ESTIMATED,)
# How a lead reads of it.
IN_WORDS: Mapping[str, str] = {
    RANKING_OF_JUDGED: "how high the helpful ones stand among the judged snippets (nDCG@10)",
    RANKING_ESTIMATED: "how high the helpful snippets stand by the chances of those nobody judged (nDCG@10)",
    CHOICE: "how often the preferred draft is put first (pairwise accuracy)",
    CITATIONS: "how many facts their citations support",
    HELPFULNESS: "how helpful the drafts are by the champion's ranker",
    CLOSENESS: "how close the first draft is to the reply that a person wrote",
}
# With fewer cases a bootstrap interval is too narrow to be believed.
FEWEST_CASES = 20
# Of the frozen questions so many may be missed: at the eighth place some come and go with every new model.
MISSED_SHARE = 0.05
MISSED_FEWEST = 2
# Twice as long, or half: whatever the measures say, that is another product, and people shall look at it first.
LENGTH_MOST = 2.0
# Slower than this, agents have typed their own reply by then.
SLOWEST_S = 10.0
SLOWER_MOST = 2.0
_NAMED = 3  # articles in a sentence


def measure_of(part: Part, evaluation: Evaluation, fewest_cases: int) -> Scores | None:
    """The scores that this part is judged by; None where nothing was measured."""
    known = [evaluation.scores[name] for name in MEASURES[part] if name in evaluation.scores]
    return next((one for one in known if len(set(one.cases)) >= fewest_cases), known[0] if known else None)


def verdict(
    evaluation: Evaluation,
    trained: Sequence[Part],
    slices: Mapping[str, Callable[[str], str]],
    margin: float,
    fewest_cases: int = FEWEST_CASES,
) -> Decision:
    """What becomes of the candidate. `slices`: by name ("channel"), the slice of a case id."""
    found = [measure_of(part, evaluation, fewest_cases) for part in trained]
    measured = {one.name: one for one in found if one is not None}
    primary = _joined([_in_words(one) for one in measured.values()])
    apart = [one for name, one in evaluation.scores.items() if name in GUARDS and [*measured] != [name]]
    others = [_in_words(one) for one in apart]
    guards = [*others, *(one for name, of in slices.items() for one in _sliced(primary, name, of))]
    doubts = [_in_words(evaluation.scores[name]) for name in DOUBTS if name in evaluation.scores]
    return decide(primary, guards, margin=margin, fewest_cases=fewest_cases, vetoes=vetoes(evaluation), doubts=doubts)


def vetoes(evaluation: Evaluation) -> list[str]:
    """Sentences of what must never happen and did."""
    said: list[str] = []
    allowed = max(MISSED_FEWEST, int(MISSED_SHARE * evaluation.frozen))
    if evaluation.missed > allowed:
        said.append(
            f"{evaluation.missed} of {evaluation.frozen} questions that are answered right now would be missed "
            f"(at most {allowed} may)."
        )
    if evaluation.lost:
        said.append(f"a question of its exam would no longer find {' or '.join(evaluation.lost[:_NAMED])}.")
    old, new = evaluation.facts.get(WORDS, (0.0, 0.0))
    if old and not 1 / LENGTH_MOST <= new / old <= LENGTH_MOST:
        said.append(f"its drafts have {new:.0f} words on average instead of {old:.0f}.")
    old, new = evaluation.facts.get(SLOWEST, (0.0, 0.0))
    if new > SLOWEST_S and new > SLOWER_MOST * old:
        said.append(f"a draft would take up to {new:.1f} s instead of {old:.1f} s.")
    return said


def _in_words(scores: Scores) -> Scores:
    return replace(scores, name=IN_WORDS.get(scores.name, scores.name))


def _joined(measures: Sequence[Scores]) -> Scores:
    """One measure as it is; the rows of several together."""
    if len(measures) == 1:
        return measures[0]
    return Scores(
        " and ".join(one.name for one in measures),
        [score for one in measures for score in one.champion],
        [score for one in measures for score in one.challenger],
        [case for one in measures for case in one.cases],
    )


def _sliced(scores: Scores, name: str, slice_of: Callable[[str], str]) -> list[Scores]:
    """The measure apart for each slice; none where all cases are in one."""
    of_row = [slice_of(str(case)) for case in scores.cases]
    if len(set(of_row)) < 2:
        return []
    return [
        Scores(
            f"{scores.name} in {name} {one}",
            [score for score, at in zip(scores.champion, of_row, strict=True) if at == one],
            [score for score, at in zip(scores.challenger, of_row, strict=True) if at == one],
            [case for case, at in zip(scores.cases, of_row, strict=True) if at == one],
        )
        for one in sorted(set(of_row))
    ]
