"""Feedback as JSON lines in the field's formats: what other tools may rely on (the README lists the fields)."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, get_args

from core.annotations import Adoption, Annotation, AnnotationKind, MissingKnowledge, Preference, Relevance
from core.citations import without_marks
from core.errors import ConfigurationError
from core.store.store import Store
from core.values import Candidate, Case, Slot, Suggestion, Turn

ExportKind = Literal["preferences", "adoptions", "relevance", "gaps", "cases"]
Row = dict[str, Any]
KINDS: tuple[ExportKind, ...] = get_args(ExportKind)
_ANNOTATION_KINDS: dict[str, AnnotationKind] = {
    "preferences": "preference",
    "adoptions": "adoption",
    "relevance": "relevance",
    "gaps": "gap",
}
_SPEAKERS = {"customer": "Customer", "agent": "Agent"}
_PSEUDONYM_DIGITS = 12


def export_rows(store: Store, kind: str, out: Path, *, everything: bool = False, anonymise: bool = False) -> int:
    """Writes one JSON object a line and tells how many. The file is there complete, or as it was before.

    Missing folders are made. Raises ConfigurationError for a place that cannot be written.
    """
    out = out.resolve()  # what a link points to is replaced, not the link
    if out.exists() and not out.is_file():
        raise ConfigurationError(f"{out} is no plain file; give --out the name of a file.")
    count = 0
    handle, name = _beside(out)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            for row in rows(store, kind, everything=everything, anonymise=anonymise):
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                count += 1
        Path(name).replace(out)
    finally:
        Path(name).unlink(missing_ok=True)
    return count


def _beside(out: Path) -> tuple[int, str]:
    """An open temporary file in the folder where `out` belongs."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    except OSError as error:
        raise ConfigurationError(
            f"{out} cannot be written ({error.strerror}); give --out a file in a folder of your own."
        ) from error


def rows(store: Store, kind: str, *, everything: bool = False, anonymise: bool = False) -> Iterator[Row]:
    """The rows of one kind, oldest first.

    Without `everything`: what stands and may teach, so nothing superseded, withdrawn or held, nothing whose words were
    removed after the retention time, no tie, no reply of an agent's own that nobody has confirmed.
    Raises ValueError for a kind that is none of `KINDS`.
    """
    if kind == "cases":
        return _case_rows(store, everything)
    if kind not in _ANNOTATION_KINDS:
        raise ValueError(f"{kind!r} cannot be exported; choose one of {', '.join(KINDS)}.")
    return _annotation_rows(store, kind, everything, _pseudonyms(store) if anonymise else str)


def _annotation_rows(store: Store, kind: str, everything: bool, name: Callable[[str], str]) -> Iterator[Row]:
    suggestion_of = lru_cache(maxsize=256)(store.suggestions.as_shown)
    for annotation in store.annotations.all(_ANNOTATION_KINDS[kind]):
        suggestion = None if annotation.suggestion_id is None else suggestion_of(annotation.suggestion_id)
        withdrawn = annotation.withdrawn or _is_gone(store, annotation)
        fields = _fields(annotation, suggestion)
        if fields is None or not (everything or (not withdrawn and _may_teach(annotation, fields))):
            continue
        yield {**_shared(annotation, withdrawn, name), **fields}


def _is_gone(store: Store, annotation: Annotation) -> bool:
    """What was said about a case or a suggestion that should not have been teaches nothing."""
    if store.cases.status(annotation.case_id) == "withdrawn":
        return True
    return annotation.suggestion_id is not None and store.suggestions.state(annotation.suggestion_id) == "withdrawn"


def _may_teach(annotation: Annotation, fields: Row) -> bool:
    if annotation.superseded or annotation.forgotten or annotation.judge == "held":
        return False
    if isinstance(annotation, Preference):
        # Equal or empty sides train without complaint and teach nothing.
        return annotation.strength > 0 and bool(fields["rejected"]) and fields["chosen"] != fields["rejected"]
    return not isinstance(annotation, Adoption) or annotation.confirmed


def _shared(annotation: Annotation, withdrawn: bool, name: Callable[[str], str]) -> Row:
    return {
        "id": annotation.id,
        "case_id": annotation.case_id,
        "suggestion_id": annotation.suggestion_id,
        "agent_id": name(annotation.agent_id),
        "created_at": _iso(annotation.created_at),
        "latency_s": annotation.latency_s,
        "source": annotation.source,
        "judge": annotation.judge,
        "weight": annotation.weight,
        "superseded": annotation.superseded,
        "withdrawn": withdrawn,
    }


def _fields(annotation: Annotation, suggestion: Suggestion | None) -> Row | None:
    """The further fields of its kind; None where the suggestion it is about is unknown."""
    if isinstance(annotation, Adoption):
        return _adoption_fields(annotation, suggestion)
    if isinstance(annotation, MissingKnowledge):
        return _gap_fields(annotation)
    if suggestion is None:
        return None
    if isinstance(annotation, Preference):
        return _preference_fields(annotation, suggestion)
    if isinstance(annotation, Relevance):
        return _relevance_fields(annotation, suggestion)
    return None


def _preference_fields(preference: Preference, suggestion: Suggestion) -> Row:
    chosen_slot: Slot = preference.chosen_slot or "a"
    chosen, rejected = suggestion.candidate(chosen_slot), suggestion.candidate("b" if chosen_slot == "a" else "a")
    return {
        "prompt": "" if suggestion.forgotten else conversation(suggestion.turns),
        "chosen": without_marks(chosen.text),
        "rejected": without_marks(rejected.text),
        "strength": preference.strength,
        "chosen_slot": preference.chosen_slot,
        "chosen_bundle": chosen.bundle,
        "rejected_bundle": rejected.bundle,
    }


def _adoption_fields(adoption: Adoption, suggestion: Suggestion | None) -> Row:
    used: list[Candidate] = [] if suggestion is None else [c for c in suggestion.candidates if c.slot == adoption.slot]
    return {
        "decision": adoption.decision,
        "slot": adoption.slot,
        "draft": adoption.draft,
        "final": adoption.final,
        "reasons": list(adoption.reasons),
        "rationale": adoption.rationale,
        "bundle": used[0].bundle if used else None,
    }


def _relevance_fields(relevance: Relevance, suggestion: Suggestion) -> Row:
    texts = {one.rank: one.snippet.text for one in suggestion.shown}
    return {
        "query": suggestion.query,
        "snippet_id": relevance.snippet_id,
        "snippet_text": texts[relevance.n],
        "rank": relevance.n,
        "label": relevance.label,
        "cited": relevance.cited,
    }


def _gap_fields(report: MissingKnowledge) -> Row:
    return {
        "description": report.description,
        "kind": report.kind,
        "link": None if report.link is None else str(report.link),
        "status": report.status,
        "article_id": report.article_id,
    }


def _case_rows(store: Store, everything: bool) -> Iterator[Row]:
    for case_id in store.cases.ids():
        case = store.cases.get(case_id)
        if everything or (case.status != "withdrawn" and any(turn.text for turn in case.turns)):
            yield _case_row(store, case)


def _case_row(store: Store, case: Case) -> Row:
    return {
        "case_id": case.id,
        "channel": case.channel,
        "thread_ts": case.thread_ts,
        "created_at": _iso(case.created_at),
        "text": case.text,
        "turns": [{"role": turn.role, "text": turn.text} for turn in case.turns],
        "reply": _reply_text(store, case),
        "status": case.status,
    }


def _reply_text(store: Store, case: Case) -> str | None:
    """What the customer was told: the newest standing adoption, or else a confirmed reply of an agent's own."""
    adoptions = [one for one in store.annotations.of_case(case.id) if isinstance(one, Adoption) and one.final]
    sent = [one.final for one in adoptions if one.decision in ("as_is", "edited")]
    own = [one.final for one in adoptions if one.decision == "own_reply" and one.confirmed]
    return (sent or own or [None])[-1]


def conversation(turns: Sequence[Turn]) -> str:
    """A conversation as text, one turn after the other: `Customer: ...` and `Agent: ...`."""
    return "\n".join(f"{_SPEAKERS[turn.role]}: {turn.text}" for turn in turns)


def _pseudonyms(store: Store) -> Callable[[str], str]:
    """Names that are the same in every export of this home, and mean nothing outside it."""
    key = store.secrets.key("pseudonyms")

    def pseudonym(agent_id: str) -> str:
        return "agent_" + hmac.new(key, agent_id.encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM_DIGITS]

    return pseudonym


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
