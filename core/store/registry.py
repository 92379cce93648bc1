"""The model registry in SQL: versions for good, two aliases in one row, a log that only grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import cast

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from core.clock import Clock
from core.errors import NotPossible, UnknownBundle
from core.registry.bundle import BASE, Action, Aliases, Bundle, Event, NewBundle, Part, PartRef
from core.store.database import Database, chunks
from core.store.tables import BundleAliasesRow, BundleEventRow, BundleLessonRow, BundleRow

_REFUSED = "inferior"


class SqlRegistry:
    """The port Registry. Whoever changes anything holds the row of aliases, so changes come one after the other."""

    def __init__(self, database: Database, clock: Clock, models: Path) -> None:
        self._database, self._clock, self._models = database, clock, models

    def bundles(self) -> list[Bundle]:
        """All versions, newest first; version 0 last."""
        with self._database.reading() as session:
            rows = session.scalars(select(BundleRow).order_by(col(BundleRow.version).desc()))
            return [*map(_bundle, rows), _base()]

    def bundle(self, version: int) -> Bundle:
        """One version. Raises UnknownBundle."""
        with self._database.reading() as session:
            return _one(session, version)

    def aliases(self) -> Aliases:
        """Who serves now: one SELECT by key."""
        with self._database.reading() as session:
            row = session.get(BundleAliasesRow, 1)
            return Aliases() if row is None else Aliases(row.champion, row.challenger, row.share)

    def register(self, new: NewBundle, lessons: Sequence[str], by: str = "gate") -> Bundle:
        """A new version, not serving yet; the same `cycle` again gives the version it gave before.

        Raises UnknownBundle for a parent that is not there.
        """
        with self._database.writing() as session:
            self._hold(session)
            _one(session, new.parent)
            again = _of_cycle(session, new.cycle) if new.cycle else None
            if again is not None:
                return _bundle(again)
            row = self._row(session, new)
            session.add(row)
            session.flush()
            for some in chunks(sorted(set(lessons))):
                values = [{"version": row.version, "annotation_id": one} for one in some]
                session.execute(insert(BundleLessonRow), values)
            self._note(session, row.version, "refused" if new.verdict == _REFUSED else "registered", by, new.reason)
            return _bundle(row)

    def challenge(self, version: int, share: float, by: str, why: str) -> None:
        """Put it beside the champion on that share of the cases, in place of any other challenger (withdrawn).

        Raises UnknownBundle, and NotPossible for the champion itself, a refused version or a share outside (0, 1].
        """
        if not 0 < share <= 1:
            raise NotPossible(f"A challenger's share of the cases is {share}; it must be above 0 and at most 1.")
        with self._database.writing() as session:
            aliases = self._hold(session)
            if _one(session, version).verdict == _REFUSED:
                raise NotPossible(f"Version {version} was refused by the gate; it cannot challenge the champion.")
            if version == aliases.champion:
                raise NotPossible(f"Version {version} is the champion; only another version can challenge it.")
            if (aliases.challenger, aliases.share) == (version, share):
                return
            if aliases.challenger not in (None, version):
                self._withdraw(session, aliases, by, f"version {version} takes its place")
            aliases.challenger, aliases.share = version, share
            self._note(session, version, "challenger", by, why)

    def withdraw(self, by: str, why: str) -> bool:
        """No challenger any more; False where there was none."""
        with self._database.writing() as session:
            return self._withdraw(session, self._hold(session), by, why)

    def promote(self, version: int, by: str, why: str) -> bool:
        """Make it the champion; a challenger of another version is withdrawn. False where it is the champion already.

        Raises UnknownBundle.
        """
        with self._database.writing() as session:
            aliases = self._hold(session)
            _one(session, version)
            if version == aliases.champion:
                return False
            if aliases.challenger != version:
                self._withdraw(session, aliases, by, f"version {version} was promoted")
            aliases.champion, aliases.challenger, aliases.share = version, None, 0.0
            self._note(session, version, "promoted", by, why)
            return True

    def rollback(self, by: str, why: str, leaving: int | None = None) -> int:
        """Back to the champion before, which it returns; a challenger is withdrawn.

        Raises NotPossible where version 0 serves and none was before, or where another version than `leaving` serves.
        """
        with self._database.writing() as session:
            aliases = self._hold(session)
            if leaving not in (None, aliases.champion):
                raise NotPossible(f"Version {aliases.champion} serves by now, not {leaving}; nothing was changed.")
            champions = _champions(session)
            if len(champions) == 1:
                raise NotPossible(f"Version {BASE} serves and none was before it; there is nothing to go back to.")
            left, aliases.champion = aliases.champion, champions[-2]
            self._withdraw(session, aliases, by, f"version {left} was rolled back")
            self._note(session, left, "rolled back", by, why)
            return aliases.champion

    def log(self, version: int | None = None) -> list[Event]:
        """What happened, oldest first, to all or to one version. Raises UnknownBundle."""
        with self._database.reading() as session:
            if version is not None:
                _one(session, version)
            return [_event(row) for row in _log(session, version)]

    def lessons(self, version: int) -> list[str]:
        """The ids of the annotations that taught it, ascending. Raises UnknownBundle."""
        ids = select(col(BundleLessonRow.annotation_id)).where(col(BundleLessonRow.version) == version)
        with self._database.reading() as session:
            _one(session, version)
            return sorted(session.scalars(ids))

    def previous_champion(self) -> int | None:
        """Where `rollback` would go; None where it cannot."""
        with self._database.reading() as session:
            champions = _champions(session)
            return champions[-2] if len(champions) > 1 else None

    def folder(self, part: PartRef) -> Path:
        """Where its files are on this machine."""
        return self._models / part.folder

    def _hold(self, session: Session) -> BundleAliasesRow:
        """The aliases, nobody else's until this transaction ends."""
        self._database.insert_new(session, BundleAliasesRow())
        return session.scalars(select(BundleAliasesRow).with_for_update()).one()

    def _row(self, session: Session, new: NewBundle) -> BundleRow:
        newest = session.scalar(select(func.max(col(BundleRow.version)))) or BASE
        return BundleRow(
            version=newest + 1,
            parent=new.parent,
            created_at=self._clock(),
            parts={name: asdict(part) for name, part in new.parts.items()},
            data_hash=new.data_hash,
            metrics=dict(new.metrics),
            verdict=new.verdict,
            reason=new.reason,
            cycle=new.cycle or None,
        )

    def _withdraw(self, session: Session, aliases: BundleAliasesRow, by: str, why: str) -> bool:
        if aliases.challenger is None:
            return False
        left, aliases.challenger, aliases.share = aliases.challenger, None, 0.0
        self._note(session, left, "withdrawn", by, why)
        return True

    def _note(self, session: Session, version: int, action: Action, by: str, why: str) -> None:
        session.add(BundleEventRow(version=version, action=action, at=self._clock(), by=by, why=why))
        session.flush()  # with what it tells of: a read in the same transaction would undo it


def _champions(session: Session) -> list[int]:
    """All that a rollback can go through, oldest first and the champion last: promotions push, rollbacks pop."""
    stack = [BASE]
    for row in _log(session, None):
        if row.action == "promoted":
            stack.append(row.version)
        elif row.action == "rolled back":
            stack.pop()
    return stack


def _log(session: Session, version: int | None) -> list[BundleEventRow]:
    rows = select(BundleEventRow).order_by(col(BundleEventRow.id))
    if version is not None:
        rows = rows.where(col(BundleEventRow.version) == version)
    return list(session.scalars(rows))


def _of_cycle(session: Session, cycle: str) -> BundleRow | None:
    return session.scalars(select(BundleRow).where(col(BundleRow.cycle) == cycle)).one_or_none()


def _one(session: Session, version: int) -> Bundle:
    if version == BASE:
        return _base()
    row = session.get(BundleRow, version)
    if row is None:
        raise UnknownBundle(version)
    return _bundle(row)


def _base() -> Bundle:
    return Bundle(version=BASE, parent=None, created_at=None)


def _bundle(row: BundleRow) -> Bundle:
    return Bundle(
        version=row.version,
        parent=row.parent,
        created_at=row.created_at,
        parts={cast(Part, name): PartRef(**part) for name, part in row.parts.items()},
        data_hash=row.data_hash,
        metrics=row.metrics,
        verdict=row.verdict,
        reason=row.reason,
        cycle=row.cycle or "",
    )


def _event(row: BundleEventRow) -> Event:
    return Event(row.version, cast(Action, row.action), row.at, row.by, row.why)
