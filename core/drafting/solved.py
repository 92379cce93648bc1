"""A reply out of a similar solved case: each of its facts checked again and cited anew, or left out."""

from __future__ import annotations

from collections.abc import Sequence

from core.checker.speech import claim_of
from core.checker.support import support
from core.citations import without_marks
from core.drafting.writing import cited
from core.sentences import split_sentences
from core.values import RankedSnippet, SolvedCase

_ENOUGH_LEFT = 0.5  # of the facts of the old reply
_FEWEST_WORDS = 5


def retold(case: SolvedCase, shown: Sequence[RankedSnippet]) -> str:
    """The facts of the adopted reply that stand on the screen, each with its mark; "" where little remains.

    Greetings and regrets are left out: they were meant for somebody else.
    """
    kept: list[str] = []
    facts = 0
    for sentence in split_sentences(without_marks(case.reply)):
        claim = claim_of(sentence)
        if not claim or claim.endswith(":"):
            continue
        facts += 1
        n = _bearing(claim, shown)
        if n is not None:
            kept.append(cited(claim[0].upper() + claim[1:], n))
    text = " ".join(kept)
    return text if facts and len(kept) / facts >= _ENOUGH_LEFT and len(text.split()) >= _FEWEST_WORDS else ""


def _bearing(claim: str, shown: Sequence[RankedSnippet]) -> int | None:
    """The number of the snippet that says it most fully."""
    found = [(support(claim, one.snippet), one.rank) for one in shown]
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return min(bearing)[1] if bearing else None
