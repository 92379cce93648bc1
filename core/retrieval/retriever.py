"""The first stage: what was asked last, what it is about, and which words it uses, in one score.

score(snippet) = cosine(query, snippet)                     the question, with the turns before it where needed
               + 0.8 · how clearly the snippet's title is named, fading with each turn that has passed;
                       in the last turn less for a title that only a few snippets share
               + 0.15 · BM25 of the customer's words, scaled to the best snippet

Where earlier turns name a title, that says what is talked about better than their other words do: the clearer the
naming, the less those words count.
"""

from __future__ import annotations

import contextlib
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptyKnowledge, IndexBroken
from core.ports import Embedder, Retrieved
from core.retrieval.focus import Focus, as_words, focus_of
from core.retrieval.generation import MakeLexicalIndex, OpenGeneration, OpensIndexes, PublishedKnowledge
from core.retrieval.live import LiveGeneration
from core.retrieval.terms import terms_of
from core.values import RankedSnippet, Turn

_NAME = "conversation-2"
_POOL = 400  # from each of the three sources; the exact score decides among their union
_CLEARLY = 0.4  # from here on a title counts as named in the query's words


@dataclass(frozen=True, slots=True)
class Weights:
    """How the parts of the score weigh against the cosine of the last customer turn (chosen on DSTC11's seed split)."""

    context: float = 0.75  # of all other turns together, as one vector
    context_words: float = 0.8  # of their words in BM25
    agent: float = 0.3  # of an agent's turn in the context, against a customer's
    fading: float = 0.85  # of a turn in the context, per turn of age
    naming: float = 0.8
    naming_fading: float = 0.9
    lexical: float = 0.15


class ConversationRetriever:
    """Finds snippets for a conversation in its embedder's live generation, and notices when another one goes live."""

    def __init__(
        self,
        knowledge: PublishedKnowledge,
        indexes: OpensIndexes,
        embedder: Embedder,
        make_lexical: MakeLexicalIndex,
        weights: Weights | None = None,
    ) -> None:
        self.embedder, self._weights = embedder, weights or Weights()
        self._live = LiveGeneration(knowledge, indexes, make_lexical, embedder)

    @property
    def version(self) -> str:
        """Query building, fusion and embedder together."""
        return f"{_NAME}:{self.embedder.version}"

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        """The k best snippets for this conversation; fewer where there are fewer.

        Its words: the last customer turn, then the titles the conversation names or, without any, its earlier turns.
        Raises EmptyKnowledge if there is nothing to search, EmptyText if no turn has words.
        """
        focus = focus_of(turns)
        try:
            return self._search(self.live(), focus, k)
        except IndexBroken:  # its grace period is over: another generation is live by now
            self._live.forget()
            return self._search(self.live(), focus, k)

    def prepare(self, conversations: Sequence[Sequence[Turn]]) -> None:
        """Encode at once what searches for these would encode one by one; of use where the embedder remembers.

        Raises EmptyText if one of them has no words.
        """
        focuses = [focus_of(turns) for turns in conversations]
        self.embedder.embed([text for one in focuses for text in (one.text, *(turn.text for turn in one.earlier))])

    def live(self) -> OpenGeneration:
        """The generation that is searched now.

        Raises EmptyKnowledge if there is nothing to search, IndexBroken where the index is unusable or there is none
        for this embedder.
        """
        return self._live.get()

    def warm(self) -> None:
        """Load the model and open the live generation, where there is one, so that the first case does not wait."""
        self.embedder.embed(["warm"])
        with contextlib.suppress(EmptyKnowledge):
            self.live()

    def _search(self, live: OpenGeneration, focus: Focus, k: int) -> Retrieved:
        strengths, clearness = self._named(live, focus)
        query = self._vector(focus, 1.0 - clearness)
        bonus = self._weights.naming * strengths[live.naming.title_of] + self._lexical(live, focus, 1.0 - clearness)
        cosines = _cosines(live, query, bonus, max(_POOL, 4 * k))
        scores = {place: float(cosine + bonus[place]) for place, cosine in cosines.items()}
        best = heapq.nsmallest(k, scores, key=lambda place: (-scores[place], place))
        found = tuple(RankedSnippet(live.snippets[place], rank, scores[place]) for rank, place in enumerate(best, 1))
        return Retrieved(as_words(focus, _clearly_named(live, strengths)), found, live.record.id)

    def _named(self, live: OpenGeneration, focus: Focus) -> tuple[NDArray[np.float64], float]:
        """Per title how clearly it is named, faded by age; and the clearest naming in any turn, unfaded."""
        # The last turn's words are in the vector already: its naming counts as far as the title is a subject.
        strengths = live.naming.strengths(focus.text) * live.naming.breadth
        clearest = float(strengths.max(initial=0.0))
        for turn in focus.earlier:
            here = live.naming.strengths(turn.text)
            clearest = max(clearest, float(here.max(initial=0.0)))
            strengths = np.maximum(strengths, here * self._weights.naming_fading**turn.age)
        return strengths, clearest

    def _vector(self, focus: Focus, open_share: float) -> NDArray[np.float32]:
        """The query as one unit vector: the focus, and the other turns as far as no title says what they are about."""
        vectors = self.embedder.embed([focus.text, *(turn.text for turn in focus.earlier)])
        weights = [
            (1.0 if turn.by_customer else self._weights.agent) * self._weights.fading**turn.age
            for turn in focus.earlier
        ]
        if not weights:
            return _unit(vectors[0])
        context = _unit(np.average(vectors[1:], axis=0, weights=weights))
        return _unit(vectors[0] + self._weights.context * open_share * context)

    def _lexical(self, live: OpenGeneration, focus: Focus, open_share: float) -> NDArray[np.float64]:
        """BM25 of what the customer said, scaled so that the best snippet gets the whole weight."""
        total = live.lexical.scores(terms_of(focus.text)).astype(np.float64)
        for turn in focus.earlier:
            if turn.by_customer:
                weight = self._weights.context_words * open_share * self._weights.fading**turn.age
                total += weight * live.lexical.scores(terms_of(turn.text))
        most = total.max(initial=0.0)
        return total * (self._weights.lexical / most) if most > 0 else total


def _cosines(
    live: OpenGeneration, query: NDArray[np.float32], bonus: NDArray[np.float64], size: int
) -> dict[int, float]:
    """By place, of the `size` nearest by vector and of the best by name and words: all that could come first."""
    near = [live.place_of[hit.id] for hit in live.vectors.search(query, size) if hit.id in live.place_of]
    places = sorted({*near, *largest(bonus, size)})
    # Computed anew also for the nearest: an index that finds neighbours may round its scores.
    vectors = live.vectors.vectors([live.snippets[place].id for place in places])
    if not vectors:
        return {}
    cosines = np.vecdot(np.stack(list(vectors.values())), query)
    return {live.place_of[one_id]: float(cosine) for one_id, cosine in zip(vectors, cosines, strict=True)}


def largest(values: NDArray[np.float64], size: int) -> list[int]:
    """The places of the `size` largest values above 0, in no order; of equal ones the first."""
    positive = np.flatnonzero(values > 0)
    if len(positive) <= size:
        return [int(place) for place in positive]
    found = values[positive]
    least = np.partition(found, -size)[-size]
    above = positive[found > least]
    return [int(place) for place in (*above, *positive[found == least][: size - len(above)])]


def _clearly_named(live: OpenGeneration, strengths: NDArray[np.float64]) -> list[str]:
    """The titles the conversation names, the clearest first."""
    clear = np.flatnonzero(strengths >= _CLEARLY)
    return [live.naming.titles[int(place)] for place in clear[np.argsort(-strengths[clear], kind="stable")]]


def _unit(vector: NDArray[Any]) -> NDArray[np.float32]:
    length = float(np.linalg.norm(vector)) or 1.0
    return np.asarray(vector / length, dtype=np.float32)
