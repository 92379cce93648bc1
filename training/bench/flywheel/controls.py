"""What else is run beside the flywheel itself: the same with one switch turned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from core.annotations import AnnotationKind
from core.registry.bundle import Part
from training.bench.flywheel.agents import Manners

PARTS: tuple[Part, ...] = ("retriever", "reranker", "ranker")  # the drafts are composed, so no generator is trained
KINDS: frozenset[AnnotationKind] = frozenset(get_args(AnnotationKind))


@dataclass(frozen=True, slots=True)
class Plan:
    """`parts`: which are trained. `judged`: whether the virtual judge looks at what was said, or all of it teaches.

    `live`: whether the live splits are played, or only history teaches.
    """

    manners: Manners = field(default_factory=Manners)
    parts: tuple[Part, ...] = PARTS
    judged: bool = True
    live: bool = True


def _without(kind: AnnotationKind) -> Plan:
    return Plan(Manners(kinds=KINDS - {kind}))


CONTROLS: Mapping[str, Plan] = {
    "random_labels": Plan(Manners(random_labels=True)),
    "seed_only": Plan(live=False),
    "retriever_only": Plan(parts=("retriever",)),
    "reranker_only": Plan(parts=("reranker",)),
    "without_preferences": _without("preference"),
    "without_adoptions": _without("adoption"),
    "without_relevance": _without("relevance"),
    "without_gaps": _without("gap"),
    "without_judge": Plan(judged=False),
    "diligent": Plan(Manners(noise=0.0, skips=0.0, careless=0)),
    "oracle": Plan(Manners(noise=0.0, skips=0.0, careless=0, knows_all=True)),
}
"""By the name that `--controls` takes. `diligent`: agents who annotate everything, and correctly; `oracle`: who also
know every right passage that is not shown.
"""
