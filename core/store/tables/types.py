"""Column types that behave alike on SQLite and PostgreSQL: UTC moments, clean text, JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# JSONB is reached by attribute, and the attribute exists only once its package has been imported.
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON, DateTime, Text, TypeDecorator, TypeEngine
from sqlmodel import Field


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept and given back in UTC. A naive one is refused: nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, naive on SQLite, which keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; use core.clock.utc_now or attach one.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that both databases can hold: without NUL, which PostgreSQL refuses, and without half surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database: cleaned."""
        return None if value is None else clean(value)


class Document(TypeDecorator[Any]):
    """A JSON value: JSONB on PostgreSQL. None is SQL's NULL. Never change one in place; assign a new one."""

    impl = JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """JSONB where there is one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(JSONB(none_as_null=True))
        return dialect.type_descriptor(JSON(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database: every string inside cleaned."""
        return _clean_inside(value)


def clean(text: str) -> str:
    """The text without NUL; half surrogates become the replacement character."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _clean_inside(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(str(key)): _clean_inside(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean_inside(inner) for inner in value]
    return value


def text_column(**options: Any) -> Any:
    """A text column."""
    return Field(sa_type=CleanText, **options)


def moment_column(**options: Any) -> Any:
    """A column for a moment in UTC."""
    return Field(sa_type=UtcDateTime, **options)


def json_column(**options: Any) -> Any:
    """A JSON column."""
    return Field(sa_type=Document, **options)
