"""Which articles a turn names: the words of a title that single it out, found in what somebody said.

Earlier turns often carry what is being talked about ("How about the Belfry?") and the last one only the question
("Do they have parking?"). A title counts as named when the turn holds most of its rare words; titles made of words
that every article uses ("Cancelling your booking") are hardly ever named by accident.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.retrieval.terms import SnippetTerms, terms_of
from core.values import Snippet

# As much rareness as a third of one unique word is always missing: one common word never names a whole title.
_NEVER_CERTAIN = 0.3
# Less than this share of a title's rareness is chance.
_CHANCE = 0.3
# A title over this many snippets is wholly a subject: a hotel, a product, with all that is said about it.
_WHOLE_SUBJECT = 20


class TitleNaming:
    """The titles of one generation of snippets. Never changes; safe from several threads."""

    def __init__(self, snippets: Sequence[Snippet], read: Sequence[SnippetTerms]) -> None:
        """`read`: the terms of each snippet, in the same order."""
        titles = {title: place for place, title in enumerate(dict.fromkeys(one.title for one in snippets))}
        self.titles = list(titles)
        self.title_of = np.array([titles[one.title] for one in snippets], dtype=np.intp)  # (snippets,)
        # How much of a subject each title is, in (0, 1]. A title over a few snippets is rather about a question:
        # that a question has its words says little that comparing the vectors does not say. Shape (titles,).
        self.breadth = np.minimum(1.0, np.log1p(np.bincount(self.title_of)) / np.log1p(_WHOLE_SUBJECT))
        self._rareness = _rareness(self.title_of, read)
        self._whole = np.full(len(titles), _NEVER_CERTAIN)
        titles_with: dict[str, list[int]] = defaultdict(list)
        for place, first in enumerate(np.unique(self.title_of, return_index=True)[1]):
            for term in dict.fromkeys(read[first].title):
                titles_with[term].append(place)
                self._whole[place] += self._rareness[term]
        self._titles_with = {term: np.array(places, dtype=np.intp) for term, places in titles_with.items()}

    def strengths(self, text: str) -> NDArray[np.float64]:
        """How clearly the text names each title, in [0, 1). Shape (titles,)."""
        found = np.zeros(len(self.titles))
        for term in dict.fromkeys(terms_of(text)):
            if term in self._titles_with:
                found[self._titles_with[term]] += self._rareness[term]
        return np.asarray(np.clip((found / self._whole - _CHANCE) / (1 - _CHANCE), 0.0, 1.0), dtype=np.float64)


def _rareness(title_of: NDArray[np.intp], read: Sequence[SnippetTerms]) -> dict[str, float]:
    """Per term in (0, 1]: 1 where one title's snippets alone use it, near 0 where all do (BM25's idf, scaled)."""
    under: Counter[str] = Counter()  # how many titles have a snippet with this term
    by_title = np.argsort(title_of, kind="stable")
    starts = np.flatnonzero(np.diff(title_of[by_title], prepend=-1))
    for places in np.split(by_title, starts[1:]):
        under.update({term for place in places for term in (*read[place].title, *read[place].text)})
    most = _idf(len(starts), 1)
    return {term: _idf(len(starts), titles) / most for term, titles in under.items()}


def _idf(count: int, having: int) -> float:
    return math.log(1 + (count - having + 0.5) / (having + 0.5))
