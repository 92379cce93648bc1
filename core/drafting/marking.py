"""`[n]` marks put back where a text says what a snippet says without naming it.

For what agents sent, whose marks were taken off, and for what language models write without them. Nothing but marks is
added, and only where the checker's own comparison finds the sentence in one snippet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.checker.speech import claim_of
from core.checker.support import support
from core.sentences import split_sentences
from core.values import RankedSnippet

_MARK = re.compile(r"\[\d{1,3}\]")


def with_marks(text: str, shown: Sequence[RankedSnippet]) -> str:
    """The text with a mark after each sentence that states a fact, has none, and stands in a snippet.

    Of several such snippets the one that holds most of its words, then the one shown first.
    """
    place = 0
    for sentence in split_sentences(text):
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, place)
        if found is None:
            continue  # put together over a list's marker: where it ends cannot be told
        place = found.end()
        if not _MARK.search(sentence) and (n := _source(claim_of(sentence), shown)) is not None:
            mark = f" [{n}]"
            text = text[:place] + mark + text[place:]
            place += len(mark)
    return text


def _source(claim: str, shown: Sequence[RankedSnippet]) -> int | None:
    if not claim:
        return None
    found = [(support(claim, ranked.snippet), ranked.rank) for ranked in shown]
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return min(bearing)[1] if bearing else None
