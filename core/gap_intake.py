"""New reports of missing knowledge: what is said to exist is looked for at once, the rest joins what is like it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.annotations import MissingKnowledge
from core.clock import Clock
from core.errors import EmptyKnowledge
from core.gap_news import tell_who_asked
from core.knowledge.exam import found_by, has_words, rank_of
from core.knowledge.gaps import GapReport, IndexCheck, address, place_reports
from core.ports import Embedder
from core.solved_cases import question_of
from core.store import Store
from core.store.gaps import new_group_id
from core.suggest import Suggester
from core.values import Turn


@dataclass(frozen=True)
class GapIntake:
    """As for GapQueue."""

    store: Store
    clock: Clock
    embedder: Embedder
    champion: Callable[[], Suggester]

    def take_in(self, team: str | None = None) -> None:
        """Check and group what came since the last time. Of one workspace, or without one of all."""
        new = ungrouped(self.store, team)
        self._check([one for one in new if one.kind == "exists_not_found" and one.link])
        checks = self.store.gaps.checks([one.id for one in new])
        self._group([one for one in new if one.id not in checks])

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
                with self.store.transaction():
                    if self.store.gaps.place(report_id, group_id, team):
                        tell_who_asked(self.store, group_id, report_id, team)

    def _compared(self, report: MissingKnowledge) -> GapReport:
        turns = self._asked(report)
        question = question_of(turns) if turns else ""
        return GapReport(report.id, report.case_id, report.description, question, report.created_at)

    def _asked(self, report: MissingKnowledge) -> tuple[Turn, ...]:
        """The conversation as it was when the report was made."""
        if report.suggestion_id is None:
            return self.store.cases.get(report.case_id).turns
        return self.store.suggestions.as_shown(report.suggestion_id).turns


def ungrouped(store: Store, team: str | None) -> list[MissingKnowledge]:
    """Open reports that are in no group."""
    reports = store.gaps.open(team=team)
    grouped = store.gaps.grouped([one.id for one in reports])
    return [one for one in reports if one.id not in grouped]
