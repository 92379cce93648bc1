"""All checks in one table. Each is a pure function: evidence in, a finding or None out."""

from __future__ import annotations

from collections.abc import Callable

from core.judge.attention import faster_than_reading, straight_lining
from core.judge.consistency import contradiction, disagreement, reason_against_edit, relevance_against_citation
from core.judge.evidence import Evidence
from core.judge.ruling import Finding, Ruling, rule
from core.judge.substance import knowledge_gone, orders_to_the_bot

Check = Callable[[Evidence], Finding | None]

CHECKS: tuple[Check, ...] = (
    contradiction,
    reason_against_edit,
    relevance_against_citation,
    disagreement,
    faster_than_reading,
    straight_lining,
    knowledge_gone,
    orders_to_the_bot,
)
# Stored with every ruling: rulings of different versions are not compared.
VERSION = "checks-1"


def judge(evidence: Evidence, opinion: Finding | None = None) -> Ruling:
    """The ruling on one annotation. Deterministic: the same evidence gives the same ruling.

    `opinion`: what a language model found in it, where there is one (see notes.py).
    """
    findings = (check(evidence) for check in CHECKS)
    return rule(evidence.annotation, (finding for finding in findings if finding is not None), opinion)
