"""Which questions neither encoder learns from, so that what both make of them can be weighed without self-deception.

Drawn by the words they are asked in, and from more questions a smaller share: none that was learned from once is held
back later, so that a reranker may also be weighed against a retriever that an earlier cycle trained.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence

from training.negatives import Question

_SHARE, _SHARE_OF_FEW = 0.1, 0.2
_FEW, _MOST = 40, 120  # questions: with fewer a weight is mostly chance, with more it hardly gets surer


def held_back(questions: Sequence[Question]) -> frozenset[int]:
    """The groups of like questions that are kept out: about a tenth of the questions that have a pair, at most 120.

    Of fewer than 400 up to a fifth, to have 40. Never a group that most of the questions belong to.
    """
    sizes = Counter(one.group for one in questions if one.is_paired)
    share = _share(sizes.total())
    first_asked: dict[int, str] = {}
    for one in questions:
        first_asked.setdefault(one.group, one.anchor)
    return frozenset(
        group for group, size in sizes.items() if _drawn_at(first_asked[group]) < share and size <= sizes.total() / 2
    )


def may_be_spared(questions: Sequence[Question]) -> bool:
    """Whether they are so many that the retriever, too, can do without those that are held back.

    With fewer it learns from all: a tenth of the lessons is worth more to it than the reranker can add then.
    """
    return _share(sum(one.is_paired for one in questions)) <= _SHARE


def _share(paired: int) -> float:
    return min(_SHARE_OF_FEW, max(_SHARE, _FEW / paired), _MOST / paired) if paired else _SHARE_OF_FEW


def _drawn_at(text: str) -> float:
    """A number in [0, 1) that looks like chance and is always the same for a text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
