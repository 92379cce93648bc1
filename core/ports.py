"""What the product needs from the outside, as protocols: each has one contract suite in tests/contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.prompting import Message
from core.values import Article, CheckReport, Draft, RankedSnippet, Snippet, SolvedCase, Turn

Progress = Callable[[int, int], None]
"""Called with (done, total) as long work goes on."""


class Embedder(Protocol):
    """Texts to unit vectors. One instance is used by one thread at a time; adapters lock."""

    @property
    def version(self) -> str:
        """Names the weights exactly (model name and content hash): vectors of two versions never mix."""
        ...

    @property
    def dim(self) -> int:
        """The length of each vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit vector per text: shape (len(texts), dim), row i for texts[i]; [] gives (0, dim).

        Raises EmptyText, naming the index, if a text is blank.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """How many tokens the model's own tokenizer makes of it, without special tokens."""
        ...


@dataclass(frozen=True, slots=True)
class Hit:
    """One neighbour: an id and its cosine similarity in [-1, 1]."""

    id: str
    score: float


class VectorIndex(Protocol):
    """Ids and vectors of one generation. Never holds text. A published generation never changes."""

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Adds rows; ids are unique. Only before the generation is published."""
        ...

    def search(self, vector: NDArray[np.float32], k: int) -> list[Hit]:
        """The k nearest by cosine, best first; fewer if it holds fewer."""
        ...

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The stored vectors of those ids that it holds."""
        ...

    def count(self) -> int:
        """How many vectors it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Retrieved:
    """What one search found, and where: `snippets` best first, each once, out of one index generation.

    `query` is the conversation as words, for the reranker and for the record.
    """

    query: str
    snippets: tuple[RankedSnippet, ...]
    generation: str


class Retriever(Protocol):
    """The first stage."""

    @property
    def version(self) -> str:
        """Query building, fusion and embedder together."""
        ...

    def warm(self) -> None:
        """Open what is searched now, so that the first case does not wait for it; an empty knowledge base is no error.

        Raises IndexBroken where the index is unusable.
        """
        ...

    def search(self, turns: Sequence[Turn], k: int) -> Retrieved:
        """The k best snippets for this conversation; fewer where there are fewer.

        Raises EmptyKnowledge if there is nothing to search, EmptyText if no turn has words.
        """
        ...


class Reranker(Protocol):
    """The second stage: the identity until one has been trained."""

    @property
    def version(self) -> str: ...

    def rerank(self, query: str, snippets: Sequence[RankedSnippet], k: int) -> list[RankedSnippet]:
        """The k best of those, best first, ranks counted anew from 1."""
        ...


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """Everything a generator may look at. What it cites, it cites by the rank of `shown`.

    `chances`: per snippet of `shown`, in [0, 1], what the bundle has learned of how likely its article helps; () where
    it has learned nothing of that. `answerable`: somebody knows that what is shown answers, so that a generator which
    would say it does not know answers all the same; never set for a case that comes in.
    """

    turns: tuple[Turn, ...]
    query: str
    shown: tuple[RankedSnippet, ...]
    similar: tuple[SolvedCase, ...]
    seed: int
    chances: tuple[float, ...] = ()
    answerable: bool = False


class Generator(Protocol):
    """Writes reply drafts from what is shown."""

    @property
    def version(self) -> str: ...

    def warm(self) -> None:
        """Load what drafting needs now, so that the first case does not wait for it.

        Raises ModelUnavailable where a trained part cannot be loaded; what has a stand-in is only logged.
        """
        ...

    def draft(self, request: DraftRequest) -> list[Draft]:
        """At least two drafts made in different ways, best first, no two near-identical, at most 2,800 characters each.

        Where the snippets do not answer, a draft says so plainly and asks what would help.
        """
        ...


@dataclass(frozen=True, slots=True)
class Sampling:
    """How a language model writes. The same seed, model and prompt give the same text.

    `temperature`: 0 takes the likeliest token each time. `timeout_s`: for all prompts of a call together.
    """

    seed: int
    temperature: float = 0.7
    top_p: float = 0.9
    max_new_tokens: int = 500
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Written:
    """What a language model wrote. `finished`: it ended by itself, and was not cut off at `max_new_tokens`."""

    text: str
    finished: bool


class LanguageModel(Protocol):
    """Continues a chat. Safe for several threads."""

    @property
    def version(self) -> str:
        """Model and adapter, as exactly as can be told without loading or asking it. Never raises."""
        ...

    def warm(self) -> None:
        """Load it, or ask the server for it. Raises ModelUnavailable."""
        ...

    def write(self, prompts: Sequence[Sequence[Message]], sampling: Sampling) -> list[Written]:
        """One text per prompt, in order; [] gives [].

        Raises ModelUnavailable where it cannot be loaded, does not answer or takes too long, PromptTooLong.
        """
        ...

    def with_adapter(self, folder: Path) -> LanguageModel:
        """The same model with the LoRA adapter in that folder; nothing is loaded twice, and nothing yet."""
        ...


class Ranker(Protocol):
    """The response ranker: which drafts to show."""

    @property
    def version(self) -> str: ...

    def score(self, request: DraftRequest, drafts: Sequence[Draft]) -> list[float]:
        """One score per draft, higher is better."""
        ...


class Checker(Protocol):
    """Marks claims, citations and the answer; never rewrites."""

    def check(self, text: str, shown: Sequence[RankedSnippet], turns: Sequence[Turn]) -> CheckReport:
        """The three marks for a reply with [n] marks against what is on the screen."""
        ...


class KnowledgeStore(Protocol):
    """Articles and snippets in SQL; the pointers to the live index generations."""

    def current_articles(self) -> list[Article]: ...

    def article(self, article_id: str, version: int | None = None) -> Article | None: ...

    def snippets(self, ids: Sequence[str]) -> dict[str, Snippet]:
        """By id, retired ones too: an old suggestion still shows what it cited."""
        ...

    def current_snippets(self) -> list[Snippet]:
        """Those of articles that are not retired, in a stable order."""
        ...

    def is_current(self, snippet_ids: Sequence[str]) -> bool:
        """True when every one of them belongs to the current version of an article that is not retired."""
        ...


class SolvedCaseStore(Protocol):
    """Adopted replies by the order of their arrival: a `place` names one for good, and a later one has a higher place.

    With many processes one may become visible after another with a higher place.
    """

    def arrived(self, after: int) -> list[int]:
        """The places after that one, ascending; 0 is before the first."""
        ...

    def vectors(self, places: Sequence[int], embedder: str) -> dict[int, NDArray[np.float32]]:
        """The kept vectors of their questions that this version of the embedder made."""
        ...

    def keep_vectors(self, vectors: Mapping[int, NDArray[np.float32]], embedder: str) -> None:
        """Keeps them in place of those of another version. Half precision is enough."""
        ...

    def questions(self, places: Sequence[int]) -> dict[int, str]:
        """What was asked, of those that have words, whether they stand or not."""
        ...

    def standing(self, places: Sequence[int]) -> dict[int, SolvedCase]:
        """Those that may be said again now: adopted as they are, edited, or a confirmed reply of an agent's own.

        None that was replaced, withdrawn or held, or has something masked or removed in it.
        """
        ...
