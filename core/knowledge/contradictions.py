"""Two articles on one subject that say the same thing with another figure, or of which one denies what the other says.

By rules alone, and narrow on purpose: plans, years and places may well have figures of their own. Only sentences of
the same content words are compared, and only where one title is the other with a few words more: of 12,000 questions
about hotels and restaurants none is taken for another's. What is found is for a person to look at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import combinations
from textwrap import shorten

from core.checker.meaning import negated
from core.checker.quantities import Quantity, missing, quantities
from core.sentences import split_sentences
from core.values import Article
from core.words import content_stems

FEWEST_STEMS = 3  # of content that two sentences have in common: with fewer they may be about anything
ONE_SUBJECT = 0.5  # of the longer title's content words the shorter one has so many, and no others
MOST_ARTICLES = 50  # with a sentence of the same words: a template that each fills with figures of its own
_QUOTED = 80  # characters of a sentence where it is told


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence as it is compared: by its content without figures, then by these."""

    sentence: str
    about: frozenset[str]
    figures: tuple[Quantity, ...]
    is_denied: bool


def contradictions(articles: Iterable[Article], changed_at: Mapping[str, datetime]) -> dict[str, tuple[str, ...]]:
    """By article, what it says where another one says otherwise, in words; the newer of the two is left out.

    `changed_at`: when each was last changed; a front matter's `updated` counts before that. Where neither is newer,
    both are told. Each pair is told of once.
    """
    alike: dict[frozenset[str], list[tuple[Article, Statement]]] = defaultdict(list)
    for article in articles:
        for statement in _statements(article.text):
            alike[statement.about].append((article, statement))
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for said in alike.values():
        for (one, mine), (other, theirs) in _differing(said):
            for article, says, against, instead in ((one, mine, other, theirs), (other, theirs, one, mine)):
                age = _age(article, against, changed_at)
                if age >= 0:
                    found[article.id].setdefault(against.id, _told(says, against, instead, is_newer=age > 0))
    return {article_id: tuple(reasons.values()) for article_id, reasons in found.items()}


@lru_cache(maxsize=50_000)  # texts hardly change between two looks, and cutting them into sentences is what takes long
def _statements(text: str) -> tuple[Statement, ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[Statement]:
    for sentence in split_sentences(text):
        if sentence.endswith("?"):
            continue
        figures = tuple(quantities(sentence))
        plain = sentence
        for figure in figures:
            plain = plain.replace(figure.text, " ")
        about = frozenset(content_stems(plain))
        if len(about) >= FEWEST_STEMS:
            yield Statement(sentence, about, figures, bool(negated(sentence)))


def _differing(
    said: Sequence[tuple[Article, Statement]],
) -> Iterator[tuple[tuple[Article, Statement], tuple[Article, Statement]]]:
    if len(said) > MOST_ARTICLES:
        return
    for one, other in combinations(said, 2):
        if one[0].id != other[0].id and _differ(one[1], other[1]) and _is_one_subject(one[0], other[0]):
            yield one, other


def _differ(one: Statement, other: Statement) -> bool:
    """Another figure of the same unit, or the opposite; sentences with figures and negations both are left alone."""
    if not one.figures and not other.figures:
        return one.is_denied != other.is_denied
    if one.is_denied != other.is_denied or {each.unit for each in one.figures} != {each.unit for each in other.figures}:
        return False
    return bool(missing(one.figures, other.figures)) and bool(missing(other.figures, one.figures))


def _is_one_subject(one: Article, other: Article) -> bool:
    mine, theirs = content_stems(one.title), content_stems(other.title)
    fewer, more = sorted((mine, theirs), key=len)
    return bool(fewer) and fewer <= more and len(fewer) >= ONE_SUBJECT * len(more)


def _age(article: Article, other: Article, changed_at: Mapping[str, datetime]) -> int:
    """1 where the other one is newer, -1 where it is older, 0 where neither is."""
    mine, theirs = _updated(article), _updated(other)
    if mine is None or theirs is None:
        mine, theirs = changed_at[article.id].date(), changed_at[other.id].date()
    return (mine < theirs) - (mine > theirs)


def _updated(article: Article) -> date | None:
    try:
        return date.fromisoformat(article.attributes.get("updated", "").strip()[:10])
    except ValueError:
        return None


def _told(says: Statement, other: Article, instead: Statement, *, is_newer: bool) -> str:
    mine, name, theirs = (
        shorten(one, _QUOTED, placeholder="…") for one in (says.sentence, other.title, instead.sentence)
    )
    return f"“{mine}”, while “{name}”{', which is newer,' if is_newer else ''} says “{theirs}”"
