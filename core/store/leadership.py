"""One leader among several processes: an advisory lock on PostgreSQL, a lease on SQLite.

PostgreSQL lets go of the lock when the leader's connection ends, however it ends; on SQLite the lease runs out. On both
the lease says for others to read who leads, and that it is alive.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from contextlib import closing

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from core.ids import new_id
from core.store.leases import Leases

log = logging.getLogger("aitl.leader")

SCHEDULER = "scheduler"  # what `aitl schedule` leads
# Longer than a write may have to wait for its turn, so that a leader does not lose its lease to a busy database.
LEASE_S = 10.0
# Any number that nothing else on the same PostgreSQL database uses as an advisory lock.
_LOCK = 0x4149_544D


class Leadership:
    """One process's share in it. Not for many threads.

    `name`: what is led. Ask `hold()` again and again, far more often than every LEASE_S seconds.
    """

    def __init__(self, engine: Engine, leases: Leases, name: str) -> None:
        self._engine, self._leases, self._name = engine, leases, name
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{new_id('lead')}"
        self._connection: Connection | None = None
        self._held_until_s = 0.0

    @property
    def is_certain(self) -> bool:
        """True as long as nobody else can lead, whether or not the database answers just now."""
        if self._engine.dialect.name == "postgresql":
            return self._connection is not None
        return time.monotonic() < self._held_until_s

    def hold(self) -> bool:
        """Become the leader, or stay it; False while somebody else leads.

        Raises StoreUnavailable or SQLAlchemyError when the database does not answer: then nobody knows who leads.
        """
        if self._engine.dialect.name != "postgresql":
            asked_s = time.monotonic()
            holds = self._leases.take(self._name, self.holder, LEASE_S)
            self._held_until_s = asked_s + LEASE_S if holds else 0.0
            return holds
        return self._holds_lock() and self._leases.take(self._name, self.holder, LEASE_S, by_force=True)

    def give_up(self) -> None:
        """Let somebody else lead at once; nothing happens to one who does not lead."""
        self._leases.give_back(self._name, self.holder)
        self._drop_connection()

    def _holds_lock(self) -> bool:
        """The lock lives as long as its connection: one that is open and has it, has it still."""
        if self._connection is not None:
            try:
                self._connection.execute(text("SELECT 1"))
                return True
            except SQLAlchemyError:
                self._drop_connection()
                raise
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()  # not back into the pool, where somebody else would go on with our lock
        if connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}).scalar():
            self._connection = connection
            return True
        connection.close()
        return False

    def _drop_connection(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            try:
                with closing(connection):  # the server would notice its end only a moment later
                    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            except SQLAlchemyError as error:
                log.info("the leader's connection was broken already: %s", error)
