"""Data sets in the field's formats, made from examples by pure functions.

    relevance    {"anchor", "context", "query", "snippet_id", "text", "label"}   labelled pairs: retriever, reranker
    preference   {"prompt", "chosen", "rejected", "margin"}      TRL's preference type: response ranker, DPO
    completion   {"prompt", "completion"}                        TRL's prompt-completion type: SFT
    unpaired     {"prompt", "completion", "label"}               TRL's unpaired preference type: KTO

Every row also names its `case_id` and `weight`; all but the relevance rows hold the `screen` (see training/screens.py),
and preferences both drafts as they were written: `chosen_draft`, `rejected_draft`. Only what was on the screen has a
label: what nobody marked is unknown.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from core.annotations import Adoption, Annotation, Preference, Relevance
from core.citations import without_marks
from core.exports import conversation
from core.knowledge.chunking import embedding_text
from core.retrieval.blend import standardized
from core.retrieval.focus import focus_of
from core.suggest import with_english_keywords
from core.values import Candidate, Slot, Snippet, Suggestion, Turn
from training.examples import Example
from training.lessons.screens import Screen, bare_screen, draft_value, screen_of

Row = dict[str, Any]
# What an adopted reply cites helped to answer: as sure a sign as somebody's mark, but nobody said so.
CITED_WEIGHT = 0.5


def relevance_rows(examples: Iterable[Example]) -> list[Row]:
    """One row per snippet and suggestion that has a label: 1.0 helpful, 0.0 irrelevant.

    `text` is what the encoders are given of the snippet; `anchor` the question that was open and `context` the turns
    around it, each of which the retriever embeds by itself; `query` is what the reranker reads, and `first_stage` the
    score it found the snippet with, in standard deviations; None where another retriever found it.

    What the agents marked comes first; what an adopted reply cites is helpful where nobody marked it. `outdated` says
    nothing about whether the snippet was about the question, so it gives no row. Where agents disagree, the label is
    the mean of their marks by weight.
    """
    rows: list[Row] = []
    for example in examples:
        for suggestion in example.suggestions.values():
            labels = _labels(suggestion, [one for one in example.said if one.suggestion_id == suggestion.id])
            texts = {one.snippet.id: one.snippet for one in suggestion.shown}
            asked = {**question_of_turns(suggestion.turns), "query": suggestion.query}
            found = _first_stage(suggestion)
            for snippet_id, (label, weight) in labels.items():
                row = {
                    **asked,
                    **snippet_columns(texts[snippet_id]),
                    "label": label,
                    "first_stage": found.get(snippet_id),
                }
                rows.append({**row, "weight": weight, "case_id": example.case.id})
    return rows


def preference_rows(examples: Iterable[Example]) -> list[Row]:
    """One row per preference: chosen is the candidate that was preferred, margin = strength / 3, in (0, 1].

    Skips ties (strength 0), which carry no direction, and pairs whose texts are equal, which teach nothing.
    """
    rows: list[Row] = []
    for example in examples:
        for said in example.said:
            if not isinstance(said, Preference) or said.chosen_slot is None or said.suggestion_id is None:
                continue
            suggestion = example.suggestions[said.suggestion_id]
            chosen = without_marks(suggestion.candidate(said.chosen_slot).text)
            rejected = without_marks(suggestion.candidate("b" if said.chosen_slot == "a" else "a").text)
            if chosen != rejected and chosen and rejected:
                pair = {"prompt": conversation(suggestion.turns), "chosen": chosen, "rejected": rejected}
                drafts = _drafts(suggestion, said.chosen_slot)
                rows.append({**pair, "margin": said.strength / 3, **_shared(said), **drafts})
    return rows


def completion_rows(examples: Iterable[Example]) -> list[Row]:
    """One row per reply that went out: what was sent, as it was, edited, or an agent's own.

    `draft` is the one that was taken, with its marks; None for a reply of the agent's own.
    """
    rows: list[Row] = []
    for example in examples:
        for said in example.said:
            if not isinstance(said, Adoption) or said.decision == "rejected" or not said.final:
                continue
            row = {"prompt": _asked(example, said), "completion": said.final, **_shared(said)}
            how = {"decision": said.decision, "reasons": list(said.reasons), "draft": _taken(example, said)}
            rows.append({**row, **how, "screen": _screen(example, said)})
    return rows


def unpaired_rows(examples: Iterable[Example]) -> list[Row]:
    """One row per candidate that was sent as it was (True) or refused (False).

    A refusal for no other reason than `my_preference` is taste, not error, and gives no row.
    """
    rows: list[Row] = []
    for example in examples:
        for said in example.said:
            if not isinstance(said, Adoption) or said.suggestion_id is None:
                continue
            suggestion = example.suggestions[said.suggestion_id]
            shared = {**_shared(said), "screen": screen_of(suggestion)}
            for candidate, label in _verdicts(suggestion, said):
                row = {"prompt": conversation(suggestion.turns), "completion": without_marks(candidate.text)}
                rows.append({**row, "label": label, **shared, "draft": draft_value(suggestion, candidate.slot)})
    return rows


def data_hash(rows: Mapping[str, Sequence[Row]]) -> str:
    """A name for a set of data sets: the same rows in any order give the same 16 hexadecimal digits."""
    lines = sorted(
        json.dumps([kind, row], sort_keys=True, ensure_ascii=False) for kind, some in rows.items() for row in some
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def question_of_turns(turns: Sequence[Turn]) -> Row:
    """What was asked, as serving gives it to the retriever's encoder: the columns `anchor` and `context`."""
    focus = focus_of(with_english_keywords(turns))
    return {"anchor": focus.text, "context": [asdict(turn) for turn in focus.earlier]}


def snippet_columns(snippet: Snippet) -> Row:
    """`text` as serving gives it to the encoders."""
    return {"snippet_id": snippet.id, "article_id": snippet.article_id, "text": embedding_text(snippet)}


def _first_stage(suggestion: Suggestion) -> dict[str, float]:
    """By snippet id, as serving hands it to the reranker."""
    scores = standardized([one.score for one in suggestion.retrieved])
    return {one.snippet.id: float(score) for one, score in zip(suggestion.retrieved, scores, strict=True)}


def _labels(suggestion: Suggestion, said: Sequence[Annotation]) -> dict[str, tuple[float, float]]:
    """Label and weight by snippet id."""
    votes: dict[str, list[tuple[float, float]]] = {}
    marked: set[str] = set()
    for one in said:
        if isinstance(one, Relevance):
            marked.add(one.snippet_id)
            if one.label != "outdated":
                votes.setdefault(one.snippet_id, []).append((float(one.label == "helpful"), one.weight))
    for one in said:
        if isinstance(one, Adoption) and one.decision in ("as_is", "edited") and one.slot is not None:
            numbers = suggestion.candidate(one.slot).citations
            cited = [shown.snippet.id for shown in suggestion.shown if shown.rank in numbers]
            for snippet_id in cited:
                if snippet_id not in marked:
                    votes.setdefault(snippet_id, []).append((1.0, CITED_WEIGHT * one.weight))
    return {snippet_id: _mean(some) for snippet_id, some in votes.items() if sum(weight for _, weight in some) > 0}


def _mean(votes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    total = sum(weight for _, weight in votes)
    return sum(label * weight for label, weight in votes) / total, min(1.0, total)


def _verdicts(suggestion: Suggestion, adoption: Adoption) -> list[tuple[Candidate, bool]]:
    if adoption.decision == "as_is" and adoption.slot and adoption.draft:
        return [(suggestion.candidate(adoption.slot), True)]
    if adoption.decision == "rejected" and set(adoption.reasons) - {"my_preference"}:
        return [(one, False) for one in suggestion.candidates]
    return []


def _asked(example: Example, adoption: Adoption) -> str:
    """What had been said when the reply was written."""
    if adoption.suggestion_id is not None:
        return conversation(example.suggestions[adoption.suggestion_id].turns)
    return conversation(example.case.turns)


def _screen(example: Example, adoption: Adoption) -> Screen:
    if adoption.suggestion_id is not None:
        return screen_of(example.suggestions[adoption.suggestion_id])
    return bare_screen(example.case.turns)


def _taken(example: Example, adoption: Adoption) -> Row | None:
    """The draft that was sent or edited."""
    if adoption.suggestion_id is None or adoption.slot is None:
        return None
    return draft_value(example.suggestions[adoption.suggestion_id], adoption.slot)


def _drafts(suggestion: Suggestion, chosen: Slot) -> Row:
    """Both drafts of a preference as they stood on the screen."""
    other: Slot = "b" if chosen == "a" else "a"
    return {
        "chosen_slot": chosen,
        "chosen_draft": draft_value(suggestion, chosen),
        "rejected_draft": draft_value(suggestion, other),
        "screen": screen_of(suggestion),
    }


def _shared(said: Annotation) -> Row:
    return {"weight": said.weight, "case_id": said.case_id}
