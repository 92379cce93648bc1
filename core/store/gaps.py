"""The queue of missing knowledge: reports, the groups they make, drafts, and what the index said about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, get_args

from sqlalchemy import JSON, Select, func, select, true, type_coerce, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import GapStatus, MissingKnowledge
from core.clock import Clock
from core.errors import UnknownGap
from core.ids import new_id
from core.knowledge.gap_draft import ArticleDraft, DraftSource
from core.knowledge.gaps import GapGroup, IndexCheck
from core.store.annotation_rows import annotation_of
from core.store.changed_days import count_again
from core.store.database import Database, changed, chunks
from core.store.tables import AnnotationRow, CaseRow, GapCheckRow, GapDraftRow, GapGroupRow, GapMemberRow
from core.store.tables.annotations import STANDING_GAP

WAITING: tuple[GapStatus, ...] = ("open", "drafted")
EVERY: tuple[GapStatus, ...] = get_args(GapStatus)

_WITH_GROUP: Select[Any] = select(AnnotationRow).add_columns(col(GapMemberRow.group_id))


class Gaps:
    """Reports that wait for a person. A group of which no report stands any more is not there."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def open(self, limit: int | None = None, team: str | None = None) -> list[MissingKnowledge]:
        """Standing reports with status `open`, newest first, the first `limit`; none of withdrawn cases.

        Of one workspace, or without one of all.
        """
        newest_first = (col(AnnotationRow.created_at).desc(), col(AnnotationRow.id).desc())
        with self._database.reading() as session:
            return _reports(session, _standing(select(AnnotationRow), team).order_by(*newest_first).limit(limit))

    def count(self, team: str | None = None) -> int:
        """How many there are."""
        with self._database.reading() as session:
            return session.scalar(_standing(select(func.count()).select_from(AnnotationRow), team)) or 0

    def team_of(self, report: MissingKnowledge) -> str:
        """The workspace of its case."""
        with self._database.reading() as session:
            return session.scalars(select(col(CaseRow.team)).where(col(CaseRow.id) == report.case_id)).one()

    def groups(self, team: str | None = None, statuses: Sequence[GapStatus] = WAITING) -> list[GapGroup]:
        """Those with one of these statuses, in no order; of one workspace, or without one of all."""
        of_team = true() if team is None else col(GapGroupRow.team) == team
        wanted = select(GapGroupRow).where(col(GapGroupRow.status).in_(statuses), of_team)
        with self._database.reading() as session:
            return _groups(session, wanted)

    def group(self, group_id: str) -> GapGroup:
        """Raises UnknownGap, also where none of its reports stands any more."""
        with self._database.reading() as session:
            found = _groups(session, select(GapGroupRow).where(col(GapGroupRow.id) == group_id))
        if not found:
            raise UnknownGap(group_id)
        return found[0]

    def grouped(self, report_ids: Sequence[str]) -> dict[str, str]:
        """By report id the group it is in; one that is in none is left out."""
        members = select(col(GapMemberRow.annotation_id), col(GapMemberRow.group_id))
        found: dict[str, str] = {}
        with self._database.reading() as session:
            for some in chunks(report_ids):
                of_these = members.where(col(GapMemberRow.annotation_id).in_(some))
                found.update((report_id, group_id) for report_id, group_id in session.execute(of_these))
        return found

    def join(self, report_ids: Sequence[str], group_id: str, team: str, by: str = "") -> None:
        """Put reports into a group, out of where they were; it is made where it is not there.

        `by`: the person who decided so, "" for likeness. The reports get the group's status.
        """
        made = GapGroupRow(id=group_id, team=team, made_at=self._clock(), changed_by=by, changed_at=self._clock())
        with self._database.writing() as session:
            self._database.insert_new(session, made)
            row = _held(session, group_id)
            for report_id in report_ids:
                self._database.insert_new(session, GapMemberRow(annotation_id=report_id, group_id=group_id))
                of_it = col(GapMemberRow.annotation_id) == report_id
                changed(session, update(GapMemberRow).where(of_it).values(group_id=group_id))
            self._say(session, row, report_ids)

    def place(self, report_id: str, group_id: str, team: str) -> bool:
        """The same for one report that is in no group yet; False: it was put somewhere meanwhile, and stays there."""
        with self._database.writing():
            if self.grouped([report_id]):
                return False
            self.join([report_id], group_id, team)
            return True

    def posted(self, group_id: str) -> tuple[str, str] | None:
        """Channel and ts of the message that shows it, also where none of its reports stands any more."""
        with self._database.reading() as session:
            row = session.get(GapGroupRow, group_id)
            return None if row is None or row.channel is None or row.ts is None else (row.channel, row.ts)

    def mark_posted(self, group_id: str, channel: str, ts: str) -> None:
        """It is shown to the leads there. Raises UnknownGap."""
        with self._database.writing() as session:
            row = _held(session, group_id)
            row.channel, row.ts = channel, ts
            session.flush()

    def rename(self, group_id: str, name: str, by: str) -> None:
        """Raises UnknownGap."""
        self._change(group_id, by, name=name)

    def assign(self, group_id: str, to: str, by: str) -> None:
        """Raises UnknownGap."""
        self._change(group_id, by, assigned_to=to)

    def name_article(self, group_id: str, article_id: str) -> str:
        """The id that the gap's article has or will have: this one, unless it has one already. Raises UnknownGap."""
        with self._database.writing() as session:
            row = _held(session, group_id)
            row.article_id = row.article_id or article_id
            session.flush()
            return row.article_id

    def set_status(self, group_id: str, status: GapStatus, by: str, reason: str = "") -> None:
        """Moves a gap and all its reports through the queue; resolved reports name the article. Raises UnknownGap."""
        self._change(group_id, by, status=status, reason=reason)

    def add_draft(self, group_id: str, draft: ArticleDraft, by: str) -> int:
        """Keeps the next version of the gap's draft; tells which it is. Raises UnknownGap."""
        with self._database.writing() as session:
            _held(session, group_id)
            newest = select(func.max(col(GapDraftRow.version))).where(col(GapDraftRow.group_id) == group_id)
            row = GapDraftRow(
                group_id=group_id,
                version=(session.scalar(newest) or 0) + 1,
                title=draft.title,
                body=draft.body,
                sources=[asdict(one) for one in draft.sources],
                flags=list(draft.flags),
                by=by,
                at=self._clock(),
            )
            session.add(row)
            session.flush()
            return row.version

    def draft(self, group_id: str) -> ArticleDraft | None:
        """The newest version; None where there is none, or its words were removed after the retention time."""
        newest = select(GapDraftRow).where(col(GapDraftRow.group_id) == group_id)
        with self._database.reading() as session:
            row = session.scalars(newest.order_by(col(GapDraftRow.version).desc()).limit(1)).one_or_none()
            if row is None or not row.title:
                return None
            sources = tuple(DraftSource(**one) for one in row.sources)
            return ArticleDraft(row.title, row.body, sources, tuple(row.flags), row.version)

    def keep_check(self, report_id: str, check: IndexCheck) -> None:
        """What the index said of a report, in place of what it said before."""
        row = GapCheckRow(annotation_id=report_id, **asdict(check))
        with self._database.writing() as session:
            if not self._database.insert_new(session, row):
                of_it = col(GapCheckRow.annotation_id) == report_id
                changed(session, update(GapCheckRow).where(of_it).values(**asdict(check)))
            about = select(col(AnnotationRow.case_id)).where(col(AnnotationRow.id) == report_id)
            count_again(session, session.scalars(about).all(), self._clock())

    def checks(self, report_ids: Sequence[str]) -> dict[str, IndexCheck]:
        """By report id, of those that were checked."""
        found: dict[str, IndexCheck] = {}
        with self._database.reading() as session:
            for some in chunks(report_ids):
                for row in session.scalars(select(GapCheckRow).where(col(GapCheckRow.annotation_id).in_(some))):
                    found[row.annotation_id] = IndexCheck(row.article_id, row.rank, row.bundle, row.at)
        return found

    def _change(self, group_id: str, by: str, **values: str) -> None:
        with self._database.writing() as session:
            row = _held(session, group_id)
            for name, value in {**values, "changed_by": by}.items():
                setattr(row, name, value)
            row.changed_at = self._clock()
            session.flush()
            if "status" in values:
                ids = select(col(GapMemberRow.annotation_id)).where(col(GapMemberRow.group_id) == group_id)
                self._say(session, row, session.scalars(ids).all())

    def _say(self, session: Session, group: GapGroupRow, report_ids: Sequence[str]) -> None:
        """The reports say what their group says."""
        resolved = {"article_id": group.article_id} if group.status == "resolved" else {}
        for some in chunks(report_ids):
            rows = select(AnnotationRow).where(col(AnnotationRow.id).in_(some)).with_for_update()
            for row in session.scalars(rows):
                row.details = {**row.details, "status": group.status, **resolved}
        session.flush()


def new_group_id() -> str:
    """A fresh one."""
    return new_id("gap")


def _held(session: Session, group_id: str) -> GapGroupRow:
    row = session.scalars(select(GapGroupRow).where(col(GapGroupRow.id) == group_id).with_for_update()).one_or_none()
    if row is None:
        raise UnknownGap(group_id)
    return row


def _groups(session: Session, wanted: Select[GapGroupRow]) -> list[GapGroup]:
    rows = {row.id: row for row in session.scalars(wanted)}
    reports = _members(session, list(rows))
    return [_group(row, reports[row.id]) for row in rows.values() if reports[row.id]]


def _group(row: GapGroupRow, reports: Sequence[MissingKnowledge]) -> GapGroup:
    return GapGroup(
        id=row.id,
        team=row.team,
        name=row.name,
        status=next(one for one in EVERY if one == row.status),
        reason=row.reason,
        article_id=row.article_id,
        assigned_to=row.assigned_to,
        reports=tuple(reports),
        changed_by=row.changed_by,
        channel=row.channel,
        ts=row.ts,
    )


def _members(session: Session, group_ids: Sequence[str]) -> Mapping[str, list[MissingKnowledge]]:
    """By group its standing reports, oldest first."""
    found: dict[str, list[MissingKnowledge]] = defaultdict(list)
    oldest_first = _of_cases(_WITH_GROUP).order_by(col(AnnotationRow.created_at), col(AnnotationRow.id))
    for some in chunks(group_ids):
        joined = oldest_first.join(GapMemberRow, col(GapMemberRow.annotation_id) == col(AnnotationRow.id))
        for row, group_id in session.execute(joined.where(col(GapMemberRow.group_id).in_(some))):
            report = annotation_of(row)
            assert isinstance(report, MissingKnowledge)
            found[group_id].append(report)
    return found


def _reports(session: Session, rows: Select[Any]) -> list[MissingKnowledge]:
    reports = [annotation_of(row) for row in session.scalars(rows)]
    return [report for report in reports if isinstance(report, MissingKnowledge)]


def _standing(rows: Select[Any], team: str | None) -> Select[Any]:
    """Open reports that stand."""
    status = type_coerce(col(AnnotationRow.details), JSON)["status"].as_string()
    # Looked up for each report: joined, SQLite would go through all cases and look for reports.
    case = select(col(CaseRow.id)).where(
        col(CaseRow.id) == col(AnnotationRow.case_id),
        col(CaseRow.status) != "withdrawn",
        true() if team is None else col(CaseRow.team) == team,
    )
    return rows.where(STANDING_GAP, status == "open", case.exists())


def _of_cases(rows: Select[Any]) -> Select[Any]:
    of_cases = rows.join(CaseRow, col(CaseRow.id) == col(AnnotationRow.case_id))
    return of_cases.where(STANDING_GAP, col(CaseRow.status) != "withdrawn")
