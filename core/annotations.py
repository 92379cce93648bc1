"""The four kinds of feedback an agent gives inside live work (AITL, arXiv:2510.06674, section 3).

What comes from outside is parsed here (`Preference.model_validate(...)`): table classes do not check.
Unmarked is unknown, never negative; a tie is not "both unusable".
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, model_validator

from core.values import Slot

AnnotationKind = Literal["preference", "adoption", "relevance", "gap"]
Surface = Literal["button", "reaction", "modal", "message"]
Decision = Literal["as_is", "edited", "rejected", "own_reply"]
RelevanceLabel = Literal["helpful", "irrelevant", "outdated"]
GapKind = Literal["missing", "exists_not_found"]
GapStatus = Literal["open", "drafted", "resolved", "rejected"]
Verdict = Literal["accepted", "downweighted", "held", "pending"]
ReasonCode = Literal[
    "wrong_fact",
    "unsupported",
    "outdated",
    "missed_question",
    "incomplete",
    "too_long",
    "tone",
    "my_preference",
    "other",
]

REASONS: dict[ReasonCode, str] = {
    "wrong_fact": "A fact is wrong",
    "unsupported": "Not supported by the source",
    "outdated": "Outdated",
    "missed_question": "Misses the question",
    "incomplete": "Something is missing",
    "too_long": "Too long",
    "tone": "Tone",
    "my_preference": "My preference",
    "other": "Something else",
}

Words = Annotated[str, StringConstraints(strip_whitespace=True)]


class Annotation(BaseModel):
    """What every kind has: who, when, how long after the suggestion, by which surface.

    `key` names the click itself (from the delivery's own ids): recording it twice stores it once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    key: str
    case_id: str
    suggestion_id: str | None  # None only for an agent's own reply before any suggestion
    agent_id: str
    created_at: datetime
    latency_s: float | None = Field(ge=0)  # since the suggestion was posted; None where there is none
    source: Surface
    judge: Verdict = "pending"
    weight: float = Field(default=1.0, ge=0, le=1)
    superseded: bool = False
    withdrawn: bool = False
    forgotten: bool = False  # its words were removed after the retention time; what it says stays

    @property
    def stands(self) -> bool:
        """True while it is neither replaced by a later choice nor taken back."""
        return not (self.superseded or self.withdrawn)


class Preference(Annotation):
    """Which candidate is better and by how much: 3 significantly, 2 better, 1 slightly, 0 the same."""

    chosen_slot: Slot | None
    strength: int = Field(ge=0, le=3)

    @model_validator(mode="after")
    def _a_tie_has_no_side(self) -> Preference:
        if (self.strength == 0) != (self.chosen_slot is None):
            raise ValueError("a tie (strength 0) names no slot, and every other preference names one")
        return self


class Adoption(Annotation):
    """What became of the drafts: used as it is, used after an edit, refused, or a reply of one's own."""

    decision: Decision
    slot: Slot | None = None
    draft: str | None = None  # the candidate's text without [n] marks
    final: str | None = None  # what was sent, if anything
    reasons: tuple[ReasonCode, ...] = ()
    rationale: str | None = None
    confirmed: bool = True  # an own reply teaches only once an agent confirms it

    @model_validator(mode="after")
    def _a_refusal_has_a_reason(self) -> Adoption:
        if self.decision == "rejected" and not self.reasons and self.source != "reaction":
            raise ValueError("a refusal needs at least one reason, unless it was a reaction")
        if self.forgotten:
            return self
        if self.decision in ("as_is", "edited") and not (self.slot and self.draft and self.final):
            raise ValueError("an adopted reply needs its slot, its draft and what was sent")
        return self


class Relevance(Annotation):
    """This snippet helped, did not, or is outdated. `n` is its number on the screen, 1..8."""

    snippet_id: str
    n: int = Field(ge=1, le=8)
    label: RelevanceLabel
    cited: bool  # by either candidate


class MissingKnowledge(Annotation):
    """What the knowledge base should have said: it does not exist, or exists and was not found."""

    description: Words  # empty only where it was removed
    kind: GapKind
    link: HttpUrl | None = None
    status: GapStatus = "open"
    article_id: str | None = None

    @model_validator(mode="after")
    def _a_report_says_what_is_missing(self) -> MissingKnowledge:
        if not self.description and not self.forgotten:
            raise ValueError("its description says in a sentence what is missing")
        return self


KINDS: dict[AnnotationKind, type[Annotation]] = {
    "preference": Preference,
    "adoption": Adoption,
    "relevance": Relevance,
    "gap": MissingKnowledge,
}


def kind_of(annotation: Annotation) -> AnnotationKind:
    """Which of the four it is."""
    return next(kind for kind, model in KINDS.items() if isinstance(annotation, model))
