"""The database engine: SQLite in WAL mode, or PostgreSQL by psycopg 3."""

from __future__ import annotations

from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from core.errors import BadSetting, ConfigurationError

# Set on an engine whose transactions mean to write: see `_begin`.
WRITES = "aitl_writes"
# Set on an engine whose transactions wait so long for a lock, in milliseconds, and no longer.
PATIENCE_MS = "aitl_patience_ms"
# How long a transaction waits for another's lock.
BUSY_TIMEOUT_MS = 5000
_WIPE_TIMEOUT_MS = 250
# The bot's 32 listener threads, its workers and the sender may all hold a connection at once.
_POOL_SIZE = 10
_MAX_OVERFLOW = 50


def make_engine(url: str) -> Engine:
    """An engine for a SQLAlchemy URL; a SQLite file's folder is made. Connects to nothing yet.

    Raises BadSetting for a database that is neither SQLite in a file nor PostgreSQL, ConfigurationError for a
    folder that cannot be made.
    """
    parsed = parse_url(url)
    if parsed.get_backend_name() == "postgresql":
        engine = create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=_POOL_SIZE,
            max_overflow=_MAX_OVERFLOW,
            pool_pre_ping=True,
            hide_parameters=True,  # errors are logged, and rows hold customers' words
        )
        event.listen(engine, "begin", _begin_postgresql)
        return engine
    if parsed.get_backend_name() != "sqlite":
        raise BadSetting("AITL_DATABASE_URL", parsed.get_backend_name(), "sqlite:///FILE or postgresql://...")
    return _sqlite_engine(parsed)


def wipe(engine: Engine) -> bool:
    """SQLite: bring the log into the file and empty it, so that no old page stays in it. False while others read.

    PostgreSQL's autovacuum does the like by itself, in its own time.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_WIPE_TIMEOUT_MS}")  # writers wait while we wait for readers
        try:
            busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except OperationalError:  # somebody is writing
            busy = 1
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
            cursor.close()
        return not busy
    finally:
        connection.close()


def parse_url(url: str) -> URL:
    """The parts of a SQLAlchemy URL. Raises BadSetting, without the password, for what is none."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        shown = url.split("@")[-1]
        raise BadSetting("AITL_DATABASE_URL", shown, "sqlite:///FILE or postgresql://USER@HOST:PORT/NAME") from error


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise BadSetting("AITL_DATABASE_URL", str(url), "a file (sqlite:///FILE): memory is lost to other processes")
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"The database's folder {folder} cannot be made ({error.strerror}); set AITL_HOME to a folder of your own."
        ) from error
    engine = create_engine(url, pool_size=_POOL_SIZE, max_overflow=_MAX_OVERFLOW, hide_parameters=True)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up(connection: SqliteConnection, record: ConnectionPoolEntry) -> None:
    # The driver's own transactions start late and never for reads; ours are begun in `_begin`.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    # Asked first: changing the mode needs the file alone, being in it already needs nothing.
    if connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is forgotten is overwritten, not only unlinked: old bytes must not stay readable in the file.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that means to write takes the lock at once.

    One that starts reading and writes later fails immediately when somebody wrote in between, busy timeout or not.
    """
    options: dict[str, Any] = dict(connection.get_execution_options())
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {options.get(PATIENCE_MS, BUSY_TIMEOUT_MS)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(WRITES) else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    options: dict[str, Any] = dict(connection.get_execution_options())
    if PATIENCE_MS in options:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {options[PATIENCE_MS]}")
