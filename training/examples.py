"""What may teach: every case with what was said about it, and why the rest may not.

All data sets are made from these, so that one rule decides for all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.annotations import Adoption, Annotation
from core.judge.evidence import Evidence
from core.judge.substance import knowledge_gone
from core.store.store import Store
from core.values import Case, Suggestion

GONE = "it rests on text that is no longer in the knowledge base"


@dataclass(frozen=True, slots=True)
class Example:
    """One case. `said`: what may teach, oldest first. `suggestions`: by id, those that something was said about."""

    case: Case
    suggestions: dict[str, Suggestion]
    said: tuple[Annotation, ...]

    @property
    def agents(self) -> frozenset[str]:
        """Whose words they are."""
        return frozenset(one.agent_id for one in self.said)


@dataclass(slots=True)
class Examples:
    """Examples in the order of their cases; `excluded` counts what may not teach, by reason."""

    examples: list[Example] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Example]:
        return iter(self.examples)

    def __len__(self) -> int:
        return len(self.examples)


def read_examples(store: Store, until: datetime | None = None) -> Examples:
    """Every case about which something was said, oldest first, each word with the weight that the judge gave it.

    What was said after `until` does not exist yet. What left the knowledge base after it was judged counts as the judge
    would count it now: a mark on it still says what such a question is about, and teaches a little; a reply that rests
    on it teaches nothing. The leads are not asked again for it: an article that is retired would bring them hundreds.
    """
    found = Examples()
    current = frozenset(one.id for one in store.knowledge.current_snippets())
    for case_id in store.cases.ids():
        said = [
            one
            for one in store.annotations.of_case(case_id, everything=True)
            if until is None or one.created_at <= until
        ]
        if not said:
            continue
        case = store.cases.get(case_id)
        may = [one for one in said if _counted(why_not(case, one), found.excluded)]
        suggestions = _suggestions(store, may)
        taught = tuple(
            one.model_copy(update={"weight": one.weight * left}) if left < 1.0 else one
            for one in may
            for left in [_left_by_now(store, one, suggestions, current)]
            if _counted(None if left else GONE, found.excluded)
        )
        if taught:
            found.examples.append(Example(case, suggestions, taught))
    return found


def why_not(case: Case, annotation: Annotation) -> str | None:
    """Why this annotation may not teach; None where it may. Each reason is a short phrase."""
    if case.status == "withdrawn":
        return "the case was withdrawn"
    if annotation.forgotten:
        return "its words were removed after the retention time"
    if annotation.withdrawn:
        return "taken back"
    if annotation.superseded:
        return "replaced by a later choice"
    if annotation.judge == "held":
        return "held by the judge"
    if annotation.judge == "pending":
        return "not judged yet"
    if isinstance(annotation, Adoption) and not annotation.confirmed:
        return "a reply of an agent's own that nobody confirmed"
    return None


def _left_by_now(
    store: Store, said: Annotation, suggestions: Mapping[str, Suggestion], current: frozenset[str]
) -> float:
    """The share of the weight that is left of what was said, in [0, 1], as the knowledge base is now.

    Where the judge has counted it already, or a person has decided, that stands.
    """
    finding = knowledge_gone(Evidence(said, suggestions.get(said.suggestion_id or ""), current=current))
    if finding is None or store.rulings.is_by_person(said.id):
        return 1.0
    ruling = store.rulings.latest(said.id)
    known = ruling is not None and any(one.check == finding.check for one in ruling.findings)
    return 1.0 if known else finding.weight


def _counted(reason: str | None, excluded: Counter[str]) -> bool:
    if reason is not None:
        excluded[reason] += 1
    return reason is None


def _suggestions(store: Store, said: Sequence[Annotation]) -> dict[str, Suggestion]:
    asked = {one.suggestion_id for one in said if one.suggestion_id is not None}
    return {suggestion_id: store.suggestions.as_shown(suggestion_id) for suggestion_id in sorted(asked)}
