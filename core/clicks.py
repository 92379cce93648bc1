"""What every click on a suggestion has in common: is it too late, was it handled before, who, when, how long after."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import ValidationError

from core.annotations import Annotation, Surface
from core.clock import Clock
from core.errors import InvalidAnnotation, TooLate
from core.feedback_store import FeedbackStore
from core.ids import new_id
from core.values import Candidate, Slot, Suggestion

A = TypeVar("A", bound=Annotation)
FORGOTTEN = "The words of these drafts were removed because the case is old, so they take no more feedback."


class Clicks:
    """The ground that the kinds of feedback stand on."""

    def __init__(self, store: FeedbackStore, clock: Clock, redact: Callable[[str], str]) -> None:
        self._store, self._clock, self._redact = store, clock, redact

    def _stored(self, key: str, kind: type[A]) -> A | None:
        annotation = self._store.annotations.by_key(key)
        if annotation is not None and not isinstance(annotation, kind):
            raise InvalidAnnotation(f"The key {key!r} names another kind of annotation already.")
        return annotation

    def _open_suggestion(self, suggestion_id: str, source: Surface, at: datetime) -> Suggestion:
        """The suggestion, if a click made then still counts.

        A form that was open when a newer revision came counts: the agent's words are not thrown away.
        """
        suggestion = self._store.suggestions.as_shown(suggestion_id)
        state = self._store.suggestions.state(suggestion_id)
        if state == "withdrawn":
            raise TooLate("This suggestion has been withdrawn; it takes no more feedback.")
        if state == "forgotten":
            raise TooLate(FORGOTTEN)
        retired_at = self._store.suggestions.retired_at(suggestion_id)
        if retired_at is not None and at >= retired_at and source != "modal":
            raise TooLate(f"Revision {suggestion.revision} has been replaced by a newer one; choose there.")
        return suggestion

    def _shared(self, suggestion: Suggestion, agent_id: str, source: Surface, key: str, at: datetime) -> dict[str, Any]:
        return self._shared_of(suggestion.case_id, suggestion, agent_id, source, key, at)

    def _shared_of(
        self, case_id: str, suggestion: Suggestion | None, agent_id: str, source: Surface, key: str, at: datetime
    ) -> dict[str, Any]:
        """The fields that every kind has."""
        posted = None if suggestion is None else self._store.suggestions.posted(suggestion.id)
        return {
            "id": new_id("ann"),
            "key": key,
            "case_id": case_id,
            "suggestion_id": None if suggestion is None else suggestion.id,
            "agent_id": agent_id,
            "created_at": at,
            "latency_s": None if posted is None else max(0.0, (at - posted.at).total_seconds()),
            "source": source,
        }

    def _kept(self, text: str | None) -> str | None:
        """What is stored of words that may be missing: redacted, None where there are none."""
        return self._redact(text.strip()) if text and text.strip() else None

    def _kept_link(self, link: str | None) -> str | None:
        """What is stored of a link that may be missing: only its site, where somebody's data stands in the rest."""
        link = (link or "").strip()
        if self._redact(link) == link:
            return link or None
        site = urlsplit(link)
        return f"{site.scheme}://{site.hostname or ''}/"


def candidate_of(suggestion: Suggestion, slot: Slot) -> Candidate:
    """The candidate in that slot, or InvalidAnnotation."""
    try:
        return suggestion.candidate(slot)
    except KeyError:
        raise InvalidAnnotation(f"There is no candidate {slot!r} in this suggestion.") from None


def shown_id(suggestion: Suggestion, n: int) -> str:
    """The id of the snippet with this number on the screen."""
    for ranked in suggestion.shown:
        if ranked.rank == n:
            return ranked.snippet.id
    raise InvalidAnnotation(f"There is no snippet {n} in this suggestion; it shows {len(suggestion.shown)}.")


def checked(model: type[A], /, **values: Any) -> A:
    """The annotation, or InvalidAnnotation with the first thing that is wrong in words."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or model.__name__
        raise InvalidAnnotation(f"{where}: {first['msg'].removeprefix('Value error, ')}.") from error
