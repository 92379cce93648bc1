"""What everybody may see of the feedback on one suggestion: who said something, not which way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from core.annotations import Adoption, Annotation, AnnotationKind, kind_of
from core.feedback_store import FeedbackStore
from core.replies import Reply, SuggestionState
from core.values import CaseStatus


@dataclass(frozen=True, slots=True)
class FeedbackState:
    """`annotated`: the kinds each agent has annotated, agents in the order of their first click.

    `sent`: replies of this suggestion that were not undone, oldest first. `open_kinds`: those nobody has annotated.
    `closed`: the case is answered or withdrawn; only then may `annotations` be shown to everybody.
    """

    suggestion_id: str
    suggestion_state: SuggestionState
    case_id: str
    case_status: CaseStatus
    answered_by: str | None
    annotated: Mapping[str, tuple[AnnotationKind, ...]]
    open_kinds: tuple[AnnotationKind, ...]
    sent: tuple[Reply, ...]
    closed: bool
    annotations: tuple[Annotation, ...]


def state_of(store: FeedbackStore, suggestion_id: str) -> FeedbackState:
    """The state as the database has it now. Raises UnknownSuggestion."""
    suggestion = store.suggestions.as_shown(suggestion_id)
    case = store.cases.get(suggestion.case_id)
    standing = [one for one in store.annotations.standing(suggestion_id) if not _is_unconfirmed(one)]
    annotated: dict[str, tuple[AnnotationKind, ...]] = {}
    for annotation in standing:
        kinds = annotated.get(annotation.agent_id, ())
        annotated[annotation.agent_id] = tuple(dict.fromkeys((*kinds, kind_of(annotation))))
    seen = {kind for kinds in annotated.values() for kind in kinds}
    all_kinds: tuple[AnnotationKind, ...] = get_args(AnnotationKind)
    replies = store.replies.of_case(case.id)
    return FeedbackState(
        suggestion_id=suggestion_id,
        suggestion_state=store.suggestions.state(suggestion_id),
        case_id=case.id,
        case_status=case.status,
        answered_by=case.answered_by,
        annotated=annotated,
        open_kinds=tuple(kind for kind in all_kinds if kind not in seen),
        sent=tuple(one for one in replies if one.suggestion_id == suggestion_id and one.state != "undone"),
        closed=case.status != "open",
        annotations=tuple(standing),
    )


def _is_unconfirmed(annotation: Annotation) -> bool:
    """An own reply that nobody has confirmed says nothing about the suggestion yet."""
    return isinstance(annotation, Adoption) and not annotation.confirmed
