"""Which snippets of the whole knowledge base say what an agent said: by words alone, so that no model has a part in it.

A search that is itself on trial must not tell what it should have found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from core.checker.support import support
from core.values import Snippet
from core.words import content_stems

_LOOKED_AT = 25  # snippets per claim, those that hold most of its rarer words


class Sources:
    """The knowledge base by its words. Made once for many claims."""

    def __init__(self, snippets: Iterable[Snippet]) -> None:
        self.by_id = {one.id: one for one in snippets}
        self._holding: dict[str, list[str]] = defaultdict(list)
        for one in self.by_id.values():
            for stem in content_stems(f"{one.title} {one.section} {one.text}"):
                self._holding[stem].append(one.id)

    def bearing(self, claims: Sequence[str]) -> frozenset[str]:
        """The ids of the snippets that say some of it: for each claim the one that says most of it, with its equals."""
        return frozenset(one for claim in claims for one in self._bearing(claim))

    def nearest(self, claims: Sequence[str]) -> Snippet | None:
        """The snippet that has most words in common with all of it; None where none has any."""
        best = self._likely(" ".join(claims))[:1]
        return self.by_id[best[0]] if best else None

    def _bearing(self, claim: str) -> list[str]:
        found = {one: support(claim, self.by_id[one]) for one in self._likely(claim)}
        most = max((one.covered for one in found.values() if one.supported), default=0.0)
        return [snippet_id for snippet_id, one in found.items() if one.supported and one.covered >= most]

    def _likely(self, text: str) -> list[str]:
        """The best first: by the words they share with the text, each the more the fewer snippets hold it."""
        shared: Counter[str] = Counter()
        for stem in content_stems(text):
            holding = self._holding.get(stem, [])
            for snippet_id in holding:
                shared[snippet_id] += 1000 // len(holding) + 1
        return [one for one, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]]
