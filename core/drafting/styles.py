"""The styles of a draft: direct, complete, either of two meanings, an old reply told anew, and two honest refusals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import asks_how, said_by_customer
from core.drafting.choosing import Answer
from core.drafting.facts import PlacedFact
from core.drafting.phrases import Wording
from core.drafting.ranking import ScoredFact
from core.drafting.tone import topic_of
from core.drafting.writing import bullet_text, bullets, cited, list_text, paragraphs, sentence_text, steps_lead
from core.values import DraftSource, Turn

_SHORT_WORDS = 45  # a direct answer grows up to about here
_CLOSE_TO_THE_BEST = 0.05  # of the score: further facts of a direct answer must be about as good
_BULLETS_MOST = 4
_ROWS_MOST = 6
_RIVAL_NEAR = 0.15
_ROWS_NEAR = 0.12
_FURTHER_OF_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Composed:
    """A text with its marks, and how it was made."""

    text: str
    style: str
    source: DraftSource
    solved_case_id: str | None = None


class Composer:
    """Writes all styles for one request, in one language and mood."""

    def __init__(self, turns: Sequence[Turn], seed: int, language: str, angry: bool) -> None:
        self._turns, self._seed, self._language, self._angry = turns, seed, language, angry

    def direct(self, answers: Sequence[Answer], some_open: bool, brief: bool = False) -> Composed:
        """The answer first, one to three facts; one per question where it is brief.

        `some_open`: another question has no answer, which is said.
        """
        words = self._wording("direct")
        stepped = any(answer.best.placed.fact.kind == "steps" for answer in answers)
        body = paragraphs(*(_short(answer, 0 if brief or len(answers) > 1 else 2) for answer in answers))
        first = answers[0]
        if len(answers) == 1 and first.steps and asks_how(first.ask):
            stepped, body = True, self._steps(first, words)
        end = words.draw("unknown_other" if some_open else "closings_steps" if stepped else "closings")
        return Composed(paragraphs(self._opening(words), self._quoted(words), body, end), "direct", "knowledge")

    def unsure(self, answers: Sequence[Answer]) -> Composed:
        """The likeliest answer, said to be no more than that, and one question back."""
        words = self._wording("unsure")
        lead = self._quoted(words) or words.draw("unsure")
        body = paragraphs(*(_short(answer, 0 if len(answers) > 1 else 1) for answer in answers))
        text = paragraphs(self._opening(words), lead, body, self._which(words, answers[0]))
        return Composed(text, "direct", "knowledge")

    def complete(self, answers: Sequence[Answer], some_open: bool) -> Composed:
        """The answer, the conditions and exceptions that matter, the steps as a list."""
        words = self._wording("complete")
        parts = [part for answer in answers for part in self._full(answer, words, len(answers))]
        stepped = any(answer.steps or answer.best.placed.fact.kind == "steps" for answer in answers)
        end = words.draw("unknown_other" if some_open else "closings_steps" if stepped else "closings")
        text = paragraphs(self._opening(words), self._quoted(words), *parts, end)
        return Composed(text, "complete", "knowledge")

    def either(self, answer: Answer) -> Composed | None:
        """Both likely meanings of a vague question, and which of them is meant; None where there is only one."""
        if not _rivals(answer):
            return None
        words = self._wording("either")
        readings = [one for one in (answer.best, answer.other) if one]
        body = bullets([_bullet(one, answer.ranked) for one in readings])
        lead = self._quoted(words) or words.draw("unsure")
        return Composed(
            paragraphs(self._opening(words), f"{lead}\n{body}", self._which(words, answer)), "either", "knowledge"
        )

    def solved_case(self, facts: str, case_id: str) -> Composed:
        """The facts of an adopted reply, with an opening and a close for this customer."""
        words = self._wording("solved_case")
        text = paragraphs(self._opening(words), self._quoted(words), facts, words.draw("closings"))
        return Composed(text, "solved_case", "solved_case", case_id)

    def no_answer(self) -> Composed:
        """Says plainly that the help centre does not answer, and asks what would help."""
        words = self._wording("no_answer")
        body = f"{words.draw('unknown')} {words.draw('asking')}"
        return Composed(paragraphs(self._opening(words), body), "no_answer", "no_answer")

    def nearest_article(self, nearest: ScoredFact, siblings: Sequence[ScoredFact]) -> Composed:
        """The same, with the closest article as a maybe, cited."""
        words = self._wording("nearest_article")
        lead = words.draw("unknown_nearest").format(title=nearest.placed.snippet.title)
        body = f"{lead}\n{bullets([_bullet(nearest, siblings)])}"
        return Composed(
            paragraphs(self._opening(words), body, words.draw("asking_nearest")), "nearest_article", "no_answer"
        )

    def _wording(self, style: str) -> Wording:
        return Wording(self._language, f"{self._seed}:{style}")

    def _quoted(self, words: Wording) -> str:
        return words.phrases.quoted

    def _opening(self, words: Wording) -> str:
        if self._angry:
            topic = topic_of(said_by_customer(self._turns))
            about = words.draw("regrets_about") if topic else ""
            return about.format(topic=topic) if about else words.draw("regrets")
        later = any(turn.role == "agent" for turn in self._turns)
        return words.draw("follow_ups" if later else "greetings")

    def _which(self, words: Wording, answer: Answer) -> str:
        one = answer.best.placed.snippet.title
        other = answer.other.placed.snippet.title if answer.other and _rivals(answer) else ""
        return words.phrases.which.format(one=one, other=other) if other else words.phrases.which_one.format(one=one)

    def _full(self, answer: Answer, words: Wording, answers: int) -> list[str]:
        """Paragraphs of one answer: the answer, what else matters, the steps."""
        best = answer.best.placed
        rows = _rows_beside(answer) if best.fact.kind == "row" else []
        further = [one for one in answer.further if one.placed not in rows]
        if answers > 1 and best.fact.kind != "steps":
            body = _run([answer.best, *further[:_FURTHER_OF_SEVERAL]], answer.ranked)
            return [body, *([self._steps(answer, words)] if answer.steps else [])]
        if best.fact.kind == "steps":
            head, rest = list_text(best, steps_lead(best, words)), further
        elif len(rows) > 1:
            head, rest = _table(rows), further
        else:
            together = [answer.best, *further[:1]]
            head, rest = _run(together, answer.ranked), further[len(together) - 1 :]
        notes = bullets([_bullet(one, answer.ranked) for one in rest[:_BULLETS_MOST]])
        steps = self._steps(answer, words) if answer.steps else ""
        return [head, f"{words.draw('good_to_know')}\n{notes}" if notes else "", steps]

    def _steps(self, answer: Answer, words: Wording) -> str:
        assert answer.steps is not None
        return list_text(answer.steps.placed, steps_lead(answer.steps.placed, words))


def _rivals(answer: Answer) -> bool:
    """True where another article comes near enough to be what was meant."""
    return answer.other is not None and answer.other.score >= answer.best.score - _RIVAL_NEAR


def _short(answer: Answer, further: int) -> str:
    """The best fact, and at most so many further ones as long as the whole stays short."""
    if answer.best.placed.fact.kind == "steps":
        return list_text(answer.best.placed)
    chosen = [answer.best]
    for one in answer.further[:further]:
        length = sum(len(some.placed.fact.text.split()) for some in (*chosen, one))
        close = one.score >= answer.best.score - _CLOSE_TO_THE_BEST
        if close and length <= _SHORT_WORDS and one.placed.fact.kind == "sentence":
            chosen.append(one)
    return _run(chosen, answer.ranked)


def _run(chosen: Sequence[ScoredFact], ranked: Sequence[ScoredFact]) -> str:
    """Facts as running text: the first stays first, the others follow in the order of their article."""
    first, *others = chosen
    ordered = [first, *sorted(others, key=lambda one: (one.placed.n != first.placed.n, one.placed.n, one.placed.place))]
    return " ".join(_line(one, ranked) for one in ordered)


def _line(one: ScoredFact, ranked: Sequence[ScoredFact]) -> str:
    placed = one.placed
    return sentence_text(placed, [other.placed for other in ranked if other.placed.n == placed.n])


def _bullet(one: ScoredFact, ranked: Sequence[ScoredFact]) -> str:
    return bullet_text(one.placed, [other.placed for other in ranked if other.placed.n == one.placed.n])


def _rows_beside(answer: Answer) -> list[PlacedFact]:
    """The rows of the best fact's table, in order; the best one alone where the table is long."""
    best = answer.best.placed
    rows = [
        one.placed
        for one in answer.ranked
        if one.placed.n == best.n
        and one.placed.fact.kind == "row"
        and one.placed.fact.lead == best.fact.lead
        and one.score >= answer.best.score - _ROWS_NEAR
    ]
    return sorted(rows, key=lambda one: one.place) if len(rows) <= _ROWS_MOST else [best]


def _table(rows: Sequence[PlacedFact]) -> str:
    lead = rows[0].fact.lead
    head = [f"{lead.rstrip(': ')} [{rows[0].n}]:"] if lead else []
    lines = [one.fact.lines[0] for one in rows]
    marked = [cited(line[0].upper() + line[1:], one.n) for one, line in zip(rows, lines, strict=True)]
    return "\n".join([*head, bullets(marked)])
