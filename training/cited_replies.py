"""Give a reply that a person wrote the `[n]` marks a draft of it would carry, so that a model keeps learning to cite.

Agents send plain words: the form shows drafts without marks. A model trained on those would unlearn its citations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from core.checker.speech import claim_of
from core.checker.support import support
from core.citations import without_marks
from core.drafting.writing import cited
from core.sentences import split_sentences
from core.values import CheckReport, RankedSnippet

_MARK = re.compile(r"\[(\d{1,2})\]")


def with_marks(text: str, shown: Sequence[RankedSnippet], draft: str = "") -> str:
    """The text with marks; lines, lists and paragraphs stay as they are.

    A sentence taken over from `draft` keeps the marks it has there; any other that states a fact gets the number of
    the snippet that says it most fully, and none where no snippet does.
    """
    plain = without_marks(text)
    known = {without_marks(one): tuple(map(int, _MARK.findall(one))) for one in split_sentences(draft)}
    parts: list[str] = []
    done = 0
    for sentence in split_sentences(plain):
        found = re.compile(r"\s+".join(map(re.escape, sentence.split()))).search(plain, done)
        if found:
            parts += [plain[done : found.start()], _marked(found.group(), sentence, known, shown)]
            done = found.end()
    return "".join([*parts, plain[done:]])


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


def _marked(
    as_written: str, sentence: str, known: Mapping[str, tuple[int, ...]], shown: Sequence[RankedSnippet]
) -> str:
    numbers = known[sentence] if sentence in known else _bearing(sentence, shown)
    for n in numbers:
        as_written = _before_its_end(as_written, n)
    return as_written


def _before_its_end(sentence: str, n: int) -> str:
    """Marked like a draft's sentence, but for a line break inside it, which stays."""
    head, last = re.fullmatch(r"(.*\s)?(\S+)", sentence, re.DOTALL).groups("")  # type: ignore[union-attr]
    return head + cited(last, n)


def _bearing(sentence: str, shown: Sequence[RankedSnippet]) -> tuple[int, ...]:
    claim = claim_of(sentence)
    found = [(support(claim, one.snippet), one.rank) for one in shown] if claim else []
    bearing = [(-one.covered, rank) for one, rank in found if one.supported]
    return (min(bearing)[1],) if bearing else ()
