"""Annotations to rows and back: the shared fields are columns, those of a kind are JSON."""

from __future__ import annotations

from typing import Any

from core.annotations import KINDS, Adoption, Annotation, MissingKnowledge, Relevance, kind_of
from core.metrics.edits import edit_distance
from core.store.tables import AnnotationRow

_SHARED = frozenset(Annotation.model_fields)
# The store's own bookkeeping: who has confirmed an own reply, when each last said or took it back, and how much of a
# draft was changed, which is to be known when its words are gone.
_KEPT_APART = ("confirmed_by", "confirmed_at", "edit_distance")


def topic_of(name: str, subject: str = "") -> str:
    """What a choice is about: `preference`, `adoption`, `own_reply:KEY`, `relevance:SNIPPET`, `gap:KEY`."""
    return f"{name}:{subject}" if subject else name


def row_of(annotation: Annotation, group: str) -> AnnotationRow:
    """The row that stores it."""
    values = annotation.model_dump(mode="json", exclude=set(_SHARED))
    if isinstance(annotation, Adoption):
        values["confirmed_by"] = []
        if annotation.decision == "edited" and annotation.draft and annotation.final:
            values["edit_distance"] = edit_distance(annotation.draft, annotation.final)
    shared: dict[str, Any] = annotation.model_dump(include=set(_SHARED))
    return AnnotationRow(**shared, kind=kind_of(annotation), topic=_topic(annotation), group=group, details=values)


def annotation_of(row: AnnotationRow) -> Annotation:
    """The annotation that a row stores."""
    model = KINDS[row.kind]  # type: ignore[index]
    shared = {name: getattr(row, name) for name in _SHARED}
    details = {name: value for name, value in row.details.items() if name not in _KEPT_APART}
    return model.model_validate({**shared, **details})


def _topic(annotation: Annotation) -> str:
    if isinstance(annotation, Relevance):
        return topic_of("relevance", annotation.snippet_id)
    if isinstance(annotation, MissingKnowledge):
        return topic_of("gap", annotation.key)
    if isinstance(annotation, Adoption) and annotation.decision == "own_reply":
        return topic_of("own_reply", annotation.key)
    return topic_of(kind_of(annotation))
