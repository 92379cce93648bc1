"""Missing knowledge from report to article: checked against the index, grouped, drafted, approved, asked again.

Nothing enters the knowledge base here but what a person has approved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from core.annotations import Adoption, MissingKnowledge
from core.clock import Clock
from core.errors import EmptyKnowledge, ExamNotPassed, NotPossible, UnknownArticle
from core.knowledge.exam import ExamResult, Origin, found_by, has_words, rank_of, sit
from core.knowledge.gap_draft import ArticleDraft, DraftSource, as_article, draft_article, order_flags, slug
from core.knowledge.gaps import GapGroup, GapReport, IndexCheck, address, place_reports, ranked
from core.knowledge.ingest import IngestReport
from core.ports import Embedder, Progress
from core.redaction import redact
from core.solved_cases import question_of
from core.store import Store
from core.store.gaps import new_group_id
from core.suggest import Suggester
from core.values import Turn


class Publish(Protocol):
    """Takes one file into the knowledge base, as an ingest does."""

    def __call__(self, file: Path, *, anyway: bool = False) -> IngestReport:
        """Raises ExamNotPassed where an article would be lost, unless `anyway`."""
        ...


@dataclass(frozen=True, slots=True)
class RetrievalFailure:
    """A report of something that is in the knowledge base: a lesson for the search, never an article to write."""

    report: MissingKnowledge
    check: IndexCheck


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits: gaps, those of most cases first, and what the search should have found, oldest first."""

    groups: tuple[GapGroup, ...]
    failures: tuple[RetrievalFailure, ...]


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
        new = self._new(team)
        self._check([one for one in new if one.kind == "exists_not_found" and one.link])
        checks = self.store.gaps.checks([one.id for one in new])
        self._group([one for one in new if one.id not in checks])
        failures = [RetrievalFailure(one, checks[one.id]) for one in new if one.id in checks]
        groups = tuple(ranked(self.store.gaps.groups(team)))
        return Queue(groups, tuple(sorted(failures, key=lambda one: one.report.created_at)))

    def merge(self, into: str, others: Sequence[str], by: str) -> None:
        """The reports of the others join `into`. Raises UnknownGap, NotPossible."""
        target = self._waiting_group(into)
        for group in [self._waiting_group(one) for one in others if one != into]:
            if group.team != target.team:
                raise NotPossible(f"{group.id} belongs to another workspace than {into}.")
            self.store.gaps.join([one.id for one in group.reports], into, target.team, by)

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
        self.store.gaps.join(report_ids, made, group.team, by)
        return made

    def rename(self, group_id: str, name: str, by: str) -> None:
        """Raises UnknownGap, NotPossible."""
        self._waiting_group(group_id)
        self.store.gaps.rename(group_id, redact(" ".join(name.split())), by)

    def assign(self, group_id: str, to: str, by: str) -> None:
        """Raises UnknownGap, NotPossible."""
        self._waiting_group(group_id)
        self.store.gaps.assign(group_id, to, by)

    def reject(self, group_id: str, reason: str, by: str) -> None:
        """Not needed, and why. Raises UnknownGap, NotPossible."""
        self._waiting_group(group_id)
        if not reason.strip():
            raise NotPossible("Say why it is not needed.")
        self.store.gaps.set_status(group_id, "rejected", by, redact(reason.strip()))

    def draft(self, group_id: str, by: str) -> ArticleDraft:
        """The draft as it stands; made of the cases' replies and the descriptions where there is none yet.

        Raises UnknownGap, NotPossible.
        """
        group = self._waiting_group(group_id)
        standing = self.store.gaps.draft(group_id)
        if standing is not None:
            return standing
        made = draft_article(group.title, self._sources(group), redact)
        self._keep(group_id, made, by)
        return made

    def edit(self, group_id: str, title: str, body: str, by: str) -> ArticleDraft:
        """The next version, in the words of a person; flagged anew. Raises UnknownGap, NotPossible."""
        before = self.draft(group_id, by)
        title, body = redact(" ".join(title.split())), redact(body.strip())
        if not title or not body:
            raise NotPossible("An article needs a title and a text.")
        flags = order_flags(f"{title}\n{body}", "the article")
        edited = ArticleDraft(title, body, before.sources, tuple(flags))
        self._keep(group_id, edited, by)
        return edited

    def approve(self, group_id: str, by: str, *, anyway: bool = False) -> Approved:
        """The newest version of the draft becomes an article; its reports are resolved, its cases asked again.

        Asked twice, or after a crash, the article is the same. Raises UnknownGap, NotPossible, and ExamNotPassed where
        another article would be lost by it, unless `anyway`: then nothing has changed.
        """
        group = self._waiting_group(group_id)
        draft = self.store.gaps.draft(group_id)
        if draft is None or not draft.body.strip():
            raise NotPossible(f"There is no text to approve yet: aitl gaps draft {group_id}")
        article_id = self.store.gaps.name_article(group_id, f"{slug(draft.title) or 'gap'}-{group_id[-4:]}")
        file = self.folder / f"{article_id}.md"
        self._publish(file, as_article(article_id, draft.title, draft.body), anyway)
        with self.store.transaction():
            self.store.gaps.set_status(group_id, "resolved", by)
            for report in group.reports:
                if report.suggestion_id is not None:
                    self.store.exam.add_asked(article_id, report.suggestion_id, by)
        article = self.store.knowledge.article(article_id)
        assert article is not None, "it was published just now"
        return Approved(article_id, article.version, file, tuple(self.examine(article_id)))

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

    def _keep(self, group_id: str, draft: ArticleDraft, by: str) -> None:
        with self.store.transaction():
            self.store.gaps.add_draft(group_id, draft, by)
            self.store.gaps.set_status(group_id, "drafted", by)

    def _waiting_group(self, group_id: str) -> GapGroup:
        group = self.store.gaps.group(group_id)
        if group.status not in ("open", "drafted"):
            end = f"resolved by the article {group.article_id}" if group.status == "resolved" else "not needed"
            raise NotPossible(f"{group_id} is {end}: nothing is left to do.")
        return group

    def _new(self, team: str | None) -> list[MissingKnowledge]:
        """Open reports that are in no group."""
        reports = self.store.gaps.open(team=team)
        grouped = self.store.gaps.grouped([one.id for one in reports])
        return [one for one in reports if one.id not in grouped]

    def _check(self, reports: Sequence[MissingKnowledge]) -> None:
        """What the index says of each, once; a link to nothing in the knowledge base says nothing about it."""
        known = self.store.gaps.checks([one.id for one in reports])
        unchecked = [one for one in reports if one.id not in known]
        if not unchecked:
            return
        article_of = {address(one.url): one.id for one in self.store.knowledge.current_articles() if one.url}
        linked = [
            (one, article_of[address(str(one.link))]) for one in unchecked if address(str(one.link)) in article_of
        ]
        if not linked:
            return
        champion = self.champion()
        for report, article_id in linked:
            rank = self._rank(champion, report, article_id)
            with self.store.transaction():
                self.store.gaps.keep_check(report.id, IndexCheck(article_id, rank, champion.bundle, self.clock()))
                if report.suggestion_id is not None:
                    self.store.exam.add_asked(article_id, report.suggestion_id, report.agent_id)

    def _rank(self, champion: Suggester, report: MissingKnowledge, article_id: str) -> int | None:
        turns = self._asked(report)
        if not has_words(*(turn.text for turn in turns)):
            return None
        try:
            return rank_of(article_id, found_by(champion, turns))
        except EmptyKnowledge:
            return None

    def _group(self, new: Sequence[MissingKnowledge]) -> None:
        """Place new reports, workspace by workspace."""
        by_team: dict[str, list[MissingKnowledge]] = {}
        for report in new:
            by_team.setdefault(self.store.gaps.team_of(report), []).append(report)
        for team, reports in by_team.items():
            groups = {
                group.id: [self._compared(one) for one in group.reports] for group in self.store.gaps.groups(team)
            }
            placed = place_reports([self._compared(one) for one in reports], groups, self.embedder, new_group_id)
            for report_id, group_id in placed.items():
                self.store.gaps.place(report_id, group_id, team)

    def _compared(self, report: MissingKnowledge) -> GapReport:
        turns = self._asked(report)
        question = question_of(turns) if turns else ""
        return GapReport(report.id, report.case_id, report.description, question, report.created_at)

    def _asked(self, report: MissingKnowledge) -> tuple[Turn, ...]:
        """The conversation as it was when the report was made."""
        if report.suggestion_id is None:
            return self.store.cases.get(report.case_id).turns
        return self.store.suggestions.as_shown(report.suggestion_id).turns

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


def _write(file: Path, text: str) -> None:
    beside = file.with_name(f".{file.name}.new")  # hidden: no ingest reads half a file
    beside.write_text(text, "utf-8")
    beside.replace(file)
