"""A reply out of a similar solved case: each of its facts checked again and cited anew, or left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.checker.speech import claim_of
from core.checker.support import support
from core.citations import without_marks
from core.drafting.facts import is_dangling
from core.drafting.writing import cited
from core.sentences import split_sentences
from core.values import RankedSnippet, Snippet, SolvedCase
from core.words import words

_CAPITALISED = re.compile(r"(?<=[a-z0-9,;] )[A-Z][^\W\d_]+")
_ENOUGH_LEFT = 0.5  # of the facts of the old reply
_FEWEST_WORDS = 5


def retold(case: SolvedCase, shown: Sequence[RankedSnippet]) -> str:
    """The facts of the adopted reply that stand on the screen, each with its mark; "" where little remains.

    Greetings and regrets are left out: they were meant for somebody else.
    """
    kept: list[str] = []
    facts, before_kept = 0, False
    for sentence in split_sentences(without_marks(case.reply)):
        claim = claim_of(sentence)
        if not claim or claim.endswith(":"):
            continue
        facts += 1
        n = _bearing(claim, shown)
        if n is not None and not (is_dangling(claim) and not before_kept):
            kept.append(cited(claim[0].upper() + claim[1:], n))
            before_kept = True
        else:
            before_kept = False
    text = " ".join(kept)
    return text if facts and len(kept) / facts >= _ENOUGH_LEFT and len(text.split()) >= _FEWEST_WORDS else ""


def _names_a_stranger(claim: str, snippet: Snippet) -> bool:
    """True for a capitalised word inside the sentence that the snippet does not know: a name of another case."""
    known = set(words(f"{snippet.title} {snippet.section} {snippet.text}"))
    return any(name.lower() not in known for name in _CAPITALISED.findall(claim))


def _bearing(claim: str, shown: Sequence[RankedSnippet]) -> int | None:
    """The number of the snippet that says it most fully."""
    found = [(support(claim, one.snippet), one.rank) for one in shown if not _names_a_stranger(claim, one.snippet)]
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return min(bearing)[1] if bearing else None
