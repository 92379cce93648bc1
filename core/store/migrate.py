"""Brings a database to the newest schema; two processes that start together do it once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from core.errors import StoreUnavailable

# Any number that nothing else on the same PostgreSQL database uses as an advisory lock.
_LOCK = 0x4149_544C


def upgrade(engine: Engine) -> None:
    """Runs the migrations that are missing, all or none.

    Raises StoreUnavailable when the database does not answer, is none, or cannot be written.
    """
    try:
        with engine.connect() as connection, _alone(connection):
            if current(connection) != newest():
                _run(connection)
    except DatabaseError as error:
        reason = " ".join(str(error.orig).split()).rstrip(".?")
        raise StoreUnavailable(f"The database cannot be opened: {reason}. Check AITL_DATABASE_URL.") from error
    except OSError as error:  # the lock beside a SQLite file
        raise StoreUnavailable(
            f"{error.filename} cannot be written ({error.strerror}); the database needs a folder of your own."
        ) from error


def current(connection: Connection) -> str | None:
    """The revision this database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision that this code needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _run(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """One transaction that nobody else's migration overlaps."""
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield
        return
    with FileLock(f"{connection.engine.url.database}.upgrade.lock"):
        # SQLite alters a table by copying it, which must not cascade. No effect once a transaction has begun.
        cursor = connection.connection.cursor()
        cursor.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield
        finally:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.close()
