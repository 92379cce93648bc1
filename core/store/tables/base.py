"""What all tables share: one catalogue, with names for constraints that migrations can refer to."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlmodel import SQLModel


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
