"""What the whole knowledge base says that is nearest to a reply: a good one may rest on more than the screen shows.

A conversation often does not say what it is about, and then the right snippet is not among the eight; that what a
reply claims stands anywhere, under a heading like the question, is a sign that it was not made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.errors import EmptyKnowledge, IndexBroken
from core.response_ranker.belief import Vectors
from core.response_ranker.reply import Reply
from core.response_ranker.screen import Screen
from core.retrieval.retriever import ConversationRetriever
from core.values import Snippet
from core.words import content_stems, coverage

LOOKED_UP = ("known", "known_asked", "known_named", "known_subject", "known_shown", "known_said")
_QUESTION = 0.5  # of the question's vector, beside the reply's
_NEAREST = 4


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A snippet of the knowledge base and its unit vector, (dim,)."""

    snippet: Snippet
    vector: Vectors


class Lookup(Protocol):
    """Finds snippets by a vector of the embedder that drafts are written with."""

    @property
    def version(self) -> str:
        """Names what is searched now: another one may find something else."""
        ...

    def nearest(self, vector: Vectors, k: int) -> list[Neighbour]:
        """The k nearest by cosine, best first; none where there is nothing to search."""
        ...


class KnowledgeLookup:
    """In the generation that is live for a retriever of that embedder."""

    def __init__(self, retriever: ConversationRetriever) -> None:
        self._retriever = retriever

    @property
    def version(self) -> str:
        """That of the live generation; "" where there is nothing to search."""
        try:
            return self._retriever.live().record.id
        except (EmptyKnowledge, IndexBroken):
            return ""

    def nearest(self, vector: Vectors, k: int) -> list[Neighbour]:
        """As the port says. An index that is being taken away finds nothing: a ranking must not fail by it."""
        try:
            live = self._retriever.live()
            ids = [hit.id for hit in live.vectors.search(vector, k)]
            vectors = live.vectors.vectors(ids)
        except (EmptyKnowledge, IndexBroken):
            return []
        return [Neighbour(live.snippets[live.place_of[one]], vectors[one]) for one in ids if one in vectors]


def looked_up(screen: Screen, reply: Reply, lookup: Lookup | None) -> dict[str, float]:
    """Numbers by the names in LOOKED_UP: of the snippet that the reply would be an answer from. All 0 without any."""
    said = _unit(reply.vectors.mean(axis=0))
    found = lookup.nearest(_unit(said + _QUESTION * screen.question), _NEAREST) if lookup else []
    if not found:
        return dict.fromkeys(LOOKED_UP, 0.0)
    best = found[0]
    titled = content_stems(best.snippet.title)
    return {
        "known": max(float(one.vector @ said) for one in found),
        "known_asked": float(best.vector @ screen.question),
        "known_named": coverage(titled, set(reply.stems)),
        "known_subject": coverage(titled, set(screen.said)),
        "known_shown": float(best.snippet.id in screen.ids),
        "known_said": coverage(content_stems(best.snippet.text), set(reply.stems)),
    }


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length else vector, dtype=np.float32)
