"""What the rows of clicks teach a language model: replies to imitate, pairs to prefer, verdicts on single drafts.

    completions  {"prompt": [messages], "completion": "Card refunds take five days [2].", "weight": 1.0}       SFT
    pairs        {"prompt": [messages], "chosen": "…", "rejected": "…", "margin": 0.67, "weight": 1.0}         DPO, ORPO
    verdicts     {"prompt": [messages], "completion": "…", "label": False, "weight": 0.5}                      KTO

The prompt is the very one that drafts are asked with (core/prompting.py), and every reply carries its [n] marks.
What is honest to learn is decided here: an edit that the checker finds worse than the draft is not imitated and not
preferred; `my_preference` alone makes nothing bad; a reply of an agent's own must be borne by what was on the screen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.checker.lexical import LexicalChecker
from core.citations import without_marks
from core.ports import DraftRequest
from core.prompting import Message, Style, prompt_messages
from core.sentences import split_sentences
from core.values import CheckReport
from training.lessons.cited_replies import cited_reply, is_worse
from training.lessons.screens import request_of

Row = dict[str, Any]
Ask = Callable[[DraftRequest, Style, Sequence[str]], list[Message]]
"""The prompt for a request and a style, given what shall be answered to it."""
# How much better an agent's edit is than the draft it began with; nobody said, so: "better", 2 of 3.
EDIT_MARGIN = 2 / 3
# A refusal is said once and meets both drafts: half for each.
REFUSAL_WEIGHT = 0.5
_LONGEST_DIRECT = 3  # sentences: what the prompt asks for in that style


@dataclass(slots=True)
class Lessons:
    """`excluded` counts by reason what is not honest to learn. Every lesson names its `case_id`."""

    completions: list[Row] = field(default_factory=list)
    pairs: list[Row] = field(default_factory=list)
    verdicts: list[Row] = field(default_factory=list)
    excluded: Counter[str] = field(default_factory=Counter)


def plainly(request: DraftRequest, style: Style, replies: Sequence[str]) -> list[Message]:
    """The prompt at its usual length, whatever the replies."""
    return prompt_messages(request.turns, request.shown, request.similar, style, language=request.language)


def lessons_of(rows: Iterable[Row], ask: Ask = plainly) -> Lessons:
    """Lessons of completion, preference and unpaired rows (training/datasets.py), in any order.

    Rows of an agent who saw no snippets teach nothing: the answer would stand on nothing.
    """
    found = Lessons()
    classroom = _Classroom(found, ask)
    for row in rows:
        if not row["screen"]["shown"]:
            found.excluded["no snippet was on the screen"] += 1
        elif "chosen" in row:
            classroom.prefer(row)
        elif "label" in row:
            classroom.judge(row)
        else:
            classroom.imitate(row)
    return found


class _Classroom:
    """Turns one row after the other into lessons."""

    def __init__(self, found: Lessons, ask: Ask) -> None:
        self._found, self._ask = found, ask
        self._checker = LexicalChecker()

    def prefer(self, row: Row) -> None:
        """What the agent liked better, as both stood on the screen."""
        chosen, rejected = row["chosen_draft"]["text"], row["rejected_draft"]["text"]
        if without_marks(chosen) == without_marks(rejected):
            self._found.excluded["both drafts say the same"] += 1
            return
        self._pair(row, request_of(row["screen"]), chosen, rejected, row["margin"])

    def judge(self, row: Row) -> None:
        """A draft that was sent as it was, or refused for a reason that is not taste."""
        text, request = row["draft"]["text"], request_of(row["screen"])
        weight = row["weight"] * (1.0 if row["label"] else REFUSAL_WEIGHT)
        lesson = {"prompt": self._prompt(request, text), "completion": text, "label": row["label"]}
        self._found.verdicts.append({**lesson, "weight": weight, "case_id": row["case_id"]})

    def imitate(self, row: Row) -> None:
        """What was sent; an edit is also better than the draft it began with."""
        request = request_of(row["screen"])
        draft = row["draft"]["text"] if row["draft"] else ""
        text = draft if row["decision"] == "as_is" else cited_reply(row["completion"], request.shown, draft)
        reason = self._why_not(row["decision"], text, draft, request)
        if reason:
            self._found.excluded[reason] += 1
            return
        lesson = {"prompt": self._prompt(request, text), "completion": text}
        self._found.completions.append({**lesson, "weight": row["weight"], "case_id": row["case_id"]})
        if row["decision"] == "edited" and set(row["reasons"]) != {"my_preference"}:
            self._pair(row, request, text, draft, EDIT_MARGIN)

    def _why_not(self, decision: str, text: str, draft: str, request: DraftRequest) -> str | None:
        if decision == "edited" and is_worse(self._checked(text, request), self._checked(draft, request)):
            return "the checker finds the edit worse than the draft"
        if decision == "own_reply" and not self._checked(text, request).supported:
            return "an own reply says what no snippet on the screen says"
        return None

    def _pair(self, row: Row, request: DraftRequest, chosen: str, rejected: str, margin: float) -> None:
        pair = {
            "prompt": self._prompt(request, chosen, rejected),
            "chosen": chosen,
            "rejected": rejected,
            "margin": margin,
        }
        self._found.pairs.append({**pair, "weight": row["weight"], "case_id": row["case_id"]})

    def _checked(self, text: str, request: DraftRequest) -> CheckReport:
        return self._checker.check(text, request.shown, request.turns)

    def _prompt(self, request: DraftRequest, *replies: str) -> list[Message]:
        """What would have been asked to get a reply as long as the first of these."""
        style: Style = "direct" if len(split_sentences(replies[0])) <= _LONGEST_DIRECT else "complete"
        return self._ask(request, style, replies)
