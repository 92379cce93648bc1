"""What is published together: article versions, their snippets, and the index generation that finds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from core.ports import KnowledgeStore
from core.values import Article, Snippet


@dataclass(frozen=True, slots=True)
class IndexGeneration:
    """One complete vector index. Once published it never changes; the next ingest builds another beside it."""

    id: str
    retriever_version: str  # the embedder's: a query must be encoded by the same weights
    location: str  # a folder name under AITL_HOME/index, or a collection name on the Chroma server
    snippet_count: int


class KnowledgePublisher(KnowledgeStore, Protocol):
    """What ingest needs of the store besides reading: the pointer to the live generation, moved in one transaction."""

    def pointer(self) -> IndexGeneration | None:
        """The live generation; None before the first ingest."""
        ...

    def publish(
        self,
        articles: Sequence[Article],
        retired: Sequence[str],
        snippets: Sequence[Snippet],
        generation: IndexGeneration,
    ) -> None:
        """In one transaction: store these article versions and snippets, retire those articles, flip the pointer.

        `articles` are new versions (one of them may be retired from the start); `retired` are article ids.
        A snippet whose id is already there takes the article version, title and url given here: an id covers only
        article id, section and text.
        """
        ...

    def old_generations(self) -> list[IndexGeneration]:
        """Those that were live before, newest first."""
        ...

    def forget_generation(self, generation_id: str) -> None:
        """Drop the record of an old generation whose index has been deleted."""
        ...
