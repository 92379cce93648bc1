"""`[n]` marks put back where a text says what a snippet says without naming it.

For what agents sent, whose marks were taken off, and for what language models write without them. Nothing but marks is
added, and only where the checker's own comparison finds the sentence in one snippet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from core.checker.speech import claim_of
from core.checker.support import support
from core.sentences import split_sentences
from core.values import RankedSnippet

NOTHING_KNOWN: Mapping[str, Sequence[int]] = MappingProxyType({})
_MARK = re.compile(r"\[\d{1,3}\]")


def with_marks(text: str, shown: Sequence[RankedSnippet], known: Mapping[str, Sequence[int]] = NOTHING_KNOWN) -> str:
    """The text with a mark after each sentence that states a fact, has none, and stands in a snippet.

    Of several such snippets the one that holds most of its words, then the one shown first. A sentence in `known` gets
    the numbers it has there, whatever the snippets say.
    """
    place = 0
    for sentence in split_sentences(text):
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, place)
        if found is None:
            continue  # put together over a list's marker: where it ends cannot be told
        place = found.end()
        if not _MARK.search(sentence):
            numbers = known.get(sentence) or _source(claim_of(sentence), shown)
            marks = "".join(f" [{n}]" for n in numbers)
            text = text[:place] + marks + text[place:]
            place += len(marks)
    return text


def _source(claim: str, shown: Sequence[RankedSnippet]) -> tuple[int, ...]:
    """The number of one snippet, or none."""
    found = [(support(claim, ranked.snippet), ranked.rank) for ranked in shown] if claim else []
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return (min(bearing)[1],) if bearing else ()
