"""What bundles are measured on: later cases as they were asked, with what is known to be right about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.annotations import Adoption, MissingKnowledge, Preference, Relevance
from core.ports import DraftRequest
from core.values import Case, Draft, Slot, Snippet, Suggestion, Turn
from training.datasets import Row, relevance_rows
from training.evaluation.rankings import RIGHT
from training.examples import Example
from training.lessons.gaps import gap_rows

# Labels that the judge left less of than this may teach a little, but measure nothing.
LIGHTEST = 0.25


@dataclass(frozen=True, slots=True)
class Question:
    """One suggestion's conversation. `labels`: by snippet id, only of what is still in the knowledge base.

    `reply`: what a person wrote or changed and sent, None where nobody did: a draft that was sent as it is stands for
    whoever wrote it, and would measure how much another resembles that. `articles`: those of the right snippets, by id.
    `marked`: whose labels are an agent's marks, not only signs such as a citation in what was sent.
    """

    id: str  # of the suggestion
    case: Case  # with the turns as they were
    labels: Mapping[str, float]
    reply: str | None
    articles: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()

    @property
    def right(self) -> frozenset[str]:
        """The snippets that are known to help."""
        return frozenset(one for one, label in self.labels.items() if label >= RIGHT)


@dataclass(frozen=True, slots=True)
class Choice:
    """A held-out preference: two drafts in the order in which the generator made them, and the place preferred."""

    case_id: str
    request: DraftRequest
    drafts: tuple[Draft, Draft]
    preferred: int  # 0 or 1


def questions_of(examples: Iterable[Example], snippets: Sequence[Snippet]) -> list[Question]:
    """One per suggestion about whose snippets something is known, or to which a person wrote a reply.

    `snippets`: the knowledge base as it is now.
    """
    current = {one.id: one.article_id for one in snippets}
    return [
        Question(
            id=suggestion.id,
            case=_as_asked(example.case, suggestion.turns),
            labels=labels,
            reply=reply,
            articles=frozenset(current[one] for one, label in labels.items() if label >= RIGHT),
            marked=_marked(example, suggestion.id) & labels.keys(),
        )
        for example in examples
        for suggestion in example.suggestions.values()
        if not suggestion.forgotten
        for labels in [_labels(example, suggestion.id, current, snippets)]
        for reply in [_reply(example, suggestion.id)]
        if labels or reply
    ]


def count_gone(examples: Iterable[Example], snippets: Sequence[Snippet]) -> int:
    """How many suggestions nothing answers any more that is still in the knowledge base: they measure no search."""
    current = frozenset(one.id for one in snippets)
    helped = [
        {row["snippet_id"] for row in rows if row["label"] >= RIGHT}
        for example in examples
        for suggestion in example.suggestions.values()
        if not suggestion.forgotten
        for rows in [_rows(example, suggestion.id, snippets)]
    ]
    return sum(bool(ids) and ids.isdisjoint(current) for ids in helped)


def choices_of(examples: Iterable[Example]) -> list[Choice]:
    """One per preference with a direction."""
    return [
        _choice(example, example.suggestions[said.suggestion_id], said.chosen_slot)
        for example in examples
        for said in example.said
        if isinstance(said, Preference) and said.chosen_slot and said.suggestion_id and said.weight >= LIGHTEST
        if not example.suggestions[said.suggestion_id].forgotten
    ]


def answered_right(examples: Iterable[Example]) -> dict[str, tuple[str, ...]]:
    """By suggestion id: the snippets that helped with a question whose draft was adopted, of those on the screen."""
    right: dict[str, tuple[str, ...]] = {}
    for example in examples:
        for suggestion in example.suggestions.values():
            shown = {one.snippet.id for one in suggestion.shown}
            adopted = any(
                isinstance(said, Adoption)
                and said.suggestion_id == suggestion.id
                and said.decision in ("as_is", "edited")
                for said in example.said
            )
            helped = [one for one, label in _labels(example, suggestion.id, shown).items() if label >= RIGHT]
            if adopted and helped:
                right[suggestion.id] = tuple(helped)
    return right


def frozen_question(case: Case, suggestion: Suggestion, right: Iterable[str]) -> Question:
    """A question that was answered right once, from these snippets."""
    return Question(suggestion.id, _as_asked(case, suggestion.turns), dict.fromkeys(right, 1.0), None)


def _labels(
    example: Example, suggestion_id: str, among: Collection[str], snippets: Sequence[Snippet] = ()
) -> dict[str, float]:
    """By snippet id: what was marked and cited, and what a report says should have been found."""
    rows = _rows(example, suggestion_id, snippets)
    return {row["snippet_id"]: row["label"] for row in rows if row["snippet_id"] in among and row["weight"] >= LIGHTEST}


def _marked(example: Example, suggestion_id: str) -> frozenset[str]:
    said = (one for one in example.said if isinstance(one, Relevance) and one.suggestion_id == suggestion_id)
    return frozenset(one.snippet_id for one in said if one.label != "outdated")


def _rows(example: Example, suggestion_id: str, snippets: Sequence[Snippet]) -> list[Row]:
    said = tuple(said for said in example.said if said.suggestion_id == suggestion_id)
    of_it = Example(example.case, {suggestion_id: example.suggestions[suggestion_id]}, said)
    rows = relevance_rows([of_it])
    if any(isinstance(one, MissingKnowledge) for one in said):
        return [*gap_rows([of_it], snippets), *rows]
    return rows


def _reply(example: Example, suggestion_id: str) -> str | None:
    sent = [said for said in example.said if isinstance(said, Adoption) and said.suggestion_id == suggestion_id]
    written = [said.final for said in sent if said.final and said.decision != "as_is"]
    return written[-1] if written else None


def _as_asked(case: Case, turns: Sequence[Turn]) -> Case:
    return Case(
        id=case.id,
        team=case.team,
        channel=case.channel,
        thread_ts=case.thread_ts,
        author=case.author,
        turns=tuple(turns),
        status=case.status,
        created_at=case.created_at,
    )


def _choice(example: Example, suggestion: Suggestion, chosen: Slot) -> Choice:
    request = DraftRequest(suggestion.turns, suggestion.query, suggestion.shown, suggestion.similar, seed=0)
    order = _as_made(suggestion)
    first, second = (suggestion.candidate(slot) for slot in order)
    drafts = tuple(Draft(one.text, one.style, one.source, one.report, one.solved_case_id) for one in (first, second))
    return Choice(example.case.id, request, (drafts[0], drafts[1]), order.index(chosen))


def _as_made(suggestion: Suggestion) -> list[Slot]:
    """The slots in the order in which their drafts were made, where that was recorded."""
    record = suggestion.parameters.get("drafts")
    made: list[Slot] = [one["slot"] for one in record if one.get("slot")] if isinstance(record, list) else []
    return made if len(made) == 2 else [one.slot for one in suggestion.candidates]
