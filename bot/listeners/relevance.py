"""This snippet helped, did not, or is outdated."""

from __future__ import annotations

from bot.blocks.notes import build_note
from bot.desk import Desk, moment_of
from bot.refs import SnippetRef
from core.errors import UnknownSuggestion
from core.store.records import Work

SAID = {
    "helpful": "snippet {n} helped",
    "irrelevant": "snippet {n} is not relevant",
    "outdated": "snippet {n} is outdated",
    "clear": "your mark on snippet {n} is cleared",
}


def work_relevance(work: Work, desk: Desk) -> None:
    """Record the mark, or clear it."""
    click = work.payload
    desk.permissions.require("relevance", click["user"])
    ref = SnippetRef.from_block_id(click["block_id"])
    if ref is None:
        raise UnknownSuggestion(click["block_id"])
    at = moment_of(work)
    desk.feedback.mark(ref.suggestion_id, click["user"], ref.n, click["value"], "button", work.key, at=at)
    desk.refresh(ref.suggestion_id)
    note = build_note(f"Noted: {SAID[click['value']].format(n=ref.n)}.")
    desk.tell(work.key, click["user"], click["channel"], note, click["thread_ts"])
