"""What checks find, and the ruling that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod

from core.annotations import Annotation, MissingKnowledge, Verdict

# Below this, what is left of an annotation teaches so little that a person had better look.
HELD_BELOW = 0.05
# A report of missing knowledge always reaches its queue: doubts only let it wait behind others.
LEAST_FOR_A_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found: its name, why in words, and the share of the weight it leaves, in [0, 1).

    A weight of 0 holds the annotation for a person.
    """

    check: str
    reason: str
    weight: float


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether an annotation may teach, with what weight in [0, 1], and why (empty: nothing was found)."""

    verdict: Verdict
    weight: float
    findings: tuple[Finding, ...] = ()


def lets_teach(verdict: Verdict) -> bool:
    """Whether an annotation of this verdict teaches, be it with less weight."""
    return verdict in ("accepted", "downweighted")


def rule(annotation: Annotation, findings: Iterable[Finding], opinion: Finding | None = None) -> Ruling:
    """Independent doubts multiply; a little weight left means held. A report of missing knowledge is never held.

    `opinion`: a language model's; it takes weight from what the other findings let teach, and never all of it.
    """
    found = tuple(findings)
    weight = prod(finding.weight for finding in found)
    if opinion is not None:
        found = (*found, opinion)
        weight = weight if weight < HELD_BELOW else max(HELD_BELOW, weight * opinion.weight)
    if isinstance(annotation, MissingKnowledge):
        weight = max(weight, LEAST_FOR_A_GAP)
    elif weight < HELD_BELOW:
        return Ruling("held", 0.0, found)
    return Ruling("downweighted" if weight < 1.0 else "accepted", weight, found)
