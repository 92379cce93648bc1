"""Missing knowledge from report to article: checked against the index, grouped, drafted, approved, asked again.

Nothing enters the knowledge base here but what a person has approved.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from core.annotations import Adoption, GapStatus, MissingKnowledge
from core.clock import Clock
from core.errors import ExamNotPassed, IndexBroken, NotPossible, UnknownArticle
from core.gap_intake import GapIntake, ungrouped
from core.gap_news import show, tell_of_the_article, tell_that_it_is_found, tell_who_asked
from core.knowledge.exam import ExamResult, Origin, found_by, has_words, sit
from core.knowledge.gap_draft import ArticleDraft, DraftSource, as_article, draft_article, order_flags, slug
from core.knowledge.gaps import GapGroup, IndexCheck, ranked
from core.knowledge.ingest import IngestReport
from core.ports import Embedder, Progress
from core.redaction import redact
from core.store import Store
from core.store.gaps import new_group_id
from core.suggest import Suggester

# A running search notices a new index and opens it beside the old one; a big one takes a while.
OPENED_WITHIN_S = 60.0
_LOOK_EVERY_S = 0.2
SAVED_MEANWHILE = "Somebody has saved another version of this draft meanwhile; open it again and read that first."


class Publish(Protocol):
    """Takes one file into the knowledge base, as an ingest does."""

    def __call__(self, file: Path, *, anyway: bool = False) -> IngestReport:
        """Raises ExamNotPassed where an article would be lost, unless `anyway`."""
        ...


@dataclass(frozen=True, slots=True)
class RetrievalFailure:
    """A report of something that is in the knowledge base: a lesson for the search, never an article to write.

    `title`, `url`: the article's; "" where it is there no more.
    """

    report: MissingKnowledge
    check: IndexCheck
    title: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits: gaps, those of most cases first, and what the search should have found, oldest first.

    `new`: reports that were not taken in yet, newest first.
    """

    groups: tuple[GapGroup, ...]
    failures: tuple[RetrievalFailure, ...]
    new: tuple[MissingKnowledge, ...] = ()


@dataclass(frozen=True, slots=True)
class Approved:
    """An article that closes a gap, and how the questions of the cases that asked went afterwards."""

    article_id: str
    version: int
    file: Path
    results: tuple[ExamResult, ...]


@dataclass(frozen=True)
class GapQueue:
    """`champion`: who searches; made only when something is to be searched for. `embedder`: compares reports.

    `folder`: where approved articles are written as Markdown.
    """

    store: Store
    clock: Clock
    embedder: Embedder
    champion: Callable[[], Suggester]
    publish: Publish
    folder: Path

    def waiting(self, team: str | None = None) -> Queue:
        """What waits now, new reports checked and grouped first. Of one workspace, or without one of all."""
        self.take_in(team)
        return self.listed(team)

    def take_in(self, team: str | None = None) -> None:
        """Check and group what came since the last time. Loads a model where there is something new."""
        GapIntake(self.store, self.clock, self.embedder, self.champion).take_in(team)

    def listed(self, team: str | None = None) -> Queue:
        """What waits, as far as it was taken in: read, and nothing else."""
        new = ungrouped(self.store, team)
        checks = self.store.gaps.checks([one.id for one in new])
        failures = [self._failure(one, checks[one.id]) for one in new if one.id in checks]
        oldest_first = tuple(sorted(failures, key=lambda one: one.report.created_at))
        waiting = tuple(one for one in new if one.id not in checks)
        return Queue(tuple(ranked(self.store.gaps.groups(team))), oldest_first, waiting)

    def merge(self, into: str, others: Sequence[str], by: str) -> None:
        """The reports of the others join `into`. Raises UnknownGap, NotPossible."""
        target = self._waiting_group(into)
        for group in [self._waiting_group(one) for one in others if one != into]:
            if group.team != target.team:
                raise NotPossible(f"{group.id} belongs to another workspace than {into}.")
            with self.store.transaction():
                self._move([one.id for one in group.reports], group, into, by)

    def split(self, group_id: str, report_ids: Sequence[str], by: str) -> str:
        """These reports become a gap of their own, whose id it gives. Raises UnknownGap, NotPossible."""
        group = self._waiting_group(group_id)
        known = {one.id for one in group.reports}
        strange = [one for one in report_ids if one not in known]
        if strange or not report_ids or known == set(report_ids):
            raise NotPossible(
                f"Name some of the reports of {group_id}, and not all: {', '.join(one.id for one in group.reports)}."
            )
        made = new_group_id()
        with self.store.transaction():
            self._move(report_ids, group, made, by)
        return made

    def rename(self, group_id: str, name: str, by: str) -> None:
        """Raises UnknownGap, NotPossible."""
        group = self._waiting_group(group_id)
        name = redact(" ".join(name.split()))
        if not name:
            raise NotPossible("A gap needs a name.")
        with self.store.transaction():
            self.store.gaps.rename(group_id, name, by)
            show(self.store, group)

    def assign(self, group_id: str, to: str, by: str) -> None:
        """Raises UnknownGap, NotPossible."""
        group = self._waiting_group(group_id)
        with self.store.transaction():
            self.store.gaps.assign(group_id, to, by)
            show(self.store, group)

    def reject(self, group_id: str, reason: str, by: str) -> None:
        """Not needed, and why. Raises UnknownGap, NotPossible."""
        group = self._waiting_group(group_id)
        if not reason.strip():
            raise NotPossible("Say why it is not needed.")
        self._set_status(group, "rejected", by, redact(reason.strip()))

    def draft(self, group_id: str, by: str) -> ArticleDraft:
        """The draft as it stands; made of the cases' replies and the descriptions where there is none yet.

        Raises UnknownGap, NotPossible.
        """
        group = self._waiting_group(group_id)
        standing = self.store.gaps.draft(group_id)
        if standing is not None:
            return standing
        return self._keep(group, draft_article(group.title, self._sources(group), redact), by)

    def edit(self, group_id: str, title: str, body: str, by: str) -> ArticleDraft:
        """The next version, in the words of a person; flagged anew. Raises UnknownGap, NotPossible."""
        return self._keep(self._waiting_group(group_id), _edited(self.draft(group_id, by), title, body), by)

    def revise(self, group_id: str, title: str, body: str, by: str, on: int) -> ArticleDraft:
        """The same for somebody who has read version `on`; the words that stand already make no new version.

        So it may be done again after a crash. Raises UnknownGap, and NotPossible also where somebody was faster.
        """
        group, standing = self._waiting_group(group_id), self.draft(group_id, by)
        edited = _edited(standing, title, body)
        if (edited.title, edited.body) == (standing.title, standing.body):
            return standing
        if standing.version != on:
            raise NotPossible(SAVED_MEANWHILE)
        return self._keep(group, edited, by)

    def approve(self, group_id: str, by: str, version: int | None = None, *, anyway: bool = False) -> Approved:
        """The newest version of the draft becomes an article; its cases ask again, its reports are resolved.

        `version`: the one that was read; without it whichever is newest. Asked twice, or after a crash, the article is
        the same, and what is told is told once. Raises UnknownGap, NotPossible, IndexBroken, and ExamNotPassed where
        another article would be lost by it, unless `anyway`: then nothing has changed.
        """
        group, draft = self._waiting_group(group_id), self.store.gaps.draft(group_id)
        if draft is None or not draft.body.strip():
            raise NotPossible(f"There is no text to approve yet: aitl gaps draft {group_id}")
        if version is not None and draft.version != version:
            raise NotPossible(SAVED_MEANWHILE)
        article_id = self.store.gaps.name_article(group_id, f"{slug(draft.title) or 'gap'}-{group_id[-4:]}")
        file = self.folder / f"{article_id}.md"
        self._publish(file, as_article(article_id, draft.title, draft.body), anyway)
        with self.store.transaction():
            for report in group.reports:
                if report.suggestion_id is not None:
                    self.store.exam.add_asked(article_id, report.suggestion_id, by)
        self._await_new_index(article_id)
        results = tuple(self.examine(article_id))
        with self.store.transaction():
            self.store.gaps.set_status(group_id, "resolved", by)
            tell_of_the_article(self.store, self.store.gaps.group(group_id), by)
        article = self.store.knowledge.article(article_id)
        assert article is not None, "it was published just now"
        return Approved(article_id, article.version, file, results)

    def examine(self, article_id: str | None = None, progress: Progress = lambda done, total: None) -> list[ExamResult]:
        """Ask the champion the exam questions, of one article or of all, and keep how they went.

        Reports that something was not found are resolved where it is found now.
        """
        questions = self.store.exam.questions(article_id)
        if not questions:
            return []
        champion = self.champion()
        results = sit(questions, champion, progress)
        with self.store.transaction():
            self.store.exam.keep(results, champion.bundle)
            self._see_failures(results, champion.bundle)
        return results

    def add_question(self, article_id: str, text: str, origin: Origin, by: str) -> bool:
        """One more exam question of an article; False: it has it already. Raises UnknownArticle, NotPossible."""
        article = self.store.knowledge.article(article_id)
        if article is None or article.retired:
            raise UnknownArticle(article_id)
        if not has_words(text):
            raise NotPossible("A question needs words.")
        return self.store.exam.add_text(article_id, redact(text.strip()), origin, by)

    def _see_failures(self, results: Sequence[ExamResult], bundle: str) -> None:
        """What the index says of them now; those whose article is shown by now are resolved."""
        asked = {(one.question.article_id, one.question.suggestion_id): one for one in results}
        reports = self.store.gaps.open()
        for report_id, check in self.store.gaps.checks([one.id for one in reports]).items():
            report = next(one for one in reports if one.id == report_id)
            result = asked.get((check.article_id, report.suggestion_id))
            if result is not None:
                now = IndexCheck(check.article_id, result.rank, bundle, self.clock())
                self.store.gaps.keep_check(report_id, now)
                if result.passed:
                    self.store.annotations.set_gap_status(report.key, "resolved", check.article_id)
                    tell_that_it_is_found(self.store, report)

    def _failure(self, report: MissingKnowledge, check: IndexCheck) -> RetrievalFailure:
        article = self.store.knowledge.article(check.article_id)
        return RetrievalFailure(report, check, article.title if article else "", article.url if article else None)

    def _move(self, report_ids: Sequence[str], group: GapGroup, into: str, by: str) -> None:
        """Reports of a group join another one; both are shown as they are then, and the other says who asked."""
        self.store.gaps.join(report_ids, into, group.team, by)
        for report_id in report_ids:
            tell_who_asked(self.store, into, report_id, group.team)
        show(self.store, group)

    def _await_new_index(self, article_id: str) -> None:
        """Return once the champion searches what was published: asked of the index before, no question says a thing."""
        asked = [one.turns for one in self.store.exam.questions(article_id) if one.has_words]
        if not asked:
            return
        champion, deadline_s = self.champion(), time.monotonic() + OPENED_WITHIN_S
        live = {one.id for one in self.store.knowledge.pointers()}
        while found_by(champion, asked[0]).retrieved.generation not in live:
            if time.monotonic() > deadline_s:
                raise IndexBroken(f"The new index was not open after {OPENED_WITHIN_S:g} s; ask again in a while.")
            time.sleep(_LOOK_EVERY_S)

    def _publish(self, file: Path, markdown: str, anyway: bool) -> None:
        before = file.read_text("utf-8") if file.exists() else None
        file.parent.mkdir(parents=True, exist_ok=True)
        _write(file, markdown)
        try:
            report = self.publish(file, anyway=anyway)
            if report.failed:
                raise NotPossible(f"The article cannot be published: {report.failed[0].reason}.")
        except (ExamNotPassed, NotPossible):
            if before is None:
                file.unlink()
            else:
                _write(file, before)
            raise

    def _keep(self, group: GapGroup, draft: ArticleDraft, by: str) -> ArticleDraft:
        with self.store.transaction():
            version = self.store.gaps.add_draft(group.id, draft, by)
            self._set_status(group, "drafted", by)
        return replace(draft, version=version)

    def _set_status(self, group: GapGroup, status: GapStatus, by: str, reason: str = "") -> None:
        with self.store.transaction():
            self.store.gaps.set_status(group.id, status, by, reason)
            show(self.store, group)

    def _waiting_group(self, group_id: str) -> GapGroup:
        group = self.store.gaps.group(group_id)
        if group.status not in ("open", "drafted"):
            end = f"resolved by the article {group.article_id}" if group.status == "resolved" else "not needed"
            raise NotPossible(f"{group_id} is {end}: nothing is left to do.")
        return group

    def _sources(self, group: GapGroup) -> list[DraftSource]:
        """The replies of its cases, those in agents' own words first, and the descriptions."""
        said = [
            one
            for case_id in group.cases
            for one in self.store.annotations.of_case(case_id)
            if isinstance(one, Adoption) and one.final and one.confirmed and one.judge != "held"
        ]
        own_first = sorted(said, key=lambda one: one.decision == "as_is")
        replies = [DraftSource("reply", one.case_id, one.id, one.final or "") for one in own_first]
        described = [one for one in group.reports if one.description]
        return replies + [DraftSource("description", one.case_id, one.id, one.description) for one in described]


def _edited(before: ArticleDraft, title: str, body: str) -> ArticleDraft:
    """Raises NotPossible where the title or the text is blank."""
    title, body = redact(" ".join(title.split())), redact(body.strip())
    if not title or not body:
        raise NotPossible("An article needs a title and a text.")
    return ArticleDraft(title, body, before.sources, tuple(order_flags(f"{title}\n{body}", "the article")))


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")  # hidden: no ingest reads half a file
    beside.write_text(text, "utf-8")
    beside.replace(file)
