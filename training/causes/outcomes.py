"""What counts as a bad outcome of a suggestion.

refused       neither draft would do (a preference for none of the two has no button of its own: this is it)
passed_over   an agent sent a reply of their own, confirmed, and no draft
edited        a draft was sent after an edit that changed words
irrelevant    a snippet that a draft cites was marked as irrelevant or outdated, or only such marks were made; where
              no draft was sent as it was
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.annotations import Adoption, Annotation, Relevance
from core.causes import Outcome
from core.values import Suggestion
from training.causes.edits import changes_words
from training.evaluation.questions import LIGHTEST


@dataclass(frozen=True, slots=True)
class BadOutcome:
    """`adoption`: the refusal, the edit or the agent's own reply; None where only marks were made."""

    kind: Outcome
    adoption: Adoption | None


def outcome_of(suggestion: Suggestion, said: Sequence[Annotation]) -> BadOutcome | None:
    """The worst that happened; None where nothing bad did. `said`: what may teach, of anybody, oldest first."""
    here = [one for one in said if one.suggestion_id == suggestion.id and one.weight >= LIGHTEST]
    adoptions = {one.decision: one for one in here if isinstance(one, Adoption)}  # of each decision the latest
    if "rejected" in adoptions:
        return BadOutcome("refused", adoptions["rejected"])
    if "edited" in adoptions and changes_words(adoptions["edited"]):
        return BadOutcome("edited", adoptions["edited"])
    if "own_reply" in adoptions and not adoptions.keys() & {"as_is", "edited"}:
        return BadOutcome("passed_over", adoptions["own_reply"])
    if "as_is" not in adoptions and _misled(suggestion, [one for one in here if isinstance(one, Relevance)]):
        return BadOutcome("irrelevant", None)
    return None


def _misled(suggestion: Suggestion, marks: Sequence[Relevance]) -> bool:
    cited = {n for candidate in suggestion.candidates for n in candidate.citations}
    against = [one for one in marks if one.label != "helpful"]
    return any(one.n in cited for one in against) or (bool(against) and len(against) == len(marks))
