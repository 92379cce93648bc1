"""A small deterministic suggester: no models, nothing to download, real suggestions all the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.errors import EmptyKnowledge
from core.ids import new_id
from core.values import Candidate, Case, CheckReport, RankedSnippet, SentenceCheck, Snippet, Suggestion

ARTICLES = {
    "Refunds": "Refunds reach your bank within 5 working days. Card refunds take up to 10 working days.",
    "Cancelling": "You can cancel a booking free of charge until 48 hours before check-in.",
    "Deposits": "The deposit is released 7 days after check-out unless the host makes a claim.",
    "Payouts": "Hosts are paid 24 hours after check-in. The first payout is held for 30 days.",
    "Check-in": "Check-in is from 15:00. Late check-in must be agreed with the host.",
    "Cleaning": "The cleaning fee is set by the host and shown before you book.",
    "Pets": "Pets are allowed only where the listing says so.",
    "Wifi": "Every host must give working wifi where the listing names it.",
    "Taxes": "Tax invoices are in your account under Documents.",
    "Safety": "In an emergency call the local number first, then our safety line.",
}


@dataclass
class WordOverlapSuggester:
    """Drafts from the articles that share most words with the conversation: no models, and honest about it."""

    articles: dict[str, str] = field(default_factory=lambda: dict(ARTICLES))
    before: Callable[[Case], None] | None = None  # what happens while it is thinking
    bundle: str = "word-overlap"

    def refresh(self) -> None:
        """There is one of it for good."""

    def warm(self) -> None:
        """There is nothing to load."""

    def suggest(self, case: Case, revision: int) -> Suggestion:
        if not self.articles:
            raise EmptyKnowledge
        if self.before is not None:
            self.before(case)
        query = " ".join(turn.text for turn in case.turns if turn.role == "customer")
        shown = self._nearest(query)
        first, second = shown[0].snippet.text.split(". ")[0].rstrip("."), shown[1].snippet.text.rstrip(".")
        texts = (f"Hello, {first} [1].", f"Thank you for writing. {first} [1]. {second} [2].")
        return Suggestion(
            id=new_id("sug"),
            case_id=case.id,
            revision=revision,
            turns=case.turns,
            query=query,
            retrieved=shown,
            shown=shown,
            candidates=tuple(_candidate(slot, text, self.bundle) for slot, text in zip(("a", "b"), texts, strict=True)),
            similar=(),
            bundle=self.bundle,
            parameters={},
            timings_s={"all": 0.0},
            created_at=datetime.now(UTC),
        )

    def _nearest(self, query: str) -> tuple[RankedSnippet, ...]:
        wanted = _words(query)
        scored = sorted(
            ((len(wanted & _words(f"{title} {text}")), title) for title, text in self.articles.items()), reverse=True
        )
        return tuple(
            RankedSnippet(_snippet(title, self.articles[title]), rank, float(score))
            for rank, (score, title) in enumerate(scored[:8], 1)
        )


def _words(text: str) -> set[str]:
    """Long words only, by their beginning: "refund" meets "Refunds"."""
    return {word[:6] for word in re.findall(r"[a-z]{6,}", text.lower())}


def _snippet(title: str, text: str) -> Snippet:
    return Snippet(f"snip_{title}", title.lower(), 1, title, "", f"https://help.example/{title.lower()}", text)


def _candidate(slot: Any, text: str, bundle: str) -> Candidate:
    sentences = tuple(
        SentenceCheck(part, tuple(int(n) for n in re.findall(r"\[(\d)\]", part)), True, True, False, "quoted")
        for part in text.split(". ")
    )
    return Candidate(slot, text, "short", "knowledge", bundle, CheckReport(sentences, True, True))
