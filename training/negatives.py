"""What a question was answered by and what not: judged snippets grouped by question, without false negatives.

A snippet marked "irrelevant" is a hard negative only where it helped nobody with a like question. What nobody marked
is unknown: it may stand against a question as another's answer in the same batch, never as its own negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from core.retrieval.focus import Earlier, Focus, turns_of
from core.values import Turn
from core.words import content_stems
from training.splits import SAME, jaccard

Row = dict[str, Any]
UNDECIDED = 0.5  # the label of a snippet that as many (by weight) found helpful as did not


@dataclass(frozen=True, slots=True)
class Judged:
    """A snippet with a verdict. `weight`: of that verdict, in (0, 1].

    `first_stage`: its standardized score when it was found (core/retrieval/blend.py); None where it was not.
    """

    snippet_id: str
    text: str
    weight: float
    first_stage: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question as it was asked once. `group`: like questions have the same number. `query`: see the rows.

    `earlier`: the turns around it, nearest first.
    """

    case_id: str
    anchor: str
    query: str
    helpful: tuple[Judged, ...]
    irrelevant: tuple[Judged, ...]
    group: int
    earlier: tuple[Earlier, ...] = ()

    @property
    def turns(self) -> list[Turn]:
        """A conversation that asks the same, as a retriever that serves is asked."""
        return turns_of(Focus(self.anchor, self.earlier))

    @property
    def judged(self) -> tuple[Judged, ...]:
        """All its snippets, the helpful first."""
        return (*self.helpful, *self.irrelevant)

    @property
    def signed(self) -> tuple[float, ...]:
        """The weight of each verdict of `judged`, below 0 where irrelevant."""
        return (*(one.weight for one in self.helpful), *(-one.weight for one in self.irrelevant))

    @property
    def is_paired(self) -> bool:
        """Whether it tells a helpful from an irrelevant snippet."""
        return bool(self.helpful and self.irrelevant)


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions in the order of their rows. `dropped`: rows that say neither helpful nor irrelevant, or both."""

    questions: tuple[Question, ...]
    dropped: int

    def helpful_in(self) -> dict[int, frozenset[str]]:
        """By group: the ids of all snippets that helped with one of its questions."""
        found: dict[int, set[str]] = defaultdict(set)
        for question in self.questions:
            found[question.group].update(one.snippet_id for one in question.helpful)
        return {group: frozenset(ids) for group, ids in found.items()}


def judged_questions(rows: Iterable[Row]) -> Questions:
    """Relevance rows grouped by case and question; a hard negative that helped with a like question is dropped."""
    by_question: dict[tuple[str, str], list[Row]] = defaultdict(list)
    dropped = 0
    for row in rows:
        if row["label"] == UNDECIDED or row["weight"] <= 0:
            dropped += 1
        else:
            by_question[row["case_id"], row["anchor"]].append(row)
    groups = like_groups([anchor for _, anchor in by_question])
    questions = [
        _question(case_id, anchor, some, group)
        for ((case_id, anchor), some), group in zip(by_question.items(), groups, strict=True)
    ]
    return _without_false_negatives(Questions(tuple(questions), dropped))


def _question(case_id: str, anchor: str, rows: Sequence[Row], group: int) -> Question:
    first = rows[0]
    earlier = tuple(Earlier(**turn) for turn in first["context"])
    helpful, irrelevant = (_some(rows, helpful=sought) for sought in (True, False))
    return Question(case_id, anchor, first["query"], helpful, irrelevant, group, earlier)


def like_groups(texts: Sequence[str]) -> list[int]:
    """One number per text; texts whose content words overlap by `SAME` or more, also by way of others, share it.

    A text without content words is like no other but the same text.
    """
    stems = [content_stems(text) for text in texts]
    group = list(range(len(texts)))
    with_stem: dict[str, list[int]] = defaultdict(list)
    first_of: dict[str, int] = {}
    for place, mine in enumerate(stems):
        like = {other for stem in _rarest(mine, with_stem) for other in with_stem[stem]}
        same = [other for other in like if jaccard(mine, stems[other]) >= SAME]
        same.append(first_of.setdefault(texts[place], place))
        for other in same:
            _join(group, place, other)
        for stem in mine:
            with_stem[stem].append(place)
    return [_root(group, place) for place in range(len(texts))]


def _rarest(stems: set[str], with_stem: dict[str, list[int]]) -> list[str]:
    """Whatever overlaps by `SAME` with these shares one of them."""
    rarest = sorted(stems, key=lambda stem: (len(with_stem[stem]), stem))
    return rarest[: round(len(stems) * (1 - SAME)) + 1]


def _root(group: list[int], place: int) -> int:
    while group[place] != place:
        place = group[place]
    return place


def _join(group: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(group, one), _root(group, other)))
    group[second] = first


def _some(rows: Sequence[Row], *, helpful: bool) -> tuple[Judged, ...]:
    """The helpful or the irrelevant among the rows of one question, each snippet once.

    A label between 0 and 1 is a verdict where agents disagreed: the more they did, the less it weighs.
    """
    found: dict[str, Judged] = {}
    for row in rows:
        if (row["label"] > UNDECIDED) == helpful:
            weight = row["weight"] * abs(row["label"] - UNDECIDED) / UNDECIDED
            found[row["snippet_id"]] = Judged(row["snippet_id"], row["text"], weight, row.get("first_stage"))
    return tuple(found.values())


def _without_false_negatives(found: Questions) -> Questions:
    helpful = found.helpful_in()
    kept, dropped = [], found.dropped
    for question in found.questions:
        irrelevant = tuple(one for one in question.irrelevant if one.snippet_id not in helpful[question.group])
        dropped += len(question.irrelevant) - len(irrelevant)
        kept.append(replace(question, irrelevant=irrelevant))
    return Questions(tuple(kept), dropped)
