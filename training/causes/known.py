"""What would have been right for a suggestion, as far as anybody has said it.

Right snippets are those that agents marked, those that an adopted draft cites, and those of an article that a report
links; where nobody named any, those that say what the agent sent instead. Of an edited fact only the latter count: what
the draft cites is just what was not right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.annotations import Adoption, Annotation, MissingKnowledge, Relevance
from core.checker.quantities import quantities
from core.values import Case, Snippet, Suggestion
from training.causes.edits import changes_a_fact, claims_of, is_taste, new_claims
from training.causes.outcomes import BadOutcome
from training.causes.sources import Sources
from training.datasets import relevance_rows
from training.evaluation.questions import LIGHTEST
from training.evaluation.rankings import RIGHT
from training.examples import Example
from training.lessons.gaps import gap_rows

FirstAdded = Mapping[str, datetime]
"""By article id when it came into the knowledge base."""


@dataclass(frozen=True, slots=True)
class Known:
    """`right`: snippets of the knowledge base. `claims`: what the agent said and the draft did not, in order.

    `asked`: in an agent's words what should have been found. `missing`: why the knowledge base cannot have answered,
    as somebody said, the start of a sentence; "" where nobody did. `report_id`: the report that said so.
    `nowhere`: what was sent stands in no article. `about`: the snippet that the right answer comes nearest to, where
    none is right.
    """

    right: frozenset[str] = frozenset()
    claims: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    missing: str = ""
    report_id: str | None = None
    nowhere: bool = False
    about: Snippet | None = None


def known_right(
    case: Case, suggestions: Sequence[Suggestion], said: Sequence[Annotation], outcome: BadOutcome, sources: Sources
) -> Known:
    """Of the first of these suggestions; the others are further drafts for the very same conversation.

    `said`: what may teach of all of them, oldest first.
    """
    suggestion = suggestions[0]
    claims = _claims(outcome)
    named = _named(case, suggestions, said, outcome, sources, claims)
    changed = outcome.kind == "edited" and bool(claims)
    right = sources.bearing(claims) if changed or (claims and not named) else named
    nowhere = bool(claims) and not right and (sources.is_nowhere(claims) or _new_amounts(changed, claims, sources))
    about = None if right else sources.nearest(claims)
    known = Known(right, claims, _asked(said), nowhere=nowhere, about=about)
    return _with_missing(known, suggestion, [one for one in said if one.suggestion_id == suggestion.id], outcome)


def without_later(known: Known, suggestion: Suggestion, sources: Sources, added: FirstAdded) -> Known:
    """Where every right article was written after the suggestion, the knowledge base could not have answered then."""
    articles = {sources.by_id[one].article_id for one in known.right}
    was_there = any(one.snippet.id in known.right for one in (*suggestion.retrieved, *suggestion.shown))
    if (
        was_there
        or not articles
        or any(added.get(one, suggestion.created_at) <= suggestion.created_at for one in articles)
    ):
        return known
    about = sources.by_id[min(known.right)]
    return replace(known, right=frozenset(), missing="Its article was written only later", about=about)


def _claims(outcome: BadOutcome) -> tuple[str, ...]:
    """What was sent, as facts. None where taste is all that was said: such a reply says the same in other words."""
    adoption = outcome.adoption
    if adoption is None or not adoption.final:
        return ()
    if adoption.decision == "edited":
        return new_claims(adoption.draft or "", adoption.final) if changes_a_fact(adoption) else ()
    return () if is_taste(adoption.reasons) else claims_of(adoption.final)


def _new_amounts(changed: bool, claims: Sequence[str], sources: Sources) -> bool:
    """Whether an edit puts an amount or a deadline in place that no snippet states."""
    stated = [one for one in claims if quantities(one)]
    return changed and bool(stated) and sources.bears_none(stated)


def _named(
    case: Case,
    suggestions: Sequence[Suggestion],
    said: Sequence[Annotation],
    outcome: BadOutcome,
    sources: Sources,
    claims: Sequence[str],
) -> frozenset[str]:
    """What somebody has pointed to, and the knowledge base still has. Of a linked article what says what was sent."""
    believed = tuple(one for one in said if one.suggestion_id is not None and not _tells_nothing(one, outcome))
    example = Example(case, {one.id: one for one in suggestions}, believed)
    linked = gap_rows([example], sources.by_id.values())
    rows = [*linked, *relevance_rows([example])]
    weighty = [row for row in rows if row["weight"] >= LIGHTEST and row["snippet_id"] in sources.by_id]
    wrong = {row["snippet_id"] for row in weighty if row["label"] < RIGHT}
    sent = sources.bearing_within({row["article_id"] for row in linked}, claims)
    return (sent | {row["snippet_id"] for row in weighty if row["label"] >= RIGHT}) - wrong


def _tells_nothing(said: Annotation, outcome: BadOutcome) -> bool:
    """A draft whose facts were changed does not show where they stand; nor does a report of what is not there."""
    if isinstance(said, MissingKnowledge):
        return said.kind == "missing"
    return (
        isinstance(said, Adoption) and said == outcome.adoption and said.decision == "edited" and changes_a_fact(said)
    )


def _asked(said: Sequence[Annotation]) -> tuple[str, ...]:
    reports = [one for one in said if isinstance(one, MissingKnowledge) and one.kind == "exists_not_found"]
    return tuple(dict.fromkeys(one.description for one in reports if one.description))


def _with_missing(known: Known, suggestion: Suggestion, here: Sequence[Annotation], outcome: BadOutcome) -> Known:
    report = next((one for one in here if isinstance(one, MissingKnowledge) and one.kind == "missing"), None)
    if report is not None:
        return replace(known, missing="An agent reported it as missing", report_id=report.id)
    cited = {n for candidate in suggestion.candidates for n in candidate.citations}
    outdated = next(
        (one for one in here if isinstance(one, Relevance) and one.label == "outdated" and one.n in cited), None
    )
    if outdated is not None:
        about = next(one.snippet for one in suggestion.shown if one.rank == outdated.n)
        return replace(known, missing="An agent called what a draft rests on outdated", about=about)
    if outcome.adoption is not None and "outdated" in outcome.adoption.reasons:
        return replace(known, missing="An agent called the drafts outdated")
    return known
