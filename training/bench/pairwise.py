"""How often a ranker puts the better of two rated replies first, with intervals by conversation.

rated = rate(read_pairs(DIR), suggester.retriever, suggester.embedder, suggester.reranker)
pairwise_accuracy(suggester.ranker, [one for one in rated if ...])
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.ports import Ranker
from core.values import SNIPPETS_SHOWN
from training.bench.rated_replies import Rated
from training.evaluation.metrics import Estimate, bootstrap_interval
from training.lessons.ranking_rows import preferred_shares

ALL = "all"
SAME_PASSAGE, OTHER_PASSAGES = "both rest on the same passage", "they rest on different ones"


def pairwise_accuracy(ranker: Ranker, rated: Sequence[Rated]) -> dict[str, Estimate]:
    """The share of pairs in the right order, a pair it cannot tell apart counting half: in all, and by kind of pair.

    Kinds: whether both replies rest on the same passage, and where the search put a right one. A kind without pairs is
    left out; `rated` is not empty.
    """
    shares = preferred_shares(ranker, [one.row for one in rated])
    return _estimates(shares, rated)


def longer_wins(rated: Sequence[Rated]) -> Estimate:
    """The same of one that always prefers the longer reply."""
    return _estimates([_longer(one) for one in rated], rated)[ALL]


def _estimates(shares: Sequence[float], rated: Sequence[Rated]) -> dict[str, Estimate]:
    kinds: Mapping[str, list[bool]] = {
        ALL: [True for _ in rated],
        SAME_PASSAGE: [one.same_passage for one in rated],
        OTHER_PASSAGES: [not one.same_passage for one in rated],
        "a right passage comes first": [one.place == 1 for one in rated],
        f"it is among the {SNIPPETS_SHOWN}": [1 < one.place <= SNIPPETS_SHOWN for one in rated],
        "it is not shown": [one.place == 0 or one.place > SNIPPETS_SHOWN for one in rated],
    }
    return {name: _estimate(shares, rated, those) for name, those in kinds.items() if any(those)}


def _estimate(shares: Sequence[float], rated: Sequence[Rated], those: Sequence[bool]) -> Estimate:
    picked = [(share, one.row["case_id"]) for share, one, this in zip(shares, rated, those, strict=True) if this]
    return bootstrap_interval([share for share, _ in picked], [case for _, case in picked])


def _longer(one: Rated) -> float:
    longer = len(one.row["chosen"]) - len(one.row["rejected"])
    return 0.5 if not longer else float(longer > 0)
