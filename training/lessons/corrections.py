"""An edit before sending as a preference: what was sent, over the draft that it was made from.

Not where the checker finds it worse than the draft, and not where taste was the only reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.checker.lexical import LexicalChecker
from core.citations import without_marks
from training.lessons.cited_replies import cited_reply, is_worse
from training.lessons.generator_lessons import EDIT_MARGIN
from training.lessons.screens import request_of

Row = dict[str, Any]


def correction_rows(completions: Iterable[Row]) -> list[Row]:
    """One preference row per edited reply among completion rows; both sides carry marks and the draft's style."""
    rows: list[Row] = []
    for row in completions:
        if row["decision"] != "edited" or not row["draft"] or set(row["reasons"]) == {"my_preference"}:
            continue
        request, draft = request_of(row["screen"]), row["draft"]
        sent = {**draft, "text": cited_reply(row["completion"], request.shown, draft["text"])}
        before, after = (
            LexicalChecker().check(text, request.shown, request.turns) for text in (draft["text"], sent["text"])
        )
        if not is_worse(after, before):
            rows.append(_preference(row, sent))
    return rows


def _preference(row: Row, sent: Row) -> Row:
    shared = {name: row[name] for name in ("prompt", "weight", "case_id", "screen")}
    texts = {"chosen": row["completion"], "rejected": without_marks(row["draft"]["text"])}
    return {**shared, **texts, "margin": EDIT_MARGIN, "chosen_draft": sent, "rejected_draft": row["draft"]}
