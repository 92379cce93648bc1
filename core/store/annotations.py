"""Annotations: append-only. Replaced and withdrawn ones are marked, never deleted.

What stands does not depend on the order or number of arrivals: a click is named by its key, choices on one topic
are ordered by the moment they were made, and what was taken back stays so when it arrives late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, update
from sqlalchemy.orm import Session
from sqlmodel import col

from core.annotations import Adoption, Annotation, AnnotationKind, GapStatus, MissingKnowledge, kind_of
from core.clock import Clock
from core.errors import InvalidAnnotation, UnknownAnnotation
from core.store.annotation_rows import annotation_of, row_of, topic_of
from core.store.changed_days import count_again
from core.store.database import Database, changed
from core.store.tables import AnnotationRow, CaseRow, SolvedCaseRow, UnjudgedCaseRow, WithdrawalRow
from core.store.tables.annotations import GROUPED

A = TypeVar("A", bound=Annotation)
_PORTION = 200


class Annotations:
    """All four kinds. The newest choice of an agent on a topic of a suggestion is the one that stands."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock

    def record(self, annotation: A, group: str = "") -> A:
        """Stores it and returns it as stored; a second one with the same key changes nothing.

        `group` names clicks that are taken back together (`withdraw_group`): one reaction of one person.
        """
        with self._database.writing() as session:
            _lock_case(session, annotation.case_id)
            inserted = self._database.insert_new(session, row_of(annotation, group))
            row = _by_key(session, annotation.key)
            if row is None:
                raise InvalidAnnotation(f"The annotation id {annotation.id!r} is taken; make a fresh one.")
            if inserted:
                _supersede(session, row)
                _take_back_if_withdrawn(session, row)
                if row.kind == "adoption" and row.details["decision"] != "rejected":
                    self._database.insert_new(session, SolvedCaseRow(annotation_id=row.id))
                self._changed(session, annotation.case_id)
            stored = annotation_of(row)
            if not isinstance(stored, type(annotation)):
                raise InvalidAnnotation(f"The key {annotation.key!r} names another kind of annotation already.")
            return stored

    def withdraw(self, key: str, at: datetime | None = None) -> Annotation | None:
        """Takes one click back, also if it arrives later. Restores nothing older. None if it is not there yet."""
        with self._database.writing() as session:
            row = _by_key(session, key)
            if row is not None:
                _lock_case(session, row.case_id)
                self._changed(session, row.case_id)
            self._withdraw(session, f"withdraw:{key}", _key_scope(key), at)
            changed(session, update(AnnotationRow).where(col(AnnotationRow.key) == key).values(withdrawn=True))
            row = _by_key(session, key)
            return None if row is None else annotation_of(row)

    def withdraw_group(self, group: str, key: str, at: datetime | None = None) -> list[Annotation]:
        """Takes back the clicks of a group made up to `at` (default: now), also those that arrive later.

        `key` names this withdrawal: a second one with the same key changes nothing. Returns what the group holds.
        """
        of_group = and_(GROUPED, col(AnnotationRow.group) == group)
        with self._database.writing() as session:
            self._withdraw_until(session, key, _group_scope(group), of_group, at)
            rows = session.scalars(select(AnnotationRow).where(of_group).order_by(*_IN_ORDER))
            return [annotation_of(row) for row in rows]

    def clear(self, suggestion_id: str, agent_id: str, topic: str, key: str, at: datetime | None = None) -> None:
        """Takes back this agent's choices on a topic made up to `at` (default: now), also those that arrive later.

        `key` names this click: a second one with the same key changes nothing.
        """
        of_topic = and_(
            col(AnnotationRow.suggestion_id) == suggestion_id,
            col(AnnotationRow.agent_id) == agent_id,
            col(AnnotationRow.topic) == topic,
        )
        with self._database.writing() as session:
            self._withdraw_until(session, key, _topic_scope(suggestion_id, agent_id, topic), of_topic, at)

    def confirm(self, key: str, by_agent: str, at: datetime | None = None) -> Adoption:
        """An own reply may teach now, unless this agent has taken that back after `at` (default: now).

        Raises UnknownAnnotation, also for a key of another kind.
        """
        with self._database.writing() as session:
            row = _own_reply(session, key)
            count_again(session, [row.case_id], self._clock())
            return _set_confirmed_by(session, row, [by_agent], True, at or self._clock())

    def unconfirm(self, key: str, by_agent: str | None = None, at: datetime | None = None) -> Adoption:
        """Takes back what one agent, or everybody, confirmed up to `at` (default: now). Raises UnknownAnnotation."""
        with self._database.writing() as session:
            row = _own_reply(session, key)
            agents = row.details["confirmed_by"] if by_agent is None else [by_agent]
            count_again(session, [row.case_id], self._clock())
            return _set_confirmed_by(session, row, agents, False, at or self._clock())

    def set_gap_status(self, key: str, status: GapStatus, article_id: str | None = None) -> MissingKnowledge:
        """Moves a report through the queue; `article_id` stays what it was unless given.

        Raises UnknownAnnotation.
        """
        with self._database.writing() as session:
            row = _by_key(session, key, lock=True)
            if row is None or row.kind != "gap":
                raise UnknownAnnotation(key)
            row.details = {**row.details, "status": status, "article_id": article_id or row.details["article_id"]}
            session.flush()
            stored = annotation_of(row)
            assert isinstance(stored, MissingKnowledge)
            return stored

    def get(self, annotation_id: str) -> Annotation:
        """The annotation with this id. Raises UnknownAnnotation."""
        with self._database.reading() as session:
            row = session.get(AnnotationRow, annotation_id)
            if row is None:
                raise UnknownAnnotation(annotation_id)
            return annotation_of(row)

    def by_key(self, key: str) -> Annotation | None:
        """The annotation of this click."""
        with self._database.reading() as session:
            row = _by_key(session, key)
            return None if row is None else annotation_of(row)

    def standing(self, suggestion_id: str) -> list[Annotation]:
        """What stands on a suggestion, oldest first."""
        of_this = (col(AnnotationRow.suggestion_id) == suggestion_id, *STANDING)
        return self._read(select(AnnotationRow).where(*of_this).order_by(*_IN_ORDER))

    def of_case(self, case_id: str, everything: bool = False) -> list[Annotation]:
        """What stands on a case, oldest first; with `everything` also what was replaced or taken back."""
        conditions = [col(AnnotationRow.case_id) == case_id, *([] if everything else STANDING)]
        return self._read(select(AnnotationRow).where(*conditions).order_by(*_IN_ORDER))

    def before(self, annotation: Annotation, limit: int) -> list[Annotation]:
        """What stands of the same agent and kind and was said before this annotation, newest first."""
        of_theirs = (
            col(AnnotationRow.agent_id) == annotation.agent_id,
            col(AnnotationRow.kind) == kind_of(annotation),
            col(AnnotationRow.created_at) < annotation.created_at,
            *STANDING,
        )
        newest_first = (col(AnnotationRow.created_at).desc(), col(AnnotationRow.id).desc())
        return self._read(select(AnnotationRow).where(*of_theirs).order_by(*newest_first).limit(limit))

    def all(self, kind: AnnotationKind, since: datetime | None = None) -> Iterator[Annotation]:
        """Every annotation of a kind, oldest first, read in portions: what stands and what does not.

        `since`: only what was said from then on.
        """
        last: tuple[datetime, str] | None = None
        while True:
            statement = select(AnnotationRow).where(col(AnnotationRow.kind) == kind)
            if since is not None:
                statement = statement.where(col(AnnotationRow.created_at) >= since)
            if last is not None:
                statement = statement.where(tuple_(*_IN_ORDER) > last)
            portion = self._read(statement.order_by(*_IN_ORDER).limit(_PORTION))
            yield from portion
            if len(portion) < _PORTION:
                return
            last = (portion[-1].created_at, portion[-1].id)

    def _read(self, statement: Select[AnnotationRow]) -> list[Annotation]:
        with self._database.reading() as session:
            return [annotation_of(row) for row in session.scalars(statement)]

    def _changed(self, session: Session, case_id: str) -> None:
        """What was just said or taken back may change what is to be thought of all that was said about the case."""
        now = self._clock()
        self._database.insert_new(session, UnjudgedCaseRow(case_id=case_id, since=now))
        count_again(session, [case_id], now)

    def _withdraw(self, session: Session, key: str, scope: str, at: datetime | None) -> bool:
        return self._database.insert_new(session, WithdrawalRow(key=key, scope=scope, at=at or self._clock()))

    def _withdraw_until(
        self, session: Session, key: str, scope: str, those: ColumnElement[bool], at: datetime | None
    ) -> None:
        until = at or self._clock()
        for case_id in session.scalars(select(col(AnnotationRow.case_id)).where(those).distinct()).all():
            _lock_case(session, case_id)
            self._changed(session, case_id)
        if self._withdraw(session, key, scope, until):
            made_before = and_(those, col(AnnotationRow.created_at) <= until)
            changed(session, update(AnnotationRow).where(made_before).values(withdrawn=True))


STANDING = (col(AnnotationRow.superseded).is_(False), col(AnnotationRow.withdrawn).is_(False))
_IN_ORDER = (col(AnnotationRow.created_at), col(AnnotationRow.id))


def _lock_case(session: Session, case_id: str) -> None:
    """One writer at a time per case, so that two choices at one moment see each other (SQLite: one writer anyway)."""
    session.execute(select(col(CaseRow.id)).where(col(CaseRow.id) == case_id).with_for_update(key_share=True))


def _by_key(session: Session, key: str, lock: bool = False) -> AnnotationRow | None:
    statement = select(AnnotationRow).where(col(AnnotationRow.key) == key)
    return session.scalars(statement.with_for_update() if lock else statement).one_or_none()


def _supersede(session: Session, row: AnnotationRow) -> None:
    """Of all choices on the topic the latest made is not superseded, whichever arrived last."""
    on_topic = select(AnnotationRow).where(
        col(AnnotationRow.suggestion_id) == row.suggestion_id,
        col(AnnotationRow.agent_id) == row.agent_id,
        col(AnnotationRow.topic) == row.topic,
    )
    choices: Sequence[AnnotationRow] = session.scalars(on_topic).all()
    latest = max(choices, key=lambda choice: (choice.created_at, choice.key), default=row)
    for choice in choices:
        choice.superseded = choice is not latest
    session.flush()


def _take_back_if_withdrawn(session: Session, row: AnnotationRow) -> None:
    """What was taken back before it arrived is stored as taken back."""
    scopes = [_group_scope(row.group)] if row.group else []
    if row.suggestion_id is not None:
        scopes.append(_topic_scope(row.suggestion_id, row.agent_id, row.topic))
    by_key = col(WithdrawalRow.scope) == _key_scope(row.key)
    by_time = and_(col(WithdrawalRow.scope).in_(scopes), col(WithdrawalRow.at) >= row.created_at)
    if session.scalars(select(col(WithdrawalRow.id)).where(or_(by_key, by_time)).limit(1)).first() is not None:
        row.withdrawn = True
        session.flush()


def _key_scope(key: str) -> str:
    return f"key {key}"


def _group_scope(group: str) -> str:
    return f"group {group}"


def _topic_scope(suggestion_id: str, agent_id: str, topic: str) -> str:
    return f"topic {suggestion_id} {agent_id} {topic}"


def _own_reply(session: Session, key: str) -> AnnotationRow:
    row = _by_key(session, key, lock=True)
    if row is None or row.topic != topic_of("own_reply", key):
        raise UnknownAnnotation(key)
    return row


def _set_confirmed_by(
    session: Session, row: AnnotationRow, agents: list[str], confirmed: bool, at: datetime
) -> Adoption:
    """Of what an agent did at different moments the last one counts, whichever arrives last."""
    confirmed_by, done_at = set(row.details["confirmed_by"]), dict(row.details.get("confirmed_at", {}))
    for agent in agents:
        if agent in done_at and at < datetime.fromisoformat(done_at[agent]):
            continue
        done_at[agent] = at.isoformat()
        (confirmed_by.add if confirmed else confirmed_by.discard)(agent)
    changes = {"confirmed": bool(confirmed_by), "confirmed_by": sorted(confirmed_by), "confirmed_at": done_at}
    row.details = {**row.details, **changes}
    session.flush()
    stored = annotation_of(row)
    assert isinstance(stored, Adoption)
    return stored
