"""What is measured of two bundles that answered the same questions, and what each measure is called.

What is known to be right comes from labels alone: helpful marks, what an adopted reply cites, links of reports.

    retrieval      recall@75, precision@8, nDCG@10, RR         known-relevant snippets, ir-measures
                   nDCG@10 of judged snippets                  the same, without what nobody judged
                   nDCG@10 with estimates                      the same, with its chance (estimates.py)
    choice         pairwise accuracy                           held-out preferences, each bundle's ranker
    drafts         citations                                   share of facts that the checker finds supported
                   helpfulness                                 the champion's ranker, on the draft it likes best
                   helpfulness by the language model           win rate, asked twice; decides nothing (llm_judge.py)
                   closeness                                   cosine of the first draft to what a person wrote
    facts          length, seconds, unjudged

Labels exist for what was on a screen, and that is what a champion found. Where nobody judged a snippet, it counts as
wrong in the first row, which favours the champion; the second row leaves it out (condensed lists: Sakai 2007,
Alternatives to Bpref), which favours the candidate a little, for what misled the champion is judged and what misleads
the candidate is not; the third gives it the chance that its places in both rankings speak for. `verdict.py` says how
they are used together. recall@75, precision@8 and RR are for reading
alone: of what the champion showed it found everything, and of condensed lists the first eight hold nearly all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np

from core.citations import without_marks
from core.ports import Embedder, Ranker
from core.response_ranker.ranker import helpfulness
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Draft
from training.evaluation.answers import Answered, Found
from training.evaluation.estimates import Rankings, estimated_gains
from training.evaluation.gate import Scores
from training.evaluation.questions import Question
from training.evaluation.rankings import RIGHT, Labels, score_gains, score_rankings

# What a person reads, and what ir-measures calls it.
RETRIEVAL = {
    f"recall@{SNIPPETS_RETRIEVED}": f"R@{SNIPPETS_RETRIEVED}",
    f"precision@{SNIPPETS_SHOWN}": f"P@{SNIPPETS_SHOWN}",
    "nDCG@10": "nDCG@10",
    "nDCG@10 of judged snippets": "nDCG(judged_only=True)@10",
    "MRR": "RR",
}
RANKING = "nDCG@10"
RANKING_ESTIMATED = "nDCG@10 with estimates"
RANKING_OF_JUDGED = "nDCG@10 of judged snippets"
CHOICE = "pairwise accuracy"
CITATIONS = "citation correctness"
HELPFULNESS = "helpfulness"
HELPFULNESS_LLM = "helpfulness by the language model"
CLOSENESS = "closeness to the written reply"
UNJUDGED = "unjudged share of the eight"
WORDS = "words per draft"
SECONDS = "seconds per case"
SLOWEST = "seconds per case, 95th percentile"

BothFound = tuple[Found, Found]
BothAnswered = tuple[Answered, Answered]
"""Of the champion first, then of the candidate."""


def retrieval_scores(asked: Sequence[Question], found: Sequence[BothFound]) -> list[Scores]:
    """Of the questions to which something right is known; [] where there are none."""
    champion, candidate = (
        {question.id: both[side].ids for question, both in zip(asked, found, strict=True)} for side in (0, 1)
    )
    return search_scores(
        {one.id: one.labels for one in asked},
        {one.id: one.marked for one in asked},
        {one.id: one.case.id for one in asked},
        champion,
        candidate,
    )


def search_scores(
    labels: Mapping[str, Labels],
    marked: Mapping[str, Collection[str]],
    cases: Mapping[str, str],
    champion: Rankings,
    candidate: Rankings,
) -> list[Scores]:
    """The same from plain values, all by query; `cases`: the ids of their cases."""
    known = {query: some for query, some in labels.items() if any(label >= RIGHT for label in some.values())}
    if not known:
        return []
    of_case = [cases[query] for query in known]
    old, new = (score_rankings(side, known, RETRIEVAL.values()) for side in (champion, candidate))
    measured = [
        Scores(name, [*old[measure].values()], [*new[measure].values()], of_case) for name, measure in RETRIEVAL.items()
    ]
    gains = estimated_gains(labels, marked, champion, candidate)
    of_known = {query: gains[query] for query in known}
    by_chance = [score_gains(side, of_known, RETRIEVAL[RANKING]) for side in (champion, candidate)]
    estimated = Scores(RANKING_ESTIMATED, [*by_chance[0].values()], [*by_chance[1].values()], of_case)
    return [*measured, estimated]


def draft_scores(
    asked: Sequence[Question], answered: Sequence[BothAnswered], frozen: Ranker, embedder: Embedder
) -> list[Scores]:
    """Of the drafts, those measures that have rows. `frozen`: the champion's ranker. `embedder`: the one that ships."""
    cases = [question.case.id for question in asked]
    measured: dict[str, list[tuple[float, float] | None]] = {
        CITATIONS: [(_supported(old.first), _supported(new.first)) for old, new in answered],
        HELPFULNESS: [_helpful(frozen, old, new) for old, new in answered],
        CLOSENESS: [
            _closeness(embedder, question.reply, old.first, new.first)
            for question, (old, new) in zip(asked, answered, strict=True)
        ],
    }
    return [made for name, rows in measured.items() if (made := scores_of(name, rows, cases)) is not None]


def comparison_scores(asked: Sequence[Question], won: Sequence[tuple[float, float] | None]) -> list[Scores]:
    """Of those comparisons by the language model that count; [] where none does."""
    made = scores_of(HELPFULNESS_LLM, won, [question.case.id for question in asked])
    return [] if made is None else [made]


def scores_of(name: str, rows: Sequence[tuple[float, float] | None], cases: Sequence[str]) -> Scores | None:
    """One row per question, (champion, candidate); those that are None have no value. None where none has."""
    kept = [(row, case) for row, case in zip(rows, cases, strict=True) if row is not None]
    if not kept:
        return None
    return Scores(name, [row[0] for row, _ in kept], [row[1] for row, _ in kept], [case for _, case in kept])


def facts_of(
    asked: Sequence[Question],
    found: Sequence[BothFound],
    their: Sequence[BothFound],
    answered: Sequence[BothAnswered],
) -> dict[str, tuple[float, float]]:
    """(champion, candidate) by name. `their`: what was found for the questions that were also `answered`."""
    if not asked:
        return {}
    unjudged = [
        [_unjudged(both[side], question) for question, both in zip(asked, found, strict=True)] for side in (0, 1)
    ]
    facts = {UNJUDGED: (_mean(unjudged[0]), _mean(unjudged[1]))}
    if answered:
        words = [[len(both[side].first.text.split()) for both in answered] for side in (0, 1)]
        spent = [
            [one[side].seconds + other[side].seconds for one, other in zip(their, answered, strict=True)]
            for side in (0, 1)
        ]
        facts[WORDS] = (_mean(words[0]), _mean(words[1]))
        facts[SECONDS] = (float(np.median(spent[0])), float(np.median(spent[1])))
        facts[SLOWEST] = (float(np.quantile(spent[0], 0.95)), float(np.quantile(spent[1], 0.95)))
    return facts


def answers_right(found: Found, question: Question) -> bool:
    """Whether something that is known to help would stand on the screen."""
    return bool(found.shown & question.right)


def _helpful(frozen: Ranker, old: Answered, new: Answered) -> tuple[float, float] | None:
    """Of each bundle the draft that the frozen ranker likes best: what it can write, whoever chooses."""
    liked = [[helpfulness(frozen, one.request, draft) for draft in one.drafts] for one in (old, new)]
    best = [max((score for score in some if score is not None), default=None) for some in liked]
    return None if best[0] is None or best[1] is None else (best[0], best[1])


def _supported(draft: Draft) -> float:
    """The share of its facts that the checker finds in what they cite; 1.0 for a draft without any."""
    facts = [check.supported for check in draft.report.sentences if check.states_fact]
    return sum(facts) / len(facts) if facts else 1.0


def _closeness(embedder: Embedder, reply: str | None, old: Draft, new: Draft) -> tuple[float, float] | None:
    texts = [without_marks(one.text) for one in (old, new)]
    if not reply or not all(texts):
        return None
    sent, *vectors = embedder.embed([reply, *texts])
    return float(np.vecdot(vectors[0], sent)), float(np.vecdot(vectors[1], sent))


def _unjudged(found: Found, question: Question) -> float:
    return 1.0 - len(found.shown & set(question.labels)) / len(found.shown) if found.shown else 0.0


def _mean(values: Iterable[float]) -> float:
    return float(np.mean(list(values)))
