"""Everything the checks may look at: one annotation, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from core.annotations import Adoption, Annotation
from core.values import Suggestion

A = TypeVar("A", bound=Annotation)

# The checks look no further back in what an agent said before.
RECENT = 20


@dataclass(frozen=True, slots=True)
class Evidence:
    """`around`: what else stands on the same case, from everybody, oldest first.

    `before`: what the same agent said of the same kind before, newest first, at most `RECENT`.
    `current`: the ids of those shown snippets that the knowledge base still has.
    `suggestion`: what was on the screen; None only for an own reply before any suggestion.
    """

    annotation: Annotation
    suggestion: Suggestion | None
    around: tuple[Annotation, ...] = ()
    before: tuple[Annotation, ...] = ()
    current: frozenset[str] = frozenset()

    def by_the_same(self, kind: type[A]) -> list[A]:
        """What this agent said of that kind about the same suggestion."""
        return [one for one in self._here(kind) if one.agent_id == self.annotation.agent_id]

    def by_others(self, kind: type[A]) -> list[A]:
        """What other agents said of that kind about the same suggestion."""
        return [one for one in self._here(kind) if one.agent_id != self.annotation.agent_id]

    @property
    def sent(self) -> Adoption | None:
        """The draft that this agent sent from this suggestion, as it was or edited; None where there is none."""
        adopted = [one for one in self.by_the_same(Adoption) if one.decision in ("as_is", "edited")]
        return adopted[-1] if adopted else None

    def _here(self, kind: type[A]) -> list[A]:
        mine = self.annotation
        return [
            one
            for one in self.around
            if isinstance(one, kind) and one.suggestion_id == mine.suggestion_id and one.id != mine.id
        ]
