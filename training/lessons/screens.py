"""What an agent saw, as a plain value in a row, and back as the product's own values.

    {"turns": [{"role", "text"}], "query": "...", "shown": [{"rank", "score", "id", "article_id", "title", ...}],
     "similar": [{"case_id", "question", "reply", "snippet_ids", "similarity"}]}
    {"text": "Refunds take five days [2].", "style": "direct", "source": "knowledge", "place": 0}

Rows that hold these can be hashed, written to a file and sent to another process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from core.ports import Checker, DraftRequest
from core.values import SLOTS, CheckReport, Draft, RankedSnippet, Slot, Snippet, SolvedCase, Suggestion, Turn

Screen = dict[str, Any]
DraftValue = dict[str, Any]
NOT_CHECKED = CheckReport((), citations_valid=False, answers_question=False)


def screen_of(suggestion: Suggestion | DraftRequest) -> Screen:
    """The conversation, the snippets and the similar cases as they were when the drafts were written.

    `language` only where one was asked for.
    """
    asked_for = suggestion.language if isinstance(suggestion, DraftRequest) else suggestion.parameters.get("language")
    language = str(asked_for or "")
    return {
        "turns": [_turn(one) for one in suggestion.turns],
        "query": suggestion.query,
        "shown": [{"rank": one.rank, "score": one.score, **asdict(one.snippet)} for one in suggestion.shown],
        "similar": [{**asdict(one), "snippet_ids": list(one.snippet_ids)} for one in suggestion.similar],
        **({"language": language} if language else {}),
    }


def bare_screen(turns: Sequence[Turn]) -> Screen:
    """A conversation to which nothing was suggested."""
    return {"turns": [_turn(one) for one in turns], "query": "", "shown": [], "similar": []}


def draft_value(suggestion: Suggestion, slot: Slot) -> DraftValue:
    """A draft with its marks and how it was made; `place`: the how-manieth it was written, counted from 0."""
    candidate = suggestion.candidate(slot)
    record = suggestion.parameters.get("drafts")
    written = [one.get("slot") for one in record] if isinstance(record, list) else []
    place = written.index(slot) if slot in written else SLOTS.index(slot)
    return {"text": candidate.text, "style": candidate.style, "source": candidate.source, "place": place}


def foreign_draft(text: str) -> DraftValue:
    """A reply that somebody wrote: no marks, no style."""
    return {"text": text, "style": "", "source": "knowledge", "place": 0}


def request_of(screen: Screen) -> DraftRequest:
    """What a generator or ranker would be handed for that screen; the seed is 0."""
    shown = [dict(one) for one in screen["shown"]]
    return DraftRequest(
        turns=tuple(Turn(one["role"], one["text"]) for one in screen["turns"]),
        query=screen["query"],
        shown=tuple(
            RankedSnippet(rank=one.pop("rank"), score=one.pop("score"), snippet=Snippet(**one)) for one in shown
        ),
        similar=tuple(SolvedCase(**{**one, "snippet_ids": tuple(one["snippet_ids"])}) for one in screen["similar"]),
        seed=0,
        language=screen.get("language", ""),
    )


def draft_of(value: DraftValue, request: DraftRequest, checker: Checker) -> Draft:
    """The draft with the marks that today's checker gives it; a reply without a style was not checked then either."""
    known = bool(value["style"])
    report = checker.check(value["text"], request.shown, request.turns) if known else NOT_CHECKED
    return Draft(value["text"], value["style"], value["source"], report)


def _turn(turn: Turn) -> dict[str, str]:
    return {"role": turn.role, "text": turn.text}
