"""What processes of this machine had claimed when they were killed is claimable again at the next start.

Without this it would wait for its lease. Workers of other machines are left alone: nobody here can tell.
"""

from __future__ import annotations

import os
import socket
from typing import Protocol

from core.settings import Settings
from core.store import Store


class _Queue(Protocol):
    def claimants(self) -> list[str]: ...

    def abandon(self, worker: str) -> int: ...


def worker_name(settings: Settings, team: str) -> str:
    """Who claims work in this process.

    On SQLite there is one bot per database and workspace, so a new one inherits everything.
    """
    return f"bot@{team}" if settings.is_sqlite else f"{socket.gethostname()}:{os.getpid()}"


def abandon_what_the_dead_held(store: Store) -> int:
    """End the leases of this machine's processes that are gone; tells how many rows they held."""
    queues: tuple[_Queue, ...] = (store.inbox, store.outbox)
    return sum(queue.abandon(worker) for queue in queues for worker in queue.claimants() if is_dead(worker))


def is_dead(worker: str) -> bool:
    """True for `host:pid:lane` where the host is this one and no such process runs."""
    host, _, rest = worker.partition(":")
    pid = rest.partition(":")[0]
    return host == socket.gethostname() and pid.isdecimal() and not _runs(int(pid))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # sends nothing, only asks
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True
