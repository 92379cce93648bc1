"""A second person has looked: what they say measures the judge, and decides about the annotation."""

from __future__ import annotations

from core.annotations import AnnotationKind
from core.judge.agreement import FEWEST, Agreement, Figure, agreement, agreement_by_kind
from core.judge.ruling import lets_teach
from core.store.store import Store

_KINDS: dict[AnnotationKind, str] = {
    "preference": "preferences",
    "adoption": "adoptions",
    "relevance": "marks on snippets",
    "gap": "reports of missing knowledge",
}


def is_open(store: Store, annotation_id: str) -> bool:
    """Whether a second person is still wanted: what was said stands, and so does what the judge thought of it."""
    annotation, asked = store.annotations.get(annotation_id), store.audits.asked(annotation_id)
    if asked is None or annotation.judge == "pending" or annotation.forgotten or not annotation.stands:
        return False
    return lets_teach(asked) == lets_teach(annotation.judge)


def settle(store: Store, annotation_id: str, may_teach: bool, by: str) -> bool:
    """What the second person said counts for good; False, and nothing stored, where nobody is asked any more.

    Where judge and person agree that it may teach, the judge's weight stays, and may change with what is said later.
    """
    with store.transaction():
        if not is_open(store, annotation_id) or not store.audits.answer(annotation_id, may_teach, by):
            return False
        if not store.rulings.decide(annotation_id, may_teach, by) and not may_teach:
            store.rulings.overrule(annotation_id, by)
        return True


def measured(store: Store) -> list[str]:
    """How good the judge is, a sentence for all annotations and one for each kind; empty before any audit."""
    audited = store.audits.answered()
    if not audited:
        return []
    by_kind = agreement_by_kind(audited)
    sentences = [_sentence("all annotations", agreement(audited))]
    return sentences + [_sentence(_KINDS[kind], found) for kind, found in by_kind.items()]


def _sentence(of: str, found: Agreement) -> str:
    accepted, held, kappa = _said(found.accepted, "%"), _said(found.held, "%"), _said(found.kappa)
    return (
        f"The judge on {of}: people agree with {accepted} of what it lets teach and with {held} of what it holds; "
        f"Cohen's kappa {kappa}."
    )


def _said(figure: Figure, unit: str = "") -> str:
    if figure.value is None or figure.low is None or figure.high is None:
        few = f"{figure.n} of the {FEWEST} audits needed" if figure.n < FEWEST else f"{figure.n} audits, all alike"
        return f"(not enough data: {few})"
    if unit:
        return f"{figure.value:.0%} ({figure.low:.0%} to {figure.high:.0%}, n = {figure.n})"
    return f"{figure.value:.2f} ({figure.low:.2f} to {figure.high:.2f}, n = {figure.n})"
