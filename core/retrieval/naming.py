"""Which articles a turn names: the words of a title that single it out, found in what somebody said.

Earlier turns often carry what is being talked about ("How about the Belfry?") and the last one only the question
("Do they have parking?"). A title counts as named when the turn holds most of its rare words; titles made of words
that every article uses ("Cancelling your booking") are hardly ever named by accident.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.retrieval.terms import terms_of
from core.values import Snippet

# As much rareness as a third of one unique word is always missing: one common word never names a whole title.
_NEVER_CERTAIN = 0.3
# Less than this share of a title's rareness is chance.
_CHANCE = 0.3
# A title over this many snippets is wholly a subject: a hotel, a product, with all that is said about it.
_WHOLE_SUBJECT = 20


class TitleNaming:
    """The titles of one generation of snippets. Never changes; safe from several threads."""

    def __init__(self, snippets: Sequence[Snippet]) -> None:
        titles = {title: place for place, title in enumerate(dict.fromkeys(one.title for one in snippets))}
        self.titles = list(titles)
        self.title_of = np.array([titles[one.title] for one in snippets], dtype=np.intp)  # (snippets,)
        # How much of a subject each title is, in (0, 1]. A title over a few snippets is rather about a question:
        # that a question has its words says little that comparing the vectors does not say. Shape (titles,).
        self.breadth = np.minimum(1.0, np.log1p(np.bincount(self.title_of)) / np.log1p(_WHOLE_SUBJECT))
        rareness = _rareness(snippets)
        self._titles_with: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._whole = np.full(len(titles), _NEVER_CERTAIN)
        for title, place in titles.items():
            for term in dict.fromkeys(terms_of(title)):
                self._titles_with[term].append((place, rareness[term]))
                self._whole[place] += rareness[term]

    def strengths(self, text: str) -> NDArray[np.float64]:
        """How clearly the text names each title, in [0, 1). Shape (titles,)."""
        found = np.zeros(len(self.titles))
        for term in dict.fromkeys(terms_of(text)):
            for place, rareness in self._titles_with.get(term, ()):
                found[place] += rareness
        return np.asarray(np.clip((found / self._whole - _CHANCE) / (1 - _CHANCE), 0.0, 1.0), dtype=np.float64)


def _rareness(snippets: Sequence[Snippet]) -> dict[str, float]:
    """Per term in (0, 1]: 1 where one title's snippets alone use it, near 0 where all do (BM25's idf, scaled)."""
    used_under: dict[str, set[str]] = defaultdict(set)
    for snippet in snippets:
        for term in terms_of(f"{snippet.title} {snippet.text}"):
            used_under[term].add(snippet.title)
    count = len({snippet.title for snippet in snippets})
    most = _idf(count, 1)
    return {term: _idf(count, len(titles)) / most for term, titles in used_under.items()}


def _idf(count: int, having: int) -> float:
    return math.log(1 + (count - having + 0.5) / (having + 0.5))
