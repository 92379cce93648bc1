"""Random keys that the program makes for itself and keeps beside its data."""

from __future__ import annotations

import secrets

from core.store.database import Database
from core.store.tables import SecretRow

_BYTES = 32


class Secrets:
    """One key per purpose, made at its first use, the same ever after."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def key(self, name: str) -> bytes:
        """The key for this purpose, 32 random bytes."""
        fresh = SecretRow(name=name, value=secrets.token_hex(_BYTES))
        with self._database.writing() as session:
            self._database.insert_new(session, fresh)
            row = session.get(SecretRow, name)
            assert row is not None
            return bytes.fromhex(row.value)
