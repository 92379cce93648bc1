"""What all tables share: one catalogue, with names for constraints that migrations can refer to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import MetaData
from sqlmodel import SQLModel

# Where APScheduler keeps its jobs: it makes this table by itself, beside ours.
FOREIGN_TABLES = ("aps_jobs",)


class Table(SQLModel):
    """The root of this project's tables. Rows stay inside `core.store`; what leaves it is a value."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def is_ours(name: str | None, kind: str, parents: Mapping[Any, str | None]) -> bool:
    """For Alembic's comparison (`include_name`): False for a table, and all that is in it, that a library made."""
    table = name if kind == "table" else parents.get("table_name")
    return table not in FOREIGN_TABLES
