"""Transactions: one to read, one to write, joined when they are nested in one thread."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, delete, inspect, literal_column, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from core.errors import StoreUnavailable
from core.store.engine import BUSY_TIMEOUT_MS, PATIENCE_MS, WRITES
from core.store.tables import Table
from core.store.turns import WriteTurns

T = TypeVar("T")
# Both databases limit how many values one statement may carry.
CHUNK = 500
# Slack waits three seconds for an acknowledgement, and part of them is spent on the way.
HASTE_MS = 2000


class Database:
    """Hands out sessions. Rows read inside a session must be made into values before it ends."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(**{WRITES: True})
        self._hasty_writer = engine.execution_options(**{WRITES: True, PATIENCE_MS: HASTE_MS})
        self._here = threading.local()
        self._turns = WriteTurns() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def writing(self, *, hasty: bool = False) -> Iterator[Session]:
        """A transaction that is committed at the end, or rolled back as a whole by an exception.

        Inside another `writing` of the same thread it is a part of that one. `hasty`: where somebody waits for us, it
        gives a lock up after two seconds.
        Raises StoreUnavailable when the database does not answer.
        """
        outer: Session | None = getattr(self._here, "session", None)
        if outer is not None:
            yield outer
            return
        engine = self._hasty_writer if hasty else self._writer
        with self._turn(hasty), _answering(), _session(engine) as session, session.begin():
            self._here.session = session
            try:
                yield session
            finally:
                self._here.session = None

    def _turn(self, hasty: bool) -> AbstractContextManager[None]:
        """The right of one thread to write; a database server hands it out by itself."""
        if self._turns is None:
            return nullcontext()
        return self._turns.turn(hasty=hasty, timeout_s=(HASTE_MS if hasty else BUSY_TIMEOUT_MS) / 1000)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that sees one state of the database; inside `writing`, that one's.

        Raises StoreUnavailable when the database does not answer.
        """
        outer: Session | None = getattr(self._here, "session", None)
        if outer is not None:
            yield outer
            return
        with _answering(), _session(self.engine) as session:
            yield session

    def insert(self, table: type[Table]) -> sqlite.Insert | postgresql.Insert:
        """An INSERT that can say what happens on conflict, in this database's dialect."""
        return postgresql.insert(table) if self.engine.dialect.name == "postgresql" else sqlite.insert(table)

    def forget(self, table: type[Table], before: datetime) -> int:
        """Deletes one portion of the rows that were finished before then, the oldest; tells how many."""
        columns = inspect(table).c
        old = select(columns.id).where(columns.finished_at < before).order_by(columns.finished_at).limit(CHUNK)
        with self.reading() as session:  # looked for without a lock
            ids = session.scalars(old).all()
        if not ids:
            return 0
        with self.writing() as session:
            return changed(session, delete(table).where(columns.id.in_(ids)))

    def insert_new(self, session: Session, row: Table) -> bool:
        """Inserts the row unless one of its unique values is taken; True when it was inserted."""
        statement = self.insert(type(row)).values(values_of(row)).on_conflict_do_nothing()
        # Asked to return something: how many rows an INSERT met is not told by every driver.
        return session.execute(statement.returning(literal_column("1"))).first() is not None


def values_of(row: Table) -> Mapping[str, Any]:
    """The row's columns by name, without an id that the database is to give."""
    return {name: value for name, value in row.model_dump().items() if not (name == "id" and value is None)}


def changed(session: Session, statement: Any) -> int:
    """Runs an UPDATE or DELETE and tells how many rows it met."""
    result: Any = session.execute(statement)
    return int(result.rowcount)


def chunks(items: Sequence[T]) -> Iterable[Sequence[T]]:
    """The items in portions that fit into one statement."""
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _session(engine: Engine) -> Session:
    # populate_existing: a row read twice shows what the database says, not what was read before.
    return Session(engine, autoflush=False, execution_options={"populate_existing": True})


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout) as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise StoreUnavailable(f"The database did not answer: {reason}. Nothing was stored; try again.") from error
