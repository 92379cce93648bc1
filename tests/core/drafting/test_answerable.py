"""Where somebody vouches for the screen, drafts answer that would have said they do not know."""

from __future__ import annotations

from dataclasses import replace

from core.ports import DraftRequest
from core.values import RankedSnippet, Turn
from tests.core.suggesters import GENERATOR, SNIPPETS

ASKED = "Somebody mentioned the goldfish. What do we need to know?"
SHOWN = tuple(RankedSnippet(SNIPPETS[title], rank, 1 / rank) for rank, title in enumerate(("keys", "pool"), 1))
REQUEST = DraftRequest((Turn("customer", ASKED),), ASKED, SHOWN, (), 7)


def test_a_draft_that_would_decline_answers_from_what_is_shown() -> None:
    assert {one.source for one in GENERATOR.draft(REQUEST)} == {"no_answer"}

    drafts = GENERATOR.draft(replace(REQUEST, answerable=True))

    assert drafts[0].source == "knowledge"
    assert drafts[0].report.supported


def test_an_empty_screen_answers_nothing_all_the_same() -> None:
    drafts = GENERATOR.draft(replace(REQUEST, shown=(), answerable=True))

    assert {one.source for one in drafts} == {"no_answer"}
