"""New knowledge sits the exam before it is put in force: no change may lose an article without somebody meaning it.

Lost is a question that people asked or wrote whose article is among the eight shown now, and would not be any more.
What is not found now either is not lost by this change: else one lost question would stop all changes that come after
it. `aitl exam` names it until it is found again. Questions that a machine made up are not asked.

A question belongs to its article. One that is retired on purpose (its file is gone, or says what supersedes it) takes
its questions along: that stops nothing, and is told. Where the article that supersedes it is there, that one inherits
the questions, and must be found in its place.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from core.errors import EmptyKnowledge, IndexBroken, ModelUnavailable
from core.knowledge.exam import ExamQuestion, ExamResult, described, heir_of, sit
from core.knowledge.generation import IndexGeneration
from core.ports import Progress
from core.retrieval.generation import PublishedKnowledge
from core.suggest import Suggester
from core.values import LostQuestion, Snippet

log = logging.getLogger("aitl.exam")


@dataclass(frozen=True)
class ProposedKnowledge:
    """What would be live after a change; it is searched as what is live is.

    `heirs`: by the id of an article that goes, the id of the one that supersedes it.
    """

    snippets: tuple[Snippet, ...]
    generations: tuple[IndexGeneration, ...]
    heirs: Mapping[str, str]

    @cached_property
    def article_ids(self) -> frozenset[str]:
        """The articles that would be found."""
        return frozenset(one.article_id for one in self.snippets)

    def current_snippets(self) -> list[Snippet]:
        """All of them, in a stable order."""
        return list(self.snippets)

    def pointer(self, retriever_version: str) -> IndexGeneration | None:
        """The generation of this embedder."""
        return next((one for one in self.generations if one.retriever_version == retriever_version), None)

    def pointers(self) -> list[IndexGeneration]:
        """The generations of all embedders."""
        return list(self.generations)


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How the questions would go. `left`: those that their articles take along. `bundle`: who searched."""

    results: tuple[ExamResult, ...] = ()
    lost: tuple[LostQuestion, ...] = ()
    left: tuple[ExamQuestion, ...] = ()
    bundle: str = ""


class ExamBook(Protocol):
    """Where exam questions and their results are kept."""

    def questions(self) -> list[ExamQuestion]:
        """Those that can be asked of the articles as they are now."""
        ...

    def keep(self, results: Iterable[ExamResult], bundle: str) -> None:
        """How questions went."""
        ...


@dataclass(frozen=True)
class Rehearsal:
    """Asks the exam of knowledge that is not live yet. Costs one query where there are no questions.

    `champion`: makes the champion's search over this knowledge, or over what is live for None; called only where there
    is something to ask. Raises ModelUnavailable.
    """

    exam: ExamBook
    champion: Callable[[PublishedKnowledge | None], Suggester]
    progress: Progress = lambda done, total: None

    def rehearse(self, proposed: ProposedKnowledge) -> Rehearsed:
        """How the questions of the articles would go; nothing is kept yet. Raises IndexBroken."""
        questions = [one for one in self.exam.questions() if one.is_asked_for_real]
        moved = [(one, _moved(one, proposed)) for one in questions]
        left = tuple(one for one, then in moved if then is None)
        if len(left) == len(moved):
            return Rehearsed(left=left)
        try:
            then, now = self.champion(proposed), self.champion(None)
        except ModelUnavailable as error:  # then it finds nothing now, and has nothing to lose
            log.warning("The exam was not asked before this change: %s", error)
            return Rehearsed(left=left)
        asked = [one for _, one in moved if one is not None]
        results = sit(asked, then, self.progress)
        missed = {one.question.id for one in results if not one.passed}
        found = _found([one for one in questions if one.id in missed], now)
        lost = [described(one.question) for one in results if one.question.id in found]
        return Rehearsed(tuple(results), tuple(lost), left, then.bundle)

    def keep(self, rehearsed: Rehearsed) -> None:
        """What was rehearsed is in force now."""
        if rehearsed.results:
            self.exam.keep(rehearsed.results, rehearsed.bundle)


def _moved(question: ExamQuestion, proposed: ProposedKnowledge) -> ExamQuestion | None:
    """The question as it would be asked: of its article, or of the one that supersedes it; None: it goes along."""
    article_id = heir_of(question.article_id, proposed.article_ids, proposed.heirs)
    return None if article_id is None else replace(question, article_id=article_id)


def _found(questions: Sequence[ExamQuestion], now: Suggester) -> set[str]:
    """The ids of those that find their article in what is live; none where that cannot be searched."""
    try:
        return {one.question.id for one in sit(questions, now) if one.passed}
    except (EmptyKnowledge, IndexBroken):
        return set()
