"""A reply, cut into what the features look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.checker.quantities import Quantity, quantities
from core.checker.speech import claim_of
from core.citations import without_marks
from core.response_ranker.belief import Vectors
from core.response_ranker.screen import figures_in, leaning
from core.sentences import split_sentences
from core.words import content_stems, words


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply cut into sentences. `vectors`: of the sentences that state something, or of all where none does."""

    text: str
    sentences: tuple[str, ...]
    claims: tuple[str, ...]
    vectors: Vectors
    stems: frozenset[str]
    figures: frozenset[str]
    quantities: tuple[Quantity, ...]
    leaning: int


def sentences_to_embed(text: str) -> tuple[list[str], list[str]]:
    """All sentences of a reply without marks, and those to be compared by meaning (at least one, never blank)."""
    sentences = [one for one in split_sentences(without_marks(text)) if words(one)]
    return sentences, [one for one in sentences if claim_of(one)] or sentences or ["?"]


def read_reply(text: str, sentences: Sequence[str], claims: Sequence[str], vectors: Vectors) -> Reply:
    """What the features look at. `vectors`: one row per claim."""
    plain = without_marks(text)
    return Reply(
        text=plain,
        sentences=tuple(sentences),
        claims=tuple(claims),
        vectors=vectors,
        stems=frozenset(content_stems(" ".join(claims))),
        figures=figures_in(plain),
        quantities=tuple(quantities(plain)),
        leaning=leaning(claims),
    )
