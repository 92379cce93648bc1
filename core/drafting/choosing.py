"""Choose the facts of a reply: the one that answers, what belongs to it, and the steps, for each question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import Ask, asks_how
from core.drafting.facts import PlacedFact
from core.drafting.ranking import ScoredFact
from core.drafting.situation import Moment, fit
from core.words import overlap

_SAME_THING = 0.82  # cosine of two sentences that say the same
_SAME_WORDS = 0.6
_NEAR_THE_BEST = 0.17  # how far below the answer a further fact may score
_STEPS_NEAR = 0.14
_STEPS_NEAR_TO_HOW = 0.3  # where the customer asks how
_FULL_ANSWER = 3  # further facts


@dataclass(frozen=True)
class Answer:
    """What is said to one question: the answering fact first."""

    ask: Ask
    best: ScoredFact
    further: tuple[ScoredFact, ...]  # best first: conditions, exceptions, what else the article says to it
    steps: ScoredFact | None
    other: ScoredFact | None  # the best fact of another article: what else may have been meant
    ranked: tuple[ScoredFact, ...]


def answers_to(asks: Sequence[Ask], rankings: Sequence[Sequence[ScoredFact]], told: list[Moment]) -> list[Answer]:
    """One answer per question that any fact can answer, in the questions' order; no fact answers two."""
    answers: list[Answer] = []
    taken: set[tuple[int, int]] = set()
    for ask, ranking in zip(asks, rankings, strict=True):
        free = [one for one in ranking if _key(one.placed) not in taken]
        if not free:
            continue
        answer = _answer(ask, free, told)
        answers.append(answer)
        taken.update(_key(one.placed) for one in (answer.best, *answer.further, *filter(None, [answer.steps])))
    return answers


def _key(placed: PlacedFact) -> tuple[int, int]:
    return placed.n, placed.place


def _answer(ask: Ask, ranking: Sequence[ScoredFact], told: list[Moment]) -> Answer:
    best = ranking[0]
    article = best.placed.snippet.article_id
    same = [one for one in ranking if one.placed.snippet.article_id == article and one is not best]
    others = [one for one in ranking if one.placed.snippet.article_id != article]
    steps = next((one for one in same if one.placed.fact.kind == "steps"), None)
    enough = best.score - (_STEPS_NEAR_TO_HOW if asks_how(ask) else _STEPS_NEAR)
    if steps and (best.placed.fact.kind == "steps" or steps.score < enough):
        steps = None
    further = _further(best, same, told)
    if not steps:
        further = _at_least(further, best, [one for one in same if not told or fit(one.placed.fact.text, told) >= 0])
    return Answer(ask, best, further, steps, others[0] if others else None, tuple(ranking))


def _further(best: ScoredFact, same: Sequence[ScoredFact], told: list[Moment]) -> tuple[ScoredFact, ...]:
    """Facts of the same article that add something, fit the customer's deadlines, and are near the answer."""
    chosen: list[ScoredFact] = []
    for one in same:
        if one.placed.fact.kind in ("steps", "list") or one.score < best.score - _NEAR_THE_BEST:
            continue
        if told and fit(one.placed.fact.text, told) < 0:
            continue
        if not any(_repeats(one, other) for other in (best, *chosen)):
            chosen.append(one)
    return tuple(chosen)


def _at_least(chosen: Sequence[ScoredFact], best: ScoredFact, same: Sequence[ScoredFact]) -> tuple[ScoredFact, ...]:
    """Where nothing comes near, the next sentences of the article that say something else: a full answer needs some."""
    more = list(chosen)
    for one in same:
        if len(more) >= _FULL_ANSWER:
            break
        new = one not in more and not any(_repeats(one, other) for other in (best, *more))
        if new and one.placed.fact.kind == "sentence":
            more.append(one)
    return tuple(more)


def _repeats(one: ScoredFact, other: ScoredFact) -> bool:
    """True where two facts say the same, or one already comes along with the other."""
    if float(one.vector @ other.vector) > _SAME_THING:
        return True
    if overlap(one.placed.fact.text, other.placed.fact.text) > _SAME_WORDS:
        return True
    together = one.placed.n == other.placed.n
    return together and one.placed.place == other.placed.fact.before
