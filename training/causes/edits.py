"""Did an edit change a fact, or only how it is said?"""

from __future__ import annotations

from collections.abc import Sequence

from core.annotations import Adoption, ReasonCode
from core.checker.quantities import missing, quantities
from core.checker.speech import claim_of
from core.checker.support import support
from core.citations import without_marks
from core.sentences import split_sentences
from core.values import Snippet
from core.words import content_stems, wording

TASTE: frozenset[ReasonCode] = frozenset({"tone", "too_long", "my_preference"})
FAULTS: frozenset[ReasonCode] = frozenset({"wrong_fact", "unsupported", "outdated", "missed_question", "incomplete"})
# With fewer words that mean something a sentence stands in many articles, and names none.
_FEWEST_STEMS = 3


def claims_of(text: str) -> tuple[str, ...]:
    """The parts of a reply that state a fact, in order, without marks; () for one that only greets and asks."""
    claims = (claim_of(without_marks(sentence)) for sentence in split_sentences(text))
    return tuple(one for one in claims if len(content_stems(one)) >= _FEWEST_STEMS or quantities(one))


def says(text: str, claim: str) -> bool:
    """Whether a text says what is claimed, in these or in other words."""
    return support(claim, Snippet("", "", 1, "", "", None, without_marks(text))).supported


def new_claims(draft: str, final: str) -> tuple[str, ...]:
    """What is said after an edit and was not said before."""
    return tuple(one for one in claims_of(final) if not says(draft, one))


def changes_words(adoption: Adoption) -> bool:
    """More than spaces, case and punctuation."""
    return wording(adoption.draft or "") != wording(adoption.final or "")


def changes_a_fact(adoption: Adoption) -> bool:
    """Whether an edit changes what is said. Where the agent gave reasons of taste alone, only an amount or a deadline
    that the draft does not have speaks against them; `my_preference` alone is believed.
    """
    reasons, draft, final = set(adoption.reasons), adoption.draft or "", adoption.final or ""
    if reasons == {"my_preference"}:
        return False
    if reasons & FAULTS:
        return True
    if reasons and reasons <= TASTE:
        return bool(missing(quantities(final), quantities(draft)))
    return bool(new_claims(draft, final))


def is_taste(reasons: Sequence[ReasonCode]) -> bool:
    """Whether taste is all that was said against a draft."""
    return bool(reasons) and set(reasons) <= TASTE
