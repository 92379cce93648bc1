"""What is published together: article versions, their snippets, and the index generations that find them."""

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
    """What ingest needs of the store besides reading: the pointers to the live generations, one per embedder version.

    What they point to always holds the current snippets, all of them and no other.
    """

    def pointer(self, retriever_version: str) -> IndexGeneration | None:
        """The live generation of this embedder; None where it has none, or before the first ingest."""
        ...

    def pointers(self) -> list[IndexGeneration]:
        """The live generations of all embedders, by embedder version."""
        ...

    def publish(
        self,
        articles: Sequence[Article],
        retired: Sequence[str],
        snippets: Sequence[Snippet],
        *generations: IndexGeneration,
    ) -> None:
        """In one transaction: store these article versions and snippets, retire those articles, flip the pointers.

        `articles` are new versions (one of them may be retired from the start); `retired` are article ids.
        A snippet whose id is already there takes the article version, title and url given here: an id covers only
        article id, section and text. From now on these generations are the live ones, and no others.
        """
        ...

    def publish_index(self, generation: IndexGeneration) -> None:
        """Make it the live one of its embedder; those of the other embedders stay."""
        ...

    def withdraw_index(self, retriever_version: str) -> None:
        """This embedder has no live generation any more."""
        ...

    def old_generations(self) -> list[IndexGeneration]:
        """Those that were live before, newest first."""
        ...

    def forget_generation(self, generation_id: str) -> None:
        """Drop the record of an old generation whose index has been deleted."""
        ...
