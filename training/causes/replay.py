"""A suggestion replayed from any stage on, with the models of one bundle and the suggestion's own seed.

What came before the stage is as it was stored; what the stage gives is put in by hand; all that follows is real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.ports import DraftRequest, Retrieved
from core.suggest import Suggester, draw_drafts, with_english_keywords
from core.values import SNIPPETS_RETRIEVED, SNIPPETS_SHOWN, Candidate, Draft, RankedSnippet, Snippet, Suggestion, Turn

Right = frozenset[str]


@dataclass(frozen=True, slots=True)
class Replay:
    """One suggestion, and who answers now. Without randomness: the same call gives the same again."""

    suggester: Suggester
    suggestion: Suggestion

    def asked(self, text: str) -> Retrieved:
        """Another query: what the first stage finds for these words alone."""
        turns = with_english_keywords([Turn("customer", text)])
        return self.suggester.retriever.search(turns, SNIPPETS_RETRIEVED)

    def reranked(self, query: str, snippets: Sequence[RankedSnippet]) -> tuple[RankedSnippet, ...]:
        """The eight that the second stage makes of what is given to it as found."""
        return tuple(self.suggester.reranker.rerank(query, snippets, SNIPPETS_SHOWN))

    def drafted(self, query: str, shown: Sequence[RankedSnippet], answerable: bool = False) -> list[Draft]:
        """The drafts that would be shown for this screen."""
        given, seed = self.suggestion, self._seed
        chances = self.suggester.chances(shown)
        request = DraftRequest(given.turns, query, tuple(shown), given.similar, seed, chances, answerable)
        written = self.suggester.write(request, {})
        return [written.drafts[place] for place in draw_drafts(written.scores, seed)]

    @property
    def _seed(self) -> int:
        seed = self.suggestion.parameters.get("seed")
        return seed if isinstance(seed, int) else 0


def put_first(right: Sequence[Snippet], found: Sequence[RankedSnippet], most: int) -> tuple[RankedSnippet, ...]:
    """The right snippets before all others, with the best score there is; the last ones leave where it is too many."""
    score = max((one.score for one in found), default=1.0)
    ids = {one.id for one in right}
    first = [RankedSnippet(one, 0, score) for one in right]
    behind = [one for one in found if one.snippet.id not in ids]
    return tuple(replace(one, rank=rank) for rank, one in enumerate([*first, *behind][:most], 1))


def held(snippets: Sequence[RankedSnippet], right: Right) -> tuple[RankedSnippet, ...]:
    """Those of them that are right, in their order."""
    return tuple(one for one in snippets if one.snippet.id in right)


def is_sound(draft: Draft | Candidate, shown: Sequence[RankedSnippet], right: Right) -> bool:
    """Whether a draft answers, rests on a right snippet, and says nothing that its sources do not."""
    numbers = {one.rank for one in held(shown, right)}
    cited = {n for sentence in draft.report.sentences for n in sentence.citations}
    checked = draft.report.supported and draft.report.citations_valid
    return draft.source != "no_answer" and bool(numbers & cited) and checked
