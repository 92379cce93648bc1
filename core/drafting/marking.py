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
from core.citations import without_marks
from core.sentences import split_sentences
from core.values import RankedSnippet

NOTHING_KNOWN: Mapping[str, Sequence[int]] = MappingProxyType({})
_NUMBER = re.compile(r"\[(\d{1,3})\]")
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


def with_right_marks(text: str, shown: Sequence[RankedSnippet]) -> str:
    """The text with the mark of the snippet that says it, wherever a sentence cites one that does not.

    Language models know what they read better than where. A sentence that no snippet bears keeps its mark, so that the
    checker objects to it; one that cites several is left alone, for they may say it together.
    """
    by_rank = {ranked.rank: ranked.snippet for ranked in shown}
    place = 0
    for sentence in split_sentences(text):
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(text, place)
        if found is None:
            continue
        place = found.end()
        cited = {int(n) for n in _NUMBER.findall(sentence)} & by_rank.keys()
        claim = claim_of(without_marks(sentence))
        if len(cited) != 1 or not claim or support(claim, by_rank[next(iter(cited))]).supported:
            continue
        if right := _source(claim, shown):
            said = f"{without_marks(found.group())} [{right[0]}]"
            text = text[: found.start()] + said + text[place:]
            place = found.start() + len(said)
    return text


def _source(claim: str, shown: Sequence[RankedSnippet]) -> tuple[int, ...]:
    """The number of one snippet, or none."""
    found = [(support(claim, ranked.snippet), ranked.rank) for ranked in shown] if claim else []
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return (min(bearing)[1],) if bearing else ()
