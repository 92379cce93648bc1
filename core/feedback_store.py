"""What feedback needs of the store, as protocols: the real one is in `core.store`."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol, TypeVar

from core.annotations import Adoption, Annotation
from core.replies import HeldReply, PostedMessage, Reply, SuggestionState
from core.values import Case, Suggestion

A = TypeVar("A", bound=Annotation)


class CasesPort(Protocol):
    """Cases, and who answered them first."""

    def get(self, case_id: str) -> Case: ...

    def answer(self, case_id: str, agent_id: str, key: str) -> bool: ...

    def reopen(self, case_id: str, key: str) -> bool: ...


class SuggestionsPort(Protocol):
    """Suggestions as they were on the screen, and whether they may still be clicked."""

    def as_shown(self, suggestion_id: str) -> Suggestion: ...

    def latest(self, case_id: str) -> Suggestion | None: ...

    def posted(self, suggestion_id: str) -> PostedMessage | None: ...

    def state(self, suggestion_id: str) -> SuggestionState: ...

    def retired_at(self, suggestion_id: str) -> datetime | None: ...


class AnnotationsPort(Protocol):
    """Annotations: append-only, the newest choice on a topic stands."""

    def record(self, annotation: A, group: str = "") -> A: ...

    def withdraw(self, key: str, at: datetime | None = None) -> Annotation | None: ...

    def withdraw_group(self, group: str, key: str, at: datetime | None = None) -> list[Annotation]: ...

    def clear(self, suggestion_id: str, agent_id: str, topic: str, key: str, at: datetime | None = None) -> None: ...

    def confirm(self, key: str, by_agent: str, at: datetime | None = None) -> Adoption: ...

    def unconfirm(self, key: str, by_agent: str | None = None, at: datetime | None = None) -> Adoption: ...

    def by_key(self, key: str) -> Annotation | None: ...

    def standing(self, suggestion_id: str) -> list[Annotation]: ...


class RepliesPort(Protocol):
    """Replies that agents sent."""

    def add(self, reply: Reply) -> Reply: ...

    def by_key(self, adoption_key: str) -> Reply | None: ...

    def of_case(self, case_id: str) -> list[Reply]: ...

    def mark_undone(self, adoption_key: str) -> Reply: ...


class HeldRepliesPort(Protocol):
    """Replies that wait for "send anyway"."""

    def add(self, held: HeldReply) -> HeldReply: ...

    def get(self, held_id: str) -> HeldReply | None: ...

    def by_key(self, key: str) -> HeldReply | None: ...

    def take(self, held_id: str) -> HeldReply | None: ...


class FeedbackStore(Protocol):
    """The five subjects together; what one thread stores inside `transaction` is stored as one."""

    @property
    def cases(self) -> CasesPort: ...

    @property
    def suggestions(self) -> SuggestionsPort: ...

    @property
    def annotations(self) -> AnnotationsPort: ...

    @property
    def replies(self) -> RepliesPort: ...

    @property
    def held_replies(self) -> HeldRepliesPort: ...

    def transaction(self) -> AbstractContextManager[None]: ...
