"""Give a reply that a person wrote the `[n]` marks a draft of it would carry, so that a model keeps learning to cite.

Agents send plain words: the form shows drafts without marks. A model trained on those would unlearn its citations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.citations import without_marks
from core.drafting.marking import with_marks
from core.sentences import split_sentences
from core.values import CheckReport, RankedSnippet

_MARK = re.compile(r"\[(\d{1,2})\]")


def cited_reply(text: str, shown: Sequence[RankedSnippet], draft: str = "") -> str:
    """The text with marks; lines, lists and paragraphs stay as they are.

    A sentence taken over from `draft` keeps the marks it has there; any other that states a fact gets the number of
    the snippet that says it most fully, and none where no snippet does.
    """
    known = {without_marks(one): [int(n) for n in _MARK.findall(one)] for one in split_sentences(draft)}
    return with_marks(without_marks(text), shown, known)


def is_worse(edited: CheckReport, draft: CheckReport) -> bool:
    """True where the checker finds a mark missing that the draft had, or more unsupported claims or grants than before.

    Human text is not always better (DNPO, arXiv:2502.05400): such an edit is not taught as the better one.
    """
    marks_lost = (draft.citations_valid and not edited.citations_valid) or (
        draft.answers_question and not edited.answers_question
    )
    return marks_lost or any(new > old for new, old in zip(_faults(edited), _faults(draft), strict=True))


def _faults(report: CheckReport) -> tuple[int, int]:
    """Unsupported claims, and unsupported grants among them."""
    wrong = [check for check in report.sentences if not check.supported]
    return len(wrong), sum(check.grants for check in wrong)
