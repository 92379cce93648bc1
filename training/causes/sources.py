"""Which snippets of the whole knowledge base say what an agent said: by words alone, so that no model has a part in it.

A search that is itself on trial must not tell what it should have found. An article counts as the source of a reply
where it bears half of what the reply states and holds most of its words; a reply counts as standing nowhere where no
article does either or, if it states amounts, where none that holds most of its words states them. In between nobody can
tell. On the replies of the 455 English sample cases that an article answers, .83 lead to a right article, .02 to a
wrong one, and .04 count as standing nowhere (.01 if amounts did not count); with the right articles taken out of the
knowledge base .14 lead to another one, and .71 count as standing nowhere (.52).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

from core.checker.quantities import Quantity, missing, quantities
from core.checker.support import support
from core.values import Snippet
from core.words import content_stems, coverage

_SHARE = 0.5  # of the claims
_MOST_WORDS = 0.65  # of their content words
_LOOKED_AT = 25  # snippets per claim, those that hold most of its rarer words


class Sources:
    """The knowledge base by its words. Made once for many claims."""

    def __init__(self, snippets: Iterable[Snippet]) -> None:
        self.by_id = {one.id: one for one in snippets}
        self._holding: dict[str, list[str]] = defaultdict(list)
        self._words: dict[str, set[str]] = defaultdict(set)  # by article
        for one in self.by_id.values():
            stems = content_stems(f"{one.title} {one.section} {one.text}")
            self._words[one.article_id] |= stems
            for stem in stems:
                self._holding[stem].append(one.id)

    def bearing(self, claims: Sequence[str]) -> frozenset[str]:
        """The ids of the snippets that say it, of the articles that count as its source; empty where none does."""
        bearing = [self._bearing(claim, self._likely(claim)) for claim in claims]
        by_article = self._articles(bearing)
        most = max(by_article.values(), default=0)
        sources = self._that_hold(claims, [one for one, count in by_article.items() if count == most])
        if most < _SHARE * len(claims):
            return frozenset()
        return frozenset(one for some in bearing for one in some if self._article(one) in sources)

    def is_nowhere(self, claims: Sequence[str]) -> bool:
        """Whether no article bears half of it or holds most of its words; of one that states amounts, whether none
        that holds most of its words states all amounts of a sentence.
        """
        holding = self._that_hold(claims, self._words)
        amounts = [found for claim in claims if (found := quantities(claim))]
        if amounts:
            return not any(self._states(one, amounts) for one in holding)
        return not holding and self._borne_most(claims) < _SHARE * len(claims)

    def bears_none(self, claims: Sequence[str]) -> bool:
        """Whether no snippet says any of it."""
        return not any(self._bearing(claim, self._likely(claim)) for claim in claims)

    def bearing_within(self, articles: Collection[str], claims: Sequence[str]) -> frozenset[str]:
        """The same where it is known which articles say it."""
        own = [one.id for one in self.by_id.values() if one.article_id in articles]
        return frozenset(one for claim in claims for one in self._bearing(claim, own))

    def nearest(self, claims: Sequence[str]) -> Snippet | None:
        """The snippet that has most words in common with all of it; None where none has any."""
        best = self._likely(" ".join(claims))[:1]
        return self.by_id[best[0]] if best else None

    def _bearing(self, claim: str, among: Sequence[str]) -> list[str]:
        found = {one: support(claim, self.by_id[one]) for one in among}
        most = max((one.covered for one in found.values() if one.supported), default=0.0)
        return [snippet_id for snippet_id, one in found.items() if one.supported and one.covered >= most]

    def _articles(self, bearing: Sequence[Sequence[str]]) -> Counter[str]:
        """Of how many of the claims each is a source; `bearing`: by claim the snippets that say it."""
        return Counter(article for some in bearing for article in {self._article(one) for one in some})

    def _borne_most(self, claims: Sequence[str]) -> int:
        """Of how many the article that says most of them is a source."""
        return max(self._articles([self._bearing(one, self._likely(one)) for one in claims]).values(), default=0)

    def _article(self, snippet_id: str) -> str:
        return self.by_id[snippet_id].article_id

    def _that_hold(self, claims: Sequence[str], articles: Iterable[str]) -> frozenset[str]:
        """Those of the articles that hold most of its words."""
        stems = content_stems(" ".join(claims))
        return frozenset(one for one in articles if coverage(stems, self._words[one]) >= _MOST_WORDS)

    def _states(self, article: str, amounts: Sequence[list[Quantity]]) -> bool:
        """Whether it has all amounts of one of these sentences."""
        own = (one for one in self.by_id.values() if one.article_id == article)
        there = quantities("\n".join(f"{one.title}. {one.section}. {one.text}" for one in own))
        return any(not missing(found, there) for found in amounts)

    def _likely(self, text: str) -> list[str]:
        """The best first: by the words they share with the text, each the more the fewer snippets hold it."""
        shared: Counter[str] = Counter()
        for stem in content_stems(text):
            holding = self._holding.get(stem, [])
            for snippet_id in holding:
                shared[snippet_id] += 1000 // len(holding) + 1
        return [one for one, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))[:_LOOKED_AT]]
