"""Replies that people have rated, as the product gets to know such things: two drafts on a screen, and a preference.

The screen is the one that the product made for that question; only the drafts are others. What people said is taken as
they said it: no click of these is wrong or skipped.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from core.feedback import Feedback, PreferenceChoice
from core.ids import new_id
from core.store import Store
from core.values import SLOTS, Candidate, Slot, Suggestion
from training.bench.rated_replies import STRONGEST, RatedPair
from training.lessons.screens import NOT_CHECKED

_RATERS = ("U_RATER0", "U_RATER1", "U_RATER2", "U_RATER3", "U_RATER4")


@dataclass(frozen=True)
class Raters:
    """Puts each pair on a screen of its own, as a later revision."""

    store: Store
    feedback: Feedback

    def rate(self, shown: Suggestion, pairs: Sequence[RatedPair], at: datetime) -> None:
        """`shown`: revision 1 of the case. Pairs that are there already are not rated again."""
        done = self.store.suggestions.next_revision(shown.case_id) - 2
        for revision, pair in enumerate(pairs[done:], done + 2):
            with self.store.transaction():
                self._rate(shown, pair, revision, at)

    def _rate(self, shown: Suggestion, pair: RatedPair, revision: int, at: datetime) -> None:
        draw = random.Random(f"{shown.query}:{revision}")
        better: Slot = draw.choice(SLOTS)
        texts = {better: pair.chosen, "b" if better == "a" else "a": pair.rejected}
        candidates = tuple(Candidate(slot, texts[slot], "", "knowledge", shown.bundle, NOT_CHECKED) for slot in SLOTS)
        made = replace(
            shown, id=new_id("sug"), revision=revision, candidates=candidates, parameters={"parts": {}}, created_at=at
        )
        stored = self.store.suggestions.add(made)
        choice: PreferenceChoice = f"{better}{_strength(pair)}"  # type: ignore[assignment]
        self.feedback.prefer(stored.id, draw.choice(_RATERS), choice, "button", f"{stored.id}:rated", at=at)


def _strength(pair: RatedPair) -> int:
    return min(3, ceil(3 * pair.margin / STRONGEST))
