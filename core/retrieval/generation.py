"""One published generation, opened for searching: its vectors, its words and its titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import EmptyKnowledge, IndexBroken
from core.knowledge.generation import IndexGeneration
from core.ports import VectorIndex
from core.retrieval.naming import TitleNaming
from core.retrieval.terms import SnippetTerms
from core.values import Snippet

_TRIES = 3


class LexicalIndex(Protocol):
    """Scores documents by the words they share with a query."""

    def scores(self, words: Sequence[str]) -> NDArray[np.float32]:
        """One score per document, at least 0. Shape (documents,)."""
        ...


MakeLexicalIndex = Callable[[Sequence[Sequence[str]]], LexicalIndex]


class PublishedKnowledge(Protocol):
    """Snippets, and which generations find them."""

    def current_snippets(self) -> list[Snippet]:
        """All that the live generations hold, in a stable order."""
        ...

    def pointer(self, retriever_version: str) -> IndexGeneration | None:
        """The live generation of this embedder; None where it has none, or before the first ingest."""
        ...

    def pointers(self) -> list[IndexGeneration]:
        """The live generations of all embedders, by embedder version."""
        ...


class OpensIndexes(Protocol):
    """Where index generations live."""

    def open(self, location: str) -> VectorIndex:
        """The index at this location. Raises IndexBroken if it is not there."""
        ...


@dataclass(frozen=True)
class OpenGeneration:
    """Everything that answers a search. Never changes; safe from several threads."""

    record: IndexGeneration
    vectors: VectorIndex
    snippets: tuple[Snippet, ...]
    place_of: dict[str, int]  # snippet id -> its place in `snippets`
    lexical: LexicalIndex
    naming: TitleNaming


def open_live(
    knowledge: PublishedKnowledge, indexes: OpensIndexes, make_lexical: MakeLexicalIndex, retriever_version: str
) -> OpenGeneration:
    """The generation of this embedder that is live now.

    Raises EmptyKnowledge before the first ingest or when every article is retired, IndexBroken where this embedder
    has no index, or its index is gone or does not hold what the database says.
    """
    for _ in range(_TRIES):
        record = knowledge.pointer(retriever_version)
        if record is None:
            raise _missing(knowledge.pointers(), retriever_version)
        if record.snippet_count == 0:
            raise EmptyKnowledge
        snippets = tuple(knowledge.current_snippets())
        try:
            vectors = indexes.open(record.location)
            held = vectors.count()
        except IndexBroken:
            if knowledge.pointer(retriever_version) == record:
                raise
            continue
        if knowledge.pointer(retriever_version) == record:  # else another process published while we were reading
            return _opened(record, vectors, held, snippets, make_lexical)
    raise IndexBroken("The index was replaced again and again while it was being opened; try again in a moment.")


def _missing(others: Sequence[IndexGeneration], retriever_version: str) -> EmptyKnowledge | IndexBroken:
    """Why there is nothing to search."""
    made_by = ", ".join(one.retriever_version for one in others if one.snippet_count)
    if not made_by:
        return EmptyKnowledge()
    return IndexBroken(
        f"There is no index made by the embedder {retriever_version}, only by {made_by}. Where AITL_EMBEDDER was "
        "switched, set it back and restart, or build the index again with: aitl ingest PATH"
    )


def _opened(
    record: IndexGeneration,
    vectors: VectorIndex,
    held: int,
    snippets: tuple[Snippet, ...],
    make_lexical: MakeLexicalIndex,
) -> OpenGeneration:
    if not held == record.snippet_count == len(snippets):
        raise IndexBroken(
            f"The vector index {record.location} holds {held} snippets, the database {len(snippets)}. "
            "Build it again with: aitl ingest PATH"
        )
    read = [SnippetTerms.of(one) for one in snippets]
    return OpenGeneration(
        record=record,
        vectors=vectors,
        snippets=snippets,
        place_of={one.id: place for place, one in enumerate(snippets)},
        lexical=make_lexical([one.all for one in read]),
        naming=TitleNaming(snippets, read),
    )
