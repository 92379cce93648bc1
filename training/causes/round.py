"""The causes of what is new: bounded work, newest first, and once for what was said.

A run that is stopped leaves what it has found; the next one goes on with the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.annotations import Adoption, Annotation, MissingKnowledge
from core.causes import Attribution
from core.ports import Progress
from core.store.store import Store
from core.suggest import Suggester
from core.values import Suggestion
from training.causes.attribution import cause_of, subject_of
from training.causes.known import known_right, without_later
from training.causes.outcomes import BadOutcome, outcome_of
from training.causes.replay import Replay
from training.causes.sources import Sources
from training.causes.swaps import Trial
from training.examples import why_not

MOST = 200  # replays in one run: a minute or two
_VERSION = "causes-1"  # causes found by other rules are looked for again

Answers = Callable[[str], Suggester]
"""Who replays what a bundle of this version has drafted."""


@dataclass(frozen=True, slots=True)
class Round:
    """`found`: how many causes were found now. `left`: bad outcomes that are to be looked at by the next run."""

    found: int
    left: int


@dataclass(frozen=True, slots=True)
class _Case:
    """One bad outcome that is new, or about which something was said since."""

    suggestion: Suggestion
    said: tuple[Annotation, ...]
    outcome: BadOutcome
    basis: str


def find_causes(
    store: Store,
    answers: Answers,
    since: datetime,
    most: int = MOST,
    progress: Progress = lambda done, total: None,
) -> Round:
    """Find and keep the cause of every bad outcome about which something was said from `since` on; at most so many.

    Raises EmptyKnowledge, IndexBroken, ModelUnavailable; what was found before is kept.
    """
    new = _new(store, since)
    now = new[:most]
    if now:
        sources = Sources(store.knowledge.current_snippets())
        for done, one in enumerate(now):
            progress(done, len(now))
            store.causes.keep(_attributed(store, answers, one, sources))
        progress(len(now), len(now))
    return Round(len(now), len(new) - len(now))


def has_new(store: Store, since: datetime) -> bool:
    """Whether a run would find anything to do."""
    return bool(_new(store, since, enough=1))


def _new(store: Store, since: datetime, enough: int | None = None) -> list[_Case]:
    """What is no bad outcome any more leaves the list here."""
    about = store.causes.said_about(since)
    known = store.causes.bases(about)
    new: list[_Case] = []
    for suggestion_id, case_id in about.items():
        case = store.cases.get(case_id)
        of_case = store.annotations.of_case(case.id, everything=True)
        said = tuple(one for one in of_case if why_not(case, one) is None)
        basis = _basis(said)
        if known.get(suggestion_id) == basis:
            continue
        suggestion = store.suggestions.as_shown(suggestion_id)
        outcome = outcome_of(suggestion, said)
        if outcome is not None:
            new.append(_Case(suggestion, said, outcome, basis))
        elif suggestion_id in known:
            store.causes.drop(suggestion_id)
        if len(new) == enough:
            break
    return new


def _attributed(store: Store, answers: Answers, one: _Case, sources: Sources) -> Attribution:
    suggestion = store.suggestions.get(one.suggestion.id)
    case = store.cases.get(suggestion.case_id)
    asked = [turn.text for turn in suggestion.turns]
    alike = [
        other
        for other in store.suggestions.of_case(case.id)
        if other.id != suggestion.id and not other.forgotten and [turn.text for turn in other.turns] == asked
    ]
    ids = {suggestion.id, *(other.id for other in alike)}
    said = [annotation for annotation in one.said if annotation.suggestion_id in ids]
    known = known_right(case, [suggestion, *alike], said, one.outcome, sources)
    added = store.causes.first_added(sources.by_id[right].article_id for right in known.right)
    known = without_later(known, suggestion, sources, added)
    suggester = answers(suggestion.bundle)
    trial = Trial(one.outcome, known, Replay(suggester, suggestion), sources)
    cause, evidence = cause_of(trial)
    subject = subject_of(trial, cause)
    return Attribution(
        suggestion_id=suggestion.id,
        outcome=one.outcome.kind,
        cause=cause,
        evidence=evidence,
        topic=subject.title if subject else "",
        article_id=subject.article_id if subject else "",
        report_id=known.report_id if cause == "knowledge_gap" else None,
        said_at=_said_at(suggestion, one.said),
        basis=one.basis,
        version=suggester.version,
    )


def _said_at(suggestion: Suggestion, said: Sequence[Annotation]) -> datetime:
    return max(one.created_at for one in said if one.suggestion_id == suggestion.id)


def _basis(said: Sequence[Annotation]) -> str:
    """A name for what was said of a case and may teach: once it is another, its causes are looked for again."""
    parts = [f"{one.id} {one.weight:.3f} {_state(one)}" for one in said]
    return hashlib.sha256("\n".join([_VERSION, *sorted(parts)]).encode()).hexdigest()[:16]


def _state(one: Annotation) -> str:
    if isinstance(one, MissingKnowledge):
        return one.status
    return str(one.confirmed) if isinstance(one, Adoption) else ""
